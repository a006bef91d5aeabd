"""A customer moves to another cluster: nothing that was acknowledged is lost, and whoever is killed leaves one side."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

import orm
import rpc
from orm.provision import check_catalogue
from rpc import Kind
from seldesk.app import installation
from seldesk.app.moving import drop_former, move
from seldesk.errors import CustomerMoving, TakenOver
from seldesk.jobs.provision import Held
from seldesk.methods.control import clusters, customers, leases, moves, restores
from seldesk.methods.control.moves import SameCluster, WrongRegion
from seldesk.methods.desk import members, tickets
from tests.acceptance.brake import CONTROL, PATIENCE, braked_at, stands_still
from tests.acceptance.fleet import Far, do_all, nobody_else
from tests.acceptance.killable import process
from tests.app.copied import asked, copied, standing, work
from tests.app.sleeping import Sleeper
from tests.faults import backends, superuser, until
from tests.world import World, mail

# A server that says of itself that it is PostgreSQL 17, to the one who asks.
AN_OLDER_ONE = """
CREATE SCHEMA older;
GRANT USAGE ON SCHEMA older TO seldesk_provisioner;
CREATE FUNCTION older.current_setting(name text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE name WHEN 'server_version_num' THEN '170006' ELSE pg_catalog.current_setting(name) END
$$;
ALTER ROLE seldesk_provisioner IN DATABASE postgres SET search_path = older, pg_catalog;
"""


async def progress(world: World) -> leases.Progress:
    return await world.app.program(Kind.COMMAND)(leases.read, slug="acme")


async def cluster_of(world: World) -> str:
    return (await world.app.program(Kind.COMMAND)(customers.read, slug="acme")).cluster


async def ask(world: World) -> None:
    await world.app.program(Kind.COMMAND)(moves.ask, slug="acme", cluster="far")


async def subjects(world: World) -> list[str]:
    ann = world.acme.by_token("ann")
    return sorted([row.subject for row in (await ann(tickets.list)).items])


@pytest.mark.long
async def test_it_is_served_there_with_all_it_had_and_what_it_left_goes_within_a_week(world: World, other: Far) -> None:
    for number in range(3):
        await world.acme.mail(mail(subject=f"Ticket {number}", message_id=f"<{number}@cleo.example>"))
    before, database = await subjects(world), world.acme.database
    await ask(world)
    await do_all(world)
    assert (await progress(world), await cluster_of(world)) == (
        leases.Progress("move", "far", "open", "", over=True),
        "far",
    )
    assert await subjects(world) == before
    received = await world.acme.mail(mail(subject="Ticket 3", message_id="<3@cleo.example>"))
    assert received.ticket == 4
    assert await check_catalogue(other.server.superuser, database) == []
    # Nobody is let into the old one, and it is dropped in time.
    assert await backends(world.server, database) == []
    async with superuser(world.server, "postgres") as connection:
        closed = "SELECT datallowconn FROM pg_database WHERE datname = $1"
        assert await connection.fetchval(closed, database) is False
        await drop_former(world.app, nobody_else)
        assert await connection.fetchval(closed, database) is False
        world.clock.move(timedelta(days=6))
        await drop_former(world.app, nobody_else)
        assert await connection.fetchval(closed, database) is None
    assert await subjects(world) == [*before, "Ticket 3"]


@pytest.mark.long
async def test_it_can_go_back_while_what_it_left_is_still_there(world: World, other: Far) -> None:
    await world.acme.mail(mail())
    await ask(world)
    await do_all(world)
    await world.acme.mail(mail(subject="Said far away", message_id="<far@cleo.example>"))
    await world.app.program(Kind.COMMAND)(moves.ask, slug="acme", cluster="main")
    await do_all(world)
    assert (await cluster_of(world), await subjects(world)) == ("main", ["Said far away", "The printer smokes"])
    assert await other.databases() == [world.acme.database]
    world.clock.move(timedelta(days=6))
    await drop_former(world.app, nobody_else)
    assert await other.databases() == []
    assert await subjects(world) == ["Said far away", "The printer smokes"]


async def over(world: World) -> bool:
    return (await progress(world)).over


# Where it is killed, and on which side the customer then is.
KILLED = [
    ("cloned", "far"),
    ("closing", "far"),
    ("copied", "main"),
    ("equal", "main"),
    ("switched", "main"),
    ("open", "far"),
]


@pytest.mark.long
@pytest.mark.parametrize(("step", "side"), KILLED)
async def test_killed_at_any_step_it_ends_on_one_side_whole(
    world: World, other: Far, tmp_path: Path, step: str, side: str
) -> None:
    await world.acme.mail(mail())
    async with process(world, "provision", tmp_path, SELDESK_LIMITS__LEASE_SECONDS="2") as provisioner:
        async with braked_at(world, step) as control:
            await ask(world)
            await provisioner.start()
            await until(partial(stands_still, control), PATIENCE)
            await provisioner.end()
        await provisioner.start()
        await until(partial(over, world), PATIENCE)
        assert await provisioner.stop() == 0
    await world.app.refresh()
    assert await cluster_of(world) == side
    assert bool((await progress(world)).error) == (side == "main")
    assert await subjects(world) == ["The printer smokes"]
    await world.acme.mail(mail(subject="And goes on", message_id="<on@cleo.example>"))
    here, there = await world.app.program(Kind.COMMAND)(clusters.list), await other.databases()
    assert there == ([world.acme.database] if side == "far" else [])
    assert {row.name: row.customers for row in here} == {"far": int(side == "far"), "main": int(side == "main")}


@pytest.mark.long
@pytest.mark.fault(28)
async def test_a_worker_that_slept_while_another_took_over_does_not_switch(world: World, other: Far) -> None:
    await ask(world)
    job = world.app.program(Kind.JOB)
    slept = await job(leases.claim, kinds=["move"])
    assert slept is not None
    world.clock.move(timedelta(hours=1))
    await do_all(world)
    assert await cluster_of(world) == "far"
    with pytest.raises(TakenOver):
        await Held(job, slept).keep()
    who, late = world.acme.id, slept.fence
    for call in (
        job(moves.switch, customer=who, fence=late, source="main", target="far"),
        job(moves.resume, customer=who, fence=late, error=""),
        job(moves.pause, customer=who, fence=late, back_at=world.clock.now()),
        job(moves.finish, customer=who, fence=late),
    ):
        with pytest.raises(TakenOver):
            await call
    assert (await cluster_of(world), await subjects(world)) == ("far", [])


@pytest.mark.long
async def test_while_its_doors_are_closed_callers_are_told_when_it_is_back(world: World, other: Far) -> None:
    await ask(world)
    async with braked_at(world, "copied") as control:
        moving = asyncio.create_task(do_all(world))
        await until(partial(stands_still, control), PATIENCE)
        await world.app.refresh()
        with pytest.raises(CustomerMoving) as told:
            await subjects(world)
        assert 1 <= told.value.retry_after <= 60
    await moving
    assert await subjects(world) == []


@pytest.mark.long
async def test_agents_are_told_before_and_served_until_the_doors_close(world: World, other: Far) -> None:
    await world.acme.mail(mail())
    closes_at = world.clock.now() + timedelta(minutes=10)
    await world.app.program(Kind.COMMAND)(moves.ask, slug="acme", cluster="far", notice=10)
    moving = asyncio.create_task(do_all(world))

    async def announced() -> bool:
        await world.app.refresh()
        customer = world.app.directory.find("acme")
        assert customer is not None
        return (customer.closes_at, customer.back_at) == (closes_at, None) and customer.closes_for >= 20

    await until(announced, PATIENCE)
    await until(partial(reached, world, "cloned"), PATIENCE)
    # Asked once more, it is the same move at the same time.
    world.clock.move(timedelta(minutes=4))
    await world.app.program(Kind.COMMAND)(moves.ask, slug="acme", cluster="far", notice=30)
    assert (await subjects(world), await announced(), await cluster_of(world)) == (["The printer smokes"], True, "main")
    world.clock.move(timedelta(minutes=6))
    await moving
    customer = world.app.directory.find("acme")
    assert customer is not None
    assert (customer.closes_at, customer.closes_for, customer.back_at) == (None, 0, None)
    assert (await subjects(world), await cluster_of(world)) == (["The printer smokes"], "far")


async def reached(world: World, step: str) -> bool:
    return (await progress(world)).step == step


@pytest.mark.long
async def test_a_copy_asked_for_before_and_opened_after_is_entered_by_whoever_may_come_in_now(
    world: World, other: Far
) -> None:
    acme = world.acme
    copy = await copied(world, acme)
    row = await asked(world, "acme", "aside", copy)
    await ask(world)
    await do_all(world)
    bo = await acme.signed_in("bo")
    ann = next(one.id for one in (await bo(members.list)).items if one.name == "Ann")
    await bo(members.disable, person=ann)
    await work(world)
    found = await world.app.program(Kind.COMMAND)(restores.progress, restore=row.id)
    assert (found.state, found.error) == ("open", "")
    disabled = "SELECT disabled_at IS NOT NULL FROM app.people WHERE name = 'Ann'"
    assert await world.rows(standing(acme, found), disabled) == ["True"]


@pytest.mark.long
@pytest.mark.fault(28)
async def test_wherever_it_slept_it_changes_nothing_on_either_side(world: World, other: Far) -> None:
    """Another brings to an end what it had begun, and the customer moves once more."""
    await world.acme.mail(mail())
    job, after, end = world.app.program(Kind.JOB), 1, ""
    while end != "done":
        here = await cluster_of(world)
        there = "far" if here == "main" else "main"
        await world.app.program(Kind.COMMAND)(moves.ask, slug="acme", cluster=there)
        claim = await job(leases.claim, kinds=["move"])
        assert claim is not None
        sleeper = Sleeper(world, after)
        working = await sleeper.begun(move(world.app, sleeper.holding(claim)))
        end = "done" if working.done() else "slept"
        world.clock.move(timedelta(hours=1))
        await do_all(world)
        if end == "slept":
            # So that what the sleeper takes for its target or its source is the other one by now.
            served = await cluster_of(world)
            await world.app.program(Kind.COMMAND)(moves.ask, slug="acme", cluster="far" if served == "main" else "main")
            await do_all(world)
            sleeper.wake()
            with suppress(rpc.Conflict, orm.Error):
                await working
        await world.app.refresh()
        assert (await progress(world)).over, after
        served = await cluster_of(world)
        for name, makes in (
            ("main", installation.provisioner(world.app.settings, world.app.cluster)),
            ("far", other.makes),
        ):
            assert await makes.is_open(world.acme.database) == (name == served), (after, name)
        assert await subjects(world) == ["The printer smokes"], after
        after += 1
    assert after > 10


@pytest.mark.long
async def test_a_target_without_room_on_its_disk_takes_nobody(world: World, other: Far) -> None:
    await world.app.program(Kind.COMMAND)(clusters.update, name="far", disk_gb=1)
    await world.app.program(Kind.COMMAND)(moves.ask, slug="acme", cluster="far", notice=10)
    await do_all(world)
    assert "of 1 GB free, and this customer needs 1.0 GB" in (await progress(world)).error
    customer = world.app.directory.find("acme")
    assert customer is not None
    assert (customer.closes_at, customer.back_at) == (None, None)
    assert (await cluster_of(world), await other.databases()) == ("main", [])
    await world.app.program(Kind.COMMAND)(clusters.update, name="far", disk_gb=500)
    await ask(world)
    await do_all(world)
    assert await cluster_of(world) == "far"


@pytest.mark.long
async def test_an_older_target_takes_nobody(world: World, other: Far) -> None:
    async with superuser(other.server, "postgres") as cluster:
        await cluster.execute(AN_OLDER_ONE)
    try:
        await ask(world)
        await do_all(world)
        told = await progress(world)
        assert (told.over, told.error) == (
            True,
            "The target is PostgreSQL 17, which cannot read what 18 writes.",
        )
        assert (await cluster_of(world), await other.databases()) == ("main", [])
        assert await subjects(world) == []
    finally:
        async with superuser(other.server, "postgres") as cluster:
            await cluster.execute(
                "ALTER ROLE seldesk_provisioner IN DATABASE postgres RESET search_path; DROP SCHEMA older CASCADE"
            )


@pytest.mark.long
async def test_a_copy_that_is_not_the_same_is_not_switched_to(world: World, other: Far) -> None:
    await world.acme.mail(mail())
    await ask(world)
    async with braked_at(world, "copied") as control:
        moving = asyncio.create_task(do_all(world))
        await until(partial(stands_still, control), PATIENCE)
        async with superuser(other.server, world.acme.database) as there:
            await there.execute("UPDATE app.tickets SET subject = 'Another'")
    await moving
    assert "app.tickets" in (await progress(world)).error
    assert (await cluster_of(world), await subjects(world)) == ("main", ["The printer smokes"])
    assert await other.databases() == []


@pytest.mark.long
async def test_a_customer_moves_only_where_it_may(world: World, other: Far) -> None:
    command = world.app.program(Kind.COMMAND)
    await command(clusters.update, name="far", data_centre="iad")
    with pytest.raises(WrongRegion):
        await ask(world)
    with pytest.raises(SameCluster):
        await command(moves.ask, slug="acme", cluster="main")
    with pytest.raises(rpc.NotFound):
        await command(moves.ask, slug="acme", cluster="nowhere")
    await command(clusters.update, name="far", data_centre="fra")
    # An open database of this name there is somebody's newest: it is neither dropped nor written to.
    from_acme = await world.app.program(Kind.COMMAND)(customers.read, slug="acme")
    await ask(world)
    await do_all(world)
    async with superuser(world.server, CONTROL) as control:
        await control.execute("UPDATE control.customers SET cluster = 'main'")
    async with superuser(world.server, "postgres") as main:
        await main.execute(f"ALTER DATABASE {from_acme.database} ALLOW_CONNECTIONS true")
    await ask(world)
    await do_all(world)
    assert "open database" in (await progress(world)).error
    assert await other.databases() == [world.acme.database]
