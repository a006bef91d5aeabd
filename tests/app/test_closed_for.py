"""While the doors are closed for a restore: who was erased is so already, and everybody is told for how long."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from orm.provision import Names
from rpc import Kind
from seldesk.app.installation import provisioner
from seldesk.app.replacing import BYTES_A_SECOND, LEAST_CLOSED, replace
from seldesk.methods.control import purges, restores
from seldesk.methods.control.restores import Restore
from tests.app.copied import asked, copied
from tests.app.sleeping import Sleeper
from tests.faults import superuser
from tests.world import World, mail

LONG_AUDIT = """
INSERT INTO log.audit SELECT (jsonb_populate_record(a, jsonb_build_object(
    'id', gen_random_uuid(), 'number', a.number + n * 100000,
    'request_id', (SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 30)))
)).* FROM log.audit a, generate_series(1, 8000) n WHERE a.number = 1
"""
PEOPLE = "SELECT name FROM app.people WHERE role = 'requester' ORDER BY name"


async def begun(world: World, one: Restore, step: str) -> "tuple[Sleeper, asyncio.Task[None]]":
    """Somebody at work with it, who stands still there."""
    claim = await world.app.program(Kind.JOB)(restores.claim)
    assert claim is not None
    sleeper = Sleeper(world, step)
    return sleeper, await sleeper.begun(replace(world.app, sleeper.holding(claim), one))


async def people(world: World, database: str) -> list[str]:
    async with superuser(world.server, database) as inside:
        return [row[0] for row in await inside.fetch(PEOPLE)]


@pytest.mark.fault(15)
async def test_who_was_erased_is_so_before_it_has_the_place(world: World) -> None:
    """Also whose erasure comes while all the rest is ready."""
    acme, names, job = world.acme, Names(world.acme.database), world.app.program(Kind.JOB)
    for name in ("Cleo", "Dan"):
        sender, known_as = f"{name} <{name.lower()}@there.example>", f"<1@{name.lower()}.example>"
        await acme.mail(mail(sender=sender, message_id=known_as))
    copy = await copied(world, acme)
    world.clock.move(timedelta(minutes=1))

    async def erase(name: str) -> None:
        (found,) = [row for row in await world.rows(acme, "SELECT name || ' ' || id FROM app.people") if name in row]
        person = UUID(found.partition(" ")[2])
        await job(purges.record, erasure=uuid4(), kind="person", customer=acme.id, person=person)

    await erase("Cleo")
    one = await asked(world, "acme", "live", copy, safe=False)
    sleeper, working = await begun(world, one, "closing")
    assert await people(world, names.new) == ["Dan", "Erased person"]
    await erase("Dan")
    sleeper.wake("swap")
    await sleeper.asleep.wait()
    # Beside it still, and nobody is let in.
    assert await people(world, names.new) == ["Erased person", "Erased person"]
    assert not await provisioner(world.app.settings, world.app.cluster).is_open(names.new)
    sleeper.wake()
    await working
    assert await people(world, names.place) == ["Erased person", "Erased person"]
    assert (await job(restores.read, restore=one.id)).state == "done"


async def test_the_doors_are_closed_for_as_long_as_what_is_carried_over_takes(world: World) -> None:
    acme = world.acme
    await acme.mail(mail())
    copy = await copied(world, acme)
    async with superuser(world.server, acme.database) as inside:
        await inside.execute(LONG_AUDIT)
        large = await inside.fetchval("SELECT pg_total_relation_size('log.audit')")
    assert large > BYTES_A_SECOND
    one = await asked(world, "acme", "live", copy, safe=False)
    sleeper, working = await begun(world, one, "closing")
    await world.app.refresh()
    customer = world.app.directory.find("acme")
    assert customer is not None
    assert customer.back_at is not None
    assert customer.back_at - world.clock.now() > timedelta(seconds=LEAST_CLOSED + large / BYTES_A_SECOND)
    sleeper.wake()
    await working
    assert (await world.app.program(Kind.JOB)(restores.read, restore=one.id)).state == "done"
