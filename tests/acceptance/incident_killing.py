"""An incident is told to many while the worker is killed again and again: what each of them got in the end."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from email import message_from_bytes
from functools import partial
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.acceptance.killable import Process, process
from tests.acceptance.test_killed_worker import killed, relayed_to
from tests.faults import until
from tests.incidents import crowd, published
from tests.jobs.sink import listening
from tests.staff import MARA, hired
from tests.world import World

PATIENCE = 240.0


class Trap:
    """A mail server that kills the sender at the mails that it was told: before their content comes, or after it was
    taken and before the sender can have written that down.
    """

    def __init__(self, sender: Process) -> None:
        self.sender = sender
        self.taken: list[tuple[str, str]] = []
        self.armed: tuple[int, bool] | None = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        self._spring(before=True)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        message = str(message_from_bytes(envelope.content)["Message-ID"])
        self.taken += [(recipient, message) for recipient in envelope.rcpt_tos]
        self._spring(before=False)
        return "250 OK"

    def _spring(self, *, before: bool) -> None:
        if self.armed is not None and self.armed[1] is before and len(self.taken) >= self.armed[0]:
            self.armed = None
            self.sender.kill()


async def told_while_killed(world: World, folder: Path, recipients: int, kills: int) -> dict[str, float]:
    """incident_missing: who has no mail, or whose row does not end in sent. incident_double: recipients with two
    Message-IDs. incident_repeated: mails that came again under the Message-ID that they had.
    """
    world.clock.set(datetime.now(UTC))
    await crowd(world, recipients)
    mara = await hired(world, "operations")
    waiting: list[Trap] = []

    class Door:
        """Known before the process is, whose port it is."""

        async def handle_RCPT(self, *given: object) -> str:
            return await waiting[0].handle_RCPT(*given)  # type: ignore[arg-type]

        async def handle_DATA(self, *given: object) -> str:
            return await waiting[0].handle_DATA(*given)  # type: ignore[arg-type]

    async with listening(Door()) as port, process(world, "worker", folder, **relayed_to(port)) as worker:
        trap = Trap(worker)
        waiting.append(trap)
        await published(mara, "cluster", cluster="main")
        await worker.start()
        for kill in range(kills):
            trap.armed = ((kill + 1) * recipients // (kills + 1), kill % 2 == 0)
            await until(partial(killed, worker, kill + 1), PATIENCE)
            await worker.ended()
            await worker.start()
        await until(partial(_nothing_waits, world), PATIENCE)
        assert await worker.stop() == 0
    return await _figures(world, trap, recipients)


async def _nothing_waits(world: World) -> bool:
    await asyncio.sleep(0.3)
    return await world.control_rows("SELECT count(*) FROM control.incident_deliveries WHERE state = 'waiting'") == ["0"]


async def _figures(world: World, trap: Trap, recipients: int) -> dict[str, float]:
    # Those who write the incident are told of their own accounts.
    counts = Counter(one for one in trap.taken if one[0] != MARA)
    ids = Counter(recipient for recipient, _ in counts)
    unsent = await world.control_rows(
        "SELECT d.id FROM control.incident_deliveries d JOIN control.customers c ON c.id = customer_id"
        " WHERE d.state <> 'sent' AND primary_email <> ''"
    )
    return {
        "incident_missing": max(recipients - len(ids), len(unsent)),
        "incident_double": sum(number > 1 for number in ids.values()),
        "incident_repeated": sum(number - 1 for number in counts.values()),
    }
