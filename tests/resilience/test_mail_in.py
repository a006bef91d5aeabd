"""One mail, brought again because nobody heard that it was taken."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import aiosmtplib
import pytest

from tests.acceptance.killable import Process, process
from tests.faults import free_port, until
from tests.inbound.test_smtp import kept, one_ticket, send
from tests.orm.proxy import between
from tests.resilience.stand import READY, listens
from tests.world import World, mail


@pytest.mark.long
@pytest.mark.fault(21)
async def test_of_five_processes_one_dies_between_the_commit_and_its_250_and_there_is_one_message(
    world: World, tmp_path: Path
) -> None:
    world.clock.set(datetime.now(UTC))
    async with AsyncExitStack() as stack:
        proxy, far = await stack.enter_async_context(between(world.server.superuser))

        async def receiver(**given: str) -> tuple[Process, int]:
            port = free_port()
            one = await stack.enter_async_context(
                process(world, "mail", tmp_path, SELDESK_SMTP_IN__PORT=str(port), **given)
            )
            await one.start()
            return one, port

        dies, first = await receiver(SELDESK_DATABASE__HOST=far.host, SELDESK_DATABASE__PORT=str(far.port))
        others = [(await receiver())[1] for _ in range(4)]
        for port in (first, *others):
            await until(partial(listens, port), READY)
        proxy.untold = b"INSERT INTO app.mails"
        told = asyncio.create_task(send(first, mail()))
        await until(partial(committed, world), READY)
        dies.kill()
        with pytest.raises(aiosmtplib.SMTPException):
            await told
        assert await asyncio.gather(*(send(port, mail()) for port in others)) == [{}] * 4
    assert "it smokes" in await one_ticket(world.acme)
    assert await kept(world) == ["opened"]
    assert await world.rows(world.acme, "SELECT count(*) FROM app.outbox") == ["1"]


async def committed(world: World) -> bool:
    return bool(await kept(world))
