"""All customers are brought to a new version, some first; who is not there yet is served as before."""

import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

import rpc
from orm.migrate import Revision, Revisions
from rpc import Kind
from seldesk.app import installation
from seldesk.app.migrating import migrate_all
from seldesk.methods.control import customers, leases
from seldesk.methods.desk import tickets
from tests.acceptance.fleet import do_all
from tests.acceptance.migrating import LOCK, later
from tests.acceptance.processes import environment
from tests.faults import superuser, until
from tests.world import Desk, World, mail

SLUGS = ["acme", "globex", "initech"]


@pytest.fixture(autouse=True)
async def others_get_another_acme(world: World) -> AsyncIterator[None]:
    """Whose database is at the version that everybody knows."""
    yield
    async with superuser(world.server, "seldesk_control") as connection:
        await connection.execute("UPDATE control.customers SET state = 'provisioning'")


async def three(world: World) -> dict[str, str]:
    """Slug -> database."""
    command = world.app.program(Kind.COMMAND)
    for slug in SLUGS[1:]:
        await command(customers.create, slug=slug, name=slug.title())
    await do_all(world)
    return {row.slug: row.database for row in await command(customers.list)}


async def versions(world: World, databases: dict[str, str]) -> dict[str, str]:
    found = {}
    for slug, database in databases.items():
        async with superuser(world.server, database) as connection:
            found[slug] = await connection.fetchval("SELECT version FROM meta.revision")
    return found


async def started(world: World, log: Path, *canaries: str) -> asyncio.subprocess.Process:
    server = world.server.superuser
    given = {
        "SELDESK_DATABASE__EMBEDDED": "false",
        "SELDESK_DATABASE__HOST": server.host,
        "SELDESK_DATABASE__PORT": str(server.port),
        "SELDESK_LIMITS__LEASE_SECONDS": "1",
    }
    command = [sys.executable, "-m", "tests.acceptance.migrating", *canaries]
    with log.open("ab") as file:
        return await asyncio.create_subprocess_exec(
            *command,
            env=environment(world.app.settings.home, **given),
            cwd=Path(__file__).parents[2],
            stdout=file,
            stderr=file,
        )


WAITING = """
SELECT true FROM pg_locks JOIN pg_database d ON d.oid = database
WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
"""


async def stands_still(world: World, database: str) -> bool:
    async with superuser(world.server, database) as connection:
        return bool(await connection.fetchval(WAITING))


@pytest.mark.fault(17)
@pytest.mark.long
async def test_killed_at_one_of_three_some_are_new_some_are_old_and_all_are_served(
    world: World, tmp_path: Path
) -> None:
    databases = await three(world)
    async with superuser(world.server, databases["globex"]) as brake:
        await brake.execute("SELECT pg_advisory_lock($1)", LOCK)
        killed = await started(world, tmp_path / "log", *SLUGS)
        await until(partial(stands_still, world, databases["globex"]), 60)
        killed.kill()
        await killed.wait()
    before, after = later().steps[-2].name, later().head
    assert await versions(world, databases) == {"acme": after, "globex": before, "initech": before}
    received = await world.acme.mail(mail())
    assert received.ticket == 1
    for slug in SLUGS[1:]:
        assert (await world.app.program(Kind.COMMAND)(customers.read, slug=slug)).state == "active"
    await asyncio.sleep(1)
    again = await started(world, tmp_path / "log", *SLUGS)
    assert await again.wait() == 0
    assert await versions(world, databases) == dict.fromkeys(SLUGS, after), (tmp_path / "log").read_text()
    assert [row.number for row in (await world.acme.by_token("ann")(tickets.list)).items] == [1]


@pytest.mark.long
async def test_no_other_is_begun_when_a_canary_fails(world: World) -> None:
    databases = await three(world)
    async with superuser(world.server, databases["globex"]) as connection:
        await connection.execute("CREATE TABLE app.later (id int)")
    steps = Revisions((*installation.desk_revisions().steps, Revision("9999", "CREATE TABLE app.later (id int)")))
    report = await migrate_all(world.app, steps, canaries=["acme", "globex"])
    assert [(one.target, one.after) for one in report.outcomes] == [
        ("acme", "9999"),
        ("globex", steps.steps[-2].name),
        ("initech", None),
    ]
    assert [bool(one.error) for one in report.outcomes] == [False, True, True]
    assert "canary" in (report.outcomes[2].error or "")
    with pytest.raises(rpc.NotFound, match="nobody"):
        await migrate_all(world.app, steps, canaries=["nobody"])


@pytest.mark.long
async def test_what_is_under_way_is_waited_for_and_not_for_ever(world: World) -> None:
    job = world.app.program(Kind.JOB)
    fence = await job(leases.take, customer=world.acme.id, kind="copy")
    report = await migrate_all(world.app, later(), patience=0.2)
    assert "Something else" in (report.outcomes[0].error or "")
    waiting = asyncio.create_task(migrate_all(world.app, later()))
    await asyncio.sleep(0.5)
    assert not waiting.done()
    await job(leases.release, customer=world.acme.id, kind="copy", fence=fence)
    assert (await waiting).failed == ()
    assert (await job(leases.take, customer=world.acme.id, kind="copy")) > fence


@pytest.mark.long
@pytest.mark.fault(28)
async def test_a_migration_that_slept_while_another_took_over_commits_nothing(world: World) -> None:
    database, job = world.acme.database, world.app.program(Kind.JOB)
    async with superuser(world.server, database) as brake:
        await brake.execute("SELECT pg_advisory_lock($1)", LOCK)
        sleeping = asyncio.create_task(migrate_all(world.app, later()))
        await until(partial(stands_still, world, database))
        world.clock.move(timedelta(hours=1))
        await job(leases.take, customer=world.acme.id, kind="copy")
    report = await sleeping
    assert "Another worker" in (report.outcomes[0].error or "")
    assert await versions(world, {"acme": database}) == {"acme": later().steps[-2].name}


@pytest.mark.long
async def test_a_lease_that_was_taken_early_and_lost_is_waited_for(world: World) -> None:
    databases, job = await three(world), world.app.program(Kind.JOB)
    globex, initech = databases["globex"], databases["initech"]
    async with superuser(world.server, globex) as brake, superuser(world.server, initech) as another:
        for each in (brake, another):
            await each.execute("SELECT pg_advisory_lock($1)", LOCK)
        migrating = asyncio.create_task(
            migrate_all(world.app, later(), canaries=["acme"], at_once=1, tolerated=1, patience=0.2)
        )

        standing: list[str] = []

        async def one_stands() -> bool:
            standing.extend([slug for slug in SLUGS[1:] if await stands_still(world, databases[slug])])
            return bool(standing)

        await until(one_stands)
        (coming,) = {*SLUGS[1:]} - {*standing}
        world.clock.move(timedelta(hours=1))
        customer = (await world.app.program(Kind.COMMAND)(customers.read, slug=coming)).id
        await job(leases.take, customer=customer, kind="copy")
    errors = {one.target: one.error or "" for one in (await migrating).outcomes}
    assert "Something else" in errors.pop(coming)
    assert set(errors.values()) == {""}


@pytest.mark.long
async def test_whose_turn_does_not_come_is_free_for_others(world: World) -> None:
    databases, job = await three(world), world.app.program(Kind.JOB)
    for slug in SLUGS[1:]:
        async with superuser(world.server, databases[slug]) as connection:
            await connection.execute("CREATE TABLE app.later (id int)")
    steps = Revisions((*installation.desk_revisions().steps, Revision("9999", "CREATE TABLE app.later (id int)")))
    report = await migrate_all(world.app, steps, canaries=["acme"], at_once=1, tolerated=0)
    assert "not tried" in (report.outcomes[2].error or "")
    for slug in SLUGS:
        customer = (await world.app.program(Kind.COMMAND)(customers.read, slug=slug)).id
        assert await job(leases.take, customer=customer, kind="copy")


async def timed(desk: Desk) -> float:
    begun = time.monotonic()
    await desk.by_token("ann")(tickets.list)
    return time.monotonic() - begun


@pytest.mark.long
@pytest.mark.fault(18)
async def test_behind_a_long_reader_it_tries_again_and_users_hardly_wait(world: World) -> None:
    await world.acme.mail(mail())
    async with superuser(world.server, world.acme.database) as reader:
        await reader.execute("BEGIN; SELECT count(*) FROM app.tickets")
        migrating = asyncio.create_task(migrate_all(world.app, later()))
        took, end = [], time.monotonic() + 4
        while time.monotonic() < end:
            took.append(await timed(world.acme))
        assert not migrating.done()
        await reader.execute("COMMIT")
    assert statistics.quantiles(took, n=20)[-1] < 1
    report = await migrating
    assert (report.failed, report.outcomes[0].after) == ((), "9999")
