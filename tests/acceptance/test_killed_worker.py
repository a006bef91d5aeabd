"""A worker that is killed again and again while replies go out."""

import asyncio
import random
from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from email import message_from_bytes
from functools import partial
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from seldesk.methods.desk import tickets
from tests.acceptance.killable import Process, place, process
from tests.faults import until
from tests.jobs.sink import Sink, listening
from tests.orm.proxy import Proxy, between
from tests.world import World, address

TICKETS, ROUNDS = 10, 3
PATIENCE = 120.0


class Trap:
    """A mail server that takes its time, and on the mail that it was told kills the sender, before or after 250."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.armed: tuple[int, float, Process] | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        await asyncio.sleep(0.02)
        self.taken.append(envelope.content)
        if self.armed is not None and len(set(self.ids)) >= self.armed[0]:
            _, delay, sender = self.armed
            self.armed = None
            if delay:
                asyncio.get_running_loop().call_later(delay, sender.kill)
            else:
                sender.kill()
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        return [str(message_from_bytes(raw)["Message-ID"]) for raw in self.taken]


@pytest.mark.long
@pytest.mark.fault(20)
async def test_every_reply_arrives_and_none_more_than_twice(world: World, tmp_path: Path) -> None:
    world.clock.set(datetime.now(UTC))
    # Of which owners would be told in the middle of it.
    await world.control_rows("UPDATE control.customers SET trial_ends_at = NULL WHERE slug = 'acme' RETURNING 1")
    chance, trap, ann = random.Random(), Trap(), world.acme.by_token("ann")
    numbers = [await opened(world, position) for position in range(TICKETS)]
    async with listening(trap) as port, process(world, "worker", tmp_path, **relayed_to(port)) as worker:
        await worker.start()
        for round in range(ROUNDS):
            arrived = len(set(trap.ids))
            # In the first round between the mail and its 250, then at any moment.
            delay = chance.uniform(0.001, 0.08) if round else 0.0
            trap.armed = (arrived + chance.randrange(2, TICKETS - 2), delay, worker)
            for number in numbers:
                await ann(tickets.reply, number=number, body=f"Answer {round}.")
            await until(partial(killed, worker, round + 1), PATIENCE)
            await worker.ended()
            await worker.start()
            await until(partial(all_has_left, world), PATIENCE)
        assert await worker.stop() == 0
    counts = Counter(trap.ids)
    assert len(counts) == TICKETS * ROUNDS
    assert max(counts.values()) <= 2
    assert len(set(trap.taken)) == len(counts), "a letter that was sent twice was not the same"
    assert 1 <= len(trap.taken) - len(counts) <= ROUNDS
    for number in numbers:
        ticket = await ann(tickets.read, number=number, messages=True)
        assert ticket.messages is not None
        replies = [message for message in ticket.messages if message.side == "agent"]
        assert [reply.delivery for reply in replies] == ["sent"] * ROUNDS
        assert order(trap, ticket.requester.email) == [f"Answer {round}." for round in range(ROUNDS)]


class Frozen(Sink):
    """Takes a mail; from then on its sender can say nothing to PostgreSQL, and is killed when it has heard the 250."""

    def __init__(self, proxy: Proxy, sender: Process) -> None:
        super().__init__()
        self.proxy, self.sender = proxy, sender

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.proxy.flowing.clear()
        return await super().handle_DATA(server, session, envelope)

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Which is what comes after the 250; a visit without a mail only looks whether anybody is here."""
        if self.taken:
            self.sender.kill()  # once: whom nobody runs any more is not killed again
        return await super().handle_QUIT(server, session, envelope)


@pytest.mark.long
@pytest.mark.fault(20)
async def test_a_worker_that_heard_the_250_and_could_not_commit_sends_the_same_once_more(
    world: World, tmp_path: Path
) -> None:
    world.clock.set(datetime.now(UTC))
    await world.control_rows("UPDATE control.customers SET trial_ends_at = NULL WHERE slug = 'acme' RETURNING 1")
    ann, number = world.acme.by_token("ann"), await opened(world, 0)
    async with AsyncExitStack() as stack:
        proxy, through = await stack.enter_async_context(between(world.server.superuser))
        given = {"SELDESK_DATABASE__HOST": through.host, "SELDESK_DATABASE__PORT": str(through.port)}
        dying = Process("worker", {}, tmp_path / "dying.log")
        sink = Frozen(proxy, dying)
        port = await stack.enter_async_context(listening(sink))
        dying.given = place(world, **relayed_to(port), **given)
        stack.push_async_callback(dying.end)
        await dying.start()
        await ann(tickets.reply, number=number, body="Answer.")
        await until(partial(killed, dying, 1), PATIENCE)
        await dying.ended()
        # What it had begun to say is heard by nobody.
        proxy.silent = True
        proxy.flowing.set()
        assert len(sink.taken) == 1
        waiting = "SELECT state FROM app.outbox WHERE kind = 'reply'"
        assert await world.rows(world.acme, waiting) == ["running"], "it knew, and nobody else does"
        async with process(world, "worker", tmp_path, **relayed_to(port)) as worker:
            await worker.start()
            await until(partial(all_has_left, world), PATIENCE)
            assert await worker.stop() == 0
    assert len(sink.taken) == 2
    assert len(set(sink.taken)) == 1
    ticket = await ann(tickets.read, number=number, messages=True)
    assert [one.delivery for one in ticket.messages or [] if one.side == "agent"] == ["sent"]


def relayed_to(port: int) -> dict[str, str]:
    return {
        "SELDESK_SMTP_OUT__HOST": "127.0.0.1",
        "SELDESK_SMTP_OUT__PORT": str(port),
        "SELDESK_SMTP_OUT__TLS": "none",
        "SELDESK_LIMITS__LEASE_SECONDS": "6",
    }


async def opened(world: World, position: int) -> int:
    requester = address(f"cleo{position}", "cleo")
    call = world.acme.by_token("ann")
    return (await call(tickets.open, subject="Smoke", body="It smokes.", requester_email=requester)).number


async def killed(worker: Process, times: int) -> bool:
    return worker.kills >= times


async def all_has_left(world: World) -> bool:
    """Looked at from outside; others who work for this customer ring meanwhile."""
    await world.app.control.tell("control", ("wakeups", str(world.acme.id)))
    await asyncio.sleep(0.3)
    waiting = "SELECT count(*) FROM app.outbox WHERE state IN ('new', 'running')"
    return await world.rows(world.acme, waiting) == ["0"]


def order(trap: Trap, requester: str) -> list[str]:
    """What this requester got, each answer where it came first."""
    raws = [raw for raw in trap.taken if requester.encode() in raw]
    bodies = [f"Answer {round}." for round in range(ROUNDS)]
    found = [next(body for body in bodies if body.encode() in raw) for raw in raws]
    return list(dict.fromkeys(found))
