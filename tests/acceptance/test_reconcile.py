"""What lies on a cluster and is not known is adopted, set aside or told of; nothing of it is ever dropped."""

import asyncpg
import pytest

import rpc
from orm.provision import Names, forgotten
from orm.testing import Server
from rpc import Kind
from seldesk.app.installation import provisioner
from seldesk.app.reconcile import check_all, check_roles, reconcile
from seldesk.methods.control import alerts, clusters, customers, leases, moves, restores, rotations
from seldesk.methods.desk import tickets
from tests.acceptance.brake import CONTROL
from tests.acceptance.fleet import Far, do_all, nobody_else
from tests.app.copied import asked, copied
from tests.faults import superuser
from tests.world import World, mail


async def databases(server: Server) -> set[str]:
    async with superuser(server, "postgres") as connection:
        return {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}


async def standing(world: World) -> list[tuple[str, str]]:
    rows = await world.app.program(Kind.COMMAND)(alerts.list)
    # Of earlier tests the keys are still there.
    return [(row.subject, row.detail) for row in rows if not row.subject.startswith("key of")]


async def look(world: World) -> None:
    await reconcile(world.app, nobody_else)
    await do_all(world)


@pytest.mark.long
@pytest.mark.fault(27)
async def test_after_the_loss_of_18_hours_every_customer_serves_and_newer_ones_are_adopted(
    world: World, other: Far
) -> None:
    # What the control database forgets: Globex is new, and Acme has moved.
    async with superuser(world.server, CONTROL) as control:
        before = [dict(row) for row in await control.fetch("SELECT * FROM control.customers WHERE slug = 'acme'")]
        globex = await world.neighbour()
        await globex.mail(mail(to=globex.mailbox))
        command = world.app.program(Kind.COMMAND)
        at = (await command(customers.read, slug="globex")).cluster
        await command(moves.ask, slug="acme", cluster="far")
        await do_all(world)
        await command(rotations.ask, slug="acme")
        await do_all(world)
        await world.acme.mail(mail(subject="After the move"))
        there = (await databases(world.server), await databases(other.server))
        await control.execute("TRUNCATE control.leases, control.former_databases, control.wakeups")
        await control.execute("DELETE FROM control.customers WHERE slug = 'globex'")
        await control.execute("UPDATE control.customers SET cluster = $1, credentials = 1", before[0]["cluster"])
    await world.app.refresh()
    await look(world)
    assert (await databases(world.server), await databases(other.server)) == there
    rows = {row.slug: row for row in await command(customers.list)}
    assert {slug: (row.state, row.cluster, row.id) for slug, row in rows.items()} == {
        "acme": ("active", "far", world.acme.id),
        "globex": ("active", at, globex.id),
    }
    for desk, subject in ((world.acme, "After the move"), (globex, "The printer smokes")):
        assert [row.subject for row in (await desk.by_token("ann")(tickets.list)).items] == [subject]
    assert await standing(world) == []
    # And a second look finds nothing to do.
    await look(world)
    assert (await command(customers.read, slug="globex")).credentials == 2


@pytest.mark.long
async def test_what_does_not_say_whose_it_is_is_closed_and_waits_for_a_person(world: World) -> None:
    async with superuser(world.server, "postgres") as connection:
        await connection.execute("CREATE DATABASE c_stranger TEMPLATE template0")
        await connection.execute("CREATE ROLE own_c_lonely")
    try:
        await look(world)
        assert {"c_stranger"} < await databases(world.server)
        told = dict(await standing(world))
        assert "cannot be closed" in told.pop("main: c_stranger")
        assert told == {"main: own_c_lonely": "a role without a database"}
    finally:
        async with superuser(world.server, "postgres") as connection:
            await connection.execute("DROP DATABASE c_stranger")
            await connection.execute("DROP ROLE own_c_lonely")
    await look(world)
    assert await standing(world) == []


@pytest.mark.long
async def test_a_second_database_of_a_customer_is_set_aside(world: World, other: Far) -> None:
    database = world.acme.database
    await world.app.program(Kind.COMMAND)(moves.ask, slug="acme", cluster="far")
    await do_all(world)
    async with superuser(world.server, CONTROL) as control:
        await control.execute("TRUNCATE control.former_databases")
    await look(world)
    assert f"quarantine_{database}" in await databases(world.server)
    assert await standing(world) == [(f"main: quarantine_{database}", "waits for a person")]
    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError):
        async with superuser(world.server, f"quarantine_{database}"):
            pass
    await world.acme.mail(mail())
    async with superuser(world.server, "postgres") as connection:
        await connection.execute(f"DROP DATABASE quarantine_{database}")
        await connection.execute(f"DROP ROLE {database}, ro_{database}, read_{database}, own_{database}")


@pytest.mark.fault(5)
async def test_what_a_killed_provisioner_still_owns_is_given_back_but_not_while_it_is_at_work(world: World) -> None:
    job, database = world.app.program(Kind.JOB), world.acme.database
    maker = Names(database).maker
    async with superuser(world.server, "postgres") as connection:
        await connection.execute(f"GRANT own_{database} TO {maker} WITH INHERIT TRUE, SET TRUE GRANTED BY {maker}")
    fence = await job(leases.take, customer=world.acme.id, kind="copy")
    await reconcile(world.app, nobody_else)
    makes = provisioner(world.app.settings, world.app.fleet.home)
    assert await forgotten(makes.address) == [database]
    await job(leases.release, customer=world.acme.id, kind="copy", fence=fence)
    await reconcile(world.app, nobody_else)
    assert await forgotten(makes.address) == []
    await check_all(world.app, nobody_else)
    assert await standing(world) == []


@pytest.mark.fault(5)
async def test_what_is_being_restored_on_the_side_is_not_taken_from_its_worker(world: World) -> None:
    makes = provisioner(world.app.settings, world.app.fleet.home)
    row = await asked(world, "acme", "aside", await copied(world, world.acme))
    assert await world.app.program(Kind.JOB)(restores.claim) is not None
    await makes.clone(row.database)
    async with makes.owning(row.database):
        await reconcile(world.app, nobody_else)
        assert await forgotten(makes.address) == [row.database]
    assert await forgotten(makes.address) == []
    assert await standing(world) == []


@pytest.mark.long
async def test_a_customer_whose_database_is_gone_is_told_of(world: World) -> None:
    async with superuser(world.server, "postgres") as connection:
        await connection.execute(f"DROP DATABASE {world.acme.database} WITH (FORCE)")
    await look(world)
    assert (f"main: {world.acme.database}", "a customer without a database") in await standing(world)
    async with superuser(world.server, "postgres") as connection:
        one = world.acme.database
        await connection.execute(f"DROP ROLE {one}, ro_{one}, read_{one}, own_{one}")


@pytest.mark.long
async def test_each_night_what_is_not_as_it_was_made_is_told_of_once(world: World) -> None:
    database, command = world.acme.database, world.app.program(Kind.COMMAND)
    await check_all(world.app, nobody_else)
    assert await standing(world) == []
    async with superuser(world.server, database) as connection:
        await connection.execute(f"ALTER ROLE {database} SET statement_timeout = 0")
        await connection.execute(f"GRANT CONNECT ON DATABASE {database} TO PUBLIC")
    # The quick look sees what a role can do to itself; one command mends it.
    await check_roles(world.app, nobody_else)
    assert await standing(world) == [(f"main: {database}", f"{database} has statement_timeout=0")]
    for _ in range(2):
        await check_all(world.app, nobody_else)
        assert sorted(one.partition(":")[0] for _, one in await standing(world) if ":" in one) == [
            "privilege",
            "setting",
        ]
    async with superuser(world.server, "postgres") as connection:
        await connection.execute(f"REVOKE CONNECT ON DATABASE {database} FROM PUBLIC")
    # New passwords, and with them all else that is the roles' own.
    await command(rotations.ask, slug="acme")
    await do_all(world)
    await check_all(world.app, nobody_else)
    await check_roles(world.app, nobody_else)
    assert await standing(world) == []


@pytest.mark.long
async def test_a_password_that_somebody_changed_is_mended_by_new_ones(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    database = world.acme.database
    async with superuser(world.server, "postgres") as connection:
        await connection.execute(f"ALTER ROLE {database} PASSWORD 'stolen'")
    world.app.customers.forget("acme")
    with pytest.raises(rpc.Unavailable):
        await world.acme.mail(mail())
    assert "check=sign-in" in capsys.readouterr().out
    await world.app.program(Kind.COMMAND)(rotations.ask, slug="acme")
    await do_all(world)
    await world.acme.mail(mail())


@pytest.mark.long
async def test_rotated_credentials_open_and_the_old_ones_do_not(world: World) -> None:
    home, database = world.app.fleet.home, world.acme.database
    thief = home.address(database, database, 1)
    session = await asyncpg.connect(
        host=thief.host, port=thief.port, user=thief.role, password=thief.password, database=database
    )
    await world.app.program(Kind.COMMAND)(rotations.ask, slug="acme")
    await do_all(world)
    await world.acme.mail(mail())
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await session.fetchval("SELECT 1")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(
            host=thief.host, port=thief.port, user=thief.role, password=thief.password, database=database
        )
    progress = await world.app.program(Kind.COMMAND)(leases.read, slug="acme")
    assert (progress.kind, progress.over) == ("rotate", True)
    with pytest.raises(rpc.NotFound):
        await world.app.program(Kind.COMMAND)(clusters.update, name="nowhere")
