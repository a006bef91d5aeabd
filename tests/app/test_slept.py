"""A worker that slept in the middle of a restore wakes when another has brought it to its end: it changes nothing."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

import orm
import rpc
from orm.provision import Names
from rpc import Kind
from seldesk.app.installation import provisioner
from seldesk.app.replacing import replace
from seldesk.methods.control import leases, restores
from seldesk.methods.desk import tickets
from tests.app.copied import asked, copied, work
from tests.app.sleeping import Sleeper
from tests.faults import backends, until
from tests.world import World, mail


async def received(world: World, subject: str) -> None:
    await world.acme.mail(mail(subject=subject, message_id=f"<{orm.uuid7()}@cleo.example>"))


async def subjects(world: World) -> list[str]:
    return sorted(row.subject for row in (await world.acme.by_token("bo")(tickets.list)).items)


async def slept(world: World, copy: UUID, after: int) -> bool:
    """Whether there was such a moment: behind that call somebody slept, while another did all of it."""
    job, names = world.app.program(Kind.JOB), Names(world.acme.database)
    makes = provisioner(world.app.settings, world.app.cluster)
    await received(world, "After the copy")
    one = await asked(world, "acme", "live", copy, safe=False)
    claim = await job(restores.claim)
    assert claim is not None
    sleeper = Sleeper(world, after)
    working = await sleeper.begun(replace(world.app, sleeper.holding(claim), one))
    if (await job(restores.read, restore=one.id)).state == "done":
        sleeper.wake()
        await working
        return False
    world.clock.move(timedelta(hours=1))
    await work(world)
    done = await job(restores.read, restore=one.id)
    assert (done.state, done.error, done.attempts) == ("done", "", 2), after
    sleeper.wake()
    with pytest.raises((rpc.Conflict, orm.Error)):
        await working
    await world.app.refresh()
    there = {name: await makes.is_open(name) for name in await makes.databases()}
    assert there == {names.place: True, names.old: False}, after
    assert await subjects(world) == ["Before"], after
    assert (await world.app.program(Kind.COMMAND)(leases.read, slug="acme")).over
    return True


@pytest.mark.long
@pytest.mark.fault(28)
async def test_wherever_it_slept_it_changes_nothing_of_what_another_did(world: World) -> None:
    await received(world, "Before")
    copy, after = await copied(world, world.acme), 1
    while await slept(world, copy, after):
        after += 1
    assert after > 10


@pytest.mark.fault(28)
@pytest.mark.parametrize("step", ["equal", "closing", "swap"])
async def test_it_does_not_take_the_place_nor_shut_the_door(world: World, step: str) -> None:
    """While the next one is half-way: what stands beside is not whole, and the living one is served."""
    await received(world, "Before")
    acme, names, job = world.acme, Names(world.acme.database), world.app.program(Kind.JOB)
    makes = provisioner(world.app.settings, world.app.cluster)
    copy = await copied(world, acme)
    await received(world, "After the copy")
    one = await asked(world, "acme", "live", copy, safe=False)

    async def begun(behind: str) -> tuple[Sleeper, "asyncio.Task[None]"]:
        claim = await job(restores.claim)
        assert claim is not None
        sleeper = Sleeper(world, behind)
        return sleeper, await sleeper.begun(replace(world.app, sleeper.holding(claim), one))

    async def left() -> bool:
        return not await backends(world.server, names.place)

    first, working = await begun(step)
    assert first.asleep.is_set()
    world.clock.move(timedelta(hours=1))
    # The next one has undone what the first had begun, and has filled it again, but for what makes it whole.
    second, working_too = await begun("equal")
    assert second.asleep.is_set()
    await world.app.refresh()
    assert await subjects(world) == ["After the copy", "Before"]
    # Nobody is in the living one just now: a name cannot be changed while somebody is, and the mark is what must hold.
    world.app.customers.forget("acme")
    await until(left)
    first.wake()
    with pytest.raises((rpc.Conflict, orm.Error)):
        await working
    assert await makes.databases() == [names.place, names.new]
    assert await makes.is_open(names.place)
    assert await subjects(world) == ["After the copy", "Before"]
    second.wake()
    await working_too
    await world.app.refresh()
    assert await subjects(world) == ["Before"]
