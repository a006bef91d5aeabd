"""A worker that slept in a restore on the side wakes when another has brought it to its end: it changes nothing."""

import asyncio
from datetime import timedelta

import pytest

import orm
import rpc
from orm.provision import ownerless_roles
from rpc import Kind
from seldesk.app.aside import aside
from seldesk.app.installation import provisioner
from seldesk.app.reconcile import CHECK, reconcile
from seldesk.methods.control import alerts, leases, restores, sides
from seldesk.methods.control.restores import Restore
from tests.acceptance.fleet import nobody_else
from tests.app.copied import asked, copied, standing, work
from tests.app.sleeping import Sleeper
from tests.world import World, mail


async def subjects(world: World, row: Restore) -> list[str]:
    return await world.rows(standing(world.acme, row), "SELECT subject FROM app.tickets ORDER BY 1")


async def begun(world: World, row: Restore, behind: int | str) -> tuple[Sleeper, "asyncio.Task[None]"]:
    """Somebody takes it up, and falls asleep behind that call."""
    claim = await world.app.program(Kind.JOB)(restores.claim, drills=row.kind == "drill")
    assert claim is not None
    sleeper = Sleeper(world, behind)
    return sleeper, await sleeper.begun(aside(world.app, sleeper.holding(claim), row))


async def slept(world: World, row: Restore, after: int) -> bool:
    """Whether there was such a moment: behind that call somebody slept, while another did all of it."""
    job, makes = world.app.program(Kind.JOB), provisioner(world.app.settings, world.app.cluster)
    sleeper, working = await begun(world, row, after)
    if (await job(restores.read, restore=row.id)).state != "waiting":
        sleeper.wake()
        await working
        return False
    world.clock.move(timedelta(hours=1))
    await work(world)
    before = await job(restores.read, restore=row.id)
    assert (before.error, before.attempts) == ("", 2), after
    sleeper.wake()
    with pytest.raises((rpc.Conflict, orm.Error)):
        await working
    assert await job(restores.read, restore=row.id) == before, after
    # No mark is left of a test that is over: what the sleeper made anew is closed, and the nightly look drops it.
    assert await makes.is_open(row.database) == (row.kind == "aside"), after
    await reconcile(world.app, nobody_else)
    there = {name: await makes.is_open(name) for name in await makes.databases()}
    living = {world.acme.database: True}
    assert there == (living if row.kind == "drill" else living | {row.database: True}), after
    assert await ownerless_roles(makes) == {}, after
    assert [one for one in await world.app.program(Kind.COMMAND)(alerts.list) if one.check == CHECK] == [], after
    if row.kind == "aside":
        assert await subjects(world, row) == ["Before"], after
    assert (await world.app.program(Kind.COMMAND)(leases.read, slug="acme")).over
    return True


@pytest.mark.long
@pytest.mark.fault(28)
@pytest.mark.parametrize("kind", ["aside", "drill"])
async def test_wherever_it_slept_it_changes_nothing_of_what_another_did(world: World, kind: restores.Kind) -> None:
    await world.acme.mail(mail(subject="Before"))
    copy, after = await copied(world, world.acme), 1
    job, makes = world.app.program(Kind.JOB), provisioner(world.app.settings, world.app.cluster)
    while await slept(world, row := await asked(world, "acme", kind, copy), after):
        await job(sides.close, side=row.id)
        await makes.drop(row.database)
        await job(sides.removed, side=row.id)
        after += 1
    assert after > 5


@pytest.mark.fault(28)
@pytest.mark.parametrize("step", ["equal", "doors"])
async def test_it_neither_opens_nor_drops_what_the_next_one_is_filling(world: World, step: str) -> None:
    await world.acme.mail(mail(subject="Before"))
    job, makes = world.app.program(Kind.JOB), provisioner(world.app.settings, world.app.cluster)
    row = await asked(world, "acme", "aside", await copied(world, world.acme))
    first, working = await begun(world, row, step)
    assert first.asleep.is_set()
    world.clock.move(timedelta(hours=1))
    # The next one has filled it again, but for what makes it quiet.
    second, working_too = await begun(world, row, "equal")
    assert second.asleep.is_set()
    first.wake()
    with pytest.raises((rpc.Conflict, orm.Error)):
        await working
    assert row.database in await makes.databases()
    assert not await makes.is_open(row.database)
    assert (await job(restores.read, restore=row.id)).state == "waiting"
    second.wake()
    await working_too
    done = await job(restores.read, restore=row.id)
    assert (done.state, done.error) == ("open", "")
    assert await makes.is_open(row.database)
    assert await subjects(world, row) == ["Before"]


@pytest.mark.fault(28)
async def test_nobody_says_of_anothers_that_nothing_is_left_of_it(world: World) -> None:
    row, job = await asked(world, "acme", "aside", await copied(world, world.acme)), world.app.program(Kind.JOB)
    claim = await job(restores.claim)
    assert claim is not None
    world.clock.move(timedelta(hours=1))
    await work(world)
    with pytest.raises(rpc.Conflict):
        await job(restores.failed, restore=row.id, fence=claim.fence, error="It slept.")
    assert await world.control_rows("SELECT removed_at FROM control.restores") == ["None"]
