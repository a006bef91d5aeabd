"""Processes are killed or stand still under the work of three customers."""

import asyncio
import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from tests.faults import backends, until
from tests.resilience.stand import READY, busy, listens, postgres_of, processes_of, stand, stopped

pytestmark = pytest.mark.long
SOON = 10.0  # seconds; 5 where nobody else needs the machine


@pytest.mark.fault(1)
async def test_a_web_process_that_is_killed_costs_no_write_and_doubles_none(tmp_path: Path) -> None:
    async with stand(tmp_path) as one:
        async with busy(one):
            for web, port in zip(one.webs, one.ports, strict=True):
                web.kill()
                await web.ended()
                await one.more()
                await web.start()
                await until(partial(listens, port), READY)
        assert one.failures
        await one.check()


@pytest.mark.fault(2)
async def test_after_a_backend_that_is_killed_all_work_again_soon(tmp_path: Path) -> None:
    async with stand(tmp_path) as one:
        async with busy(one) as began:
            os.kill((await backends(one.world.server, one.ledgers[0].desk.database))[0], signal.SIGKILL)
        assert one.failures
        assert one.last_failure(began) < SOON
        await one.check(twice=4)


@pytest.mark.fault(3)
async def test_a_postgresql_that_is_killed_and_started_has_all_it_acknowledged(tmp_path: Path) -> None:
    async with stand(tmp_path) as one:
        async with busy(one):
            os.kill(processes_of(one.world)[0], signal.SIGKILL)
            await asyncio.sleep(2)
            await asyncio.to_thread(postgres_of(one.world).start)
            started = time.monotonic()
        assert one.failures
        assert one.last_failure(started) < SOON
        await one.check(twice=4)


@pytest.mark.fault(4)
async def test_while_postgresql_stands_still_all_are_told_so_and_nothing_is_done_twice(tmp_path: Path) -> None:
    async with stand(tmp_path) as one:
        async with busy(one), stopped(processes_of(one.world)):
            await asyncio.sleep(60)
        assert one.failures
        await one.check(twice=4)
