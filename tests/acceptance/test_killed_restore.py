"""A provisioner is killed in the middle of a restore: on the side nothing is open, in its place stands the old one."""

from functools import partial
from pathlib import Path

import pytest

from orm.provision import Names
from rpc import Kind
from seldesk.app.installation import provisioner
from seldesk.methods.control import restores
from seldesk.methods.desk import tickets
from tests.acceptance.brake import PATIENCE, braked_at, stands_still
from tests.acceptance.killable import process
from tests.app.copied import asked, copied
from tests.faults import until
from tests.world import World, mail


async def subjects(world: World) -> list[str]:
    return sorted(row.subject for row in (await world.acme.by_token("ann")(tickets.list)).items)


@pytest.mark.long
@pytest.mark.fault(14)
@pytest.mark.parametrize(("kind", "step"), [("aside", "equal"), ("live", "equal"), ("live", "closing")])
async def test_killed_half_way_it_is_as_it_was_and_whoever_takes_over_ends_it(
    world: World, tmp_path: Path, kind: restores.Kind, step: str
) -> None:
    await world.acme.mail(mail())
    copy = await copied(world, world.acme)
    await world.acme.mail(mail(subject="After the copy", message_id="<after@cleo.example>"))
    makes, job = provisioner(world.app.settings, world.app.cluster), world.app.program(Kind.JOB)
    async with process(world, "provision", tmp_path, SELDESK_LIMITS__LEASE_SECONDS="2") as killed:
        async with braked_at(world, step) as control:
            one = await asked(world, "acme", kind, copy)
            await killed.start()
            await until(partial(stands_still, control), PATIENCE)
            await killed.end()
        # Whole, and open where it was open: half of the other one is nobody's.
        half = one.database or Names(world.acme.database).new
        assert half in await makes.databases()
        assert not await makes.is_open(half)
        await world.app.refresh()
        if step != "closing":
            assert await subjects(world) == ["After the copy", "The printer smokes"]

        async def over() -> bool:
            return (await job(restores.read, restore=one.id)).state in ("open", "done")

        await killed.start()
        await until(over, PATIENCE)
        assert await killed.stop() == 0
    await world.app.refresh()
    assert (await job(restores.read, restore=one.id)).attempts == 2
    living = ["The printer smokes"] if kind == "live" else ["After the copy", "The printer smokes"]
    assert await subjects(world) == living
