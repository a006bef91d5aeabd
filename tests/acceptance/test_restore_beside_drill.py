"""A restore does not wait for the test of a large copy that is under way."""

from functools import partial
from pathlib import Path

import asyncpg
import pytest

from rpc import Kind
from seldesk.methods.control import restores
from tests.acceptance.brake import PATIENCE, braked, stands_still
from tests.acceptance.killable import process
from tests.app.copied import asked, copied
from tests.faults import until
from tests.world import World


@pytest.mark.long
async def test_a_restore_begins_and_ends_while_a_test_is_under_way(
    world: World, control: asyncpg.Connection, tmp_path: Path
) -> None:
    globex, job = await world.neighbour(), world.app.program(Kind.JOB)
    for desk in (world.acme, globex):
        await copied(world, desk)
    drill = await asked(world, "acme", "drill")
    async with (
        process(world, "provision", tmp_path) as provisioner,
        braked(control, "leases", "new.kind = 'drill' AND new.step = 'equal'"),
    ):
        await provisioner.start()
        await until(partial(stands_still, control), PATIENCE)
        one = await asked(world, globex.slug, "aside")

        async def opened() -> bool:
            return (await job(restores.read, restore=one.id)).state == "open"

        await until(opened, PATIENCE)
        assert (await job(restores.read, restore=drill.id)).state == "waiting"
