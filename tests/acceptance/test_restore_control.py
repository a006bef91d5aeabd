"""The control database alone is lost, and comes back as it was hours ago: customers lived on meanwhile."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from orm.testing import Server
from rpc import Kind
from seldesk.app import installation
from seldesk.app.erasing import entering
from seldesk.app.reconcile import reconcile
from seldesk.app.serve import auditing
from seldesk.jobs.telling import tell
from seldesk.methods.control import alerts, customers, endings, moves, purges
from seldesk.methods.desk import plans, tickets
from seldesk.storage import Erasure
from tests.acceptance.brake import CONTROL
from tests.acceptance.fleet import Far, do_all, nobody_else
from tests.acceptance.killable import place
from tests.acceptance.processes import run
from tests.app.copied import copied, restored
from tests.app.copies import copy, listed
from tests.faults import superuser
from tests.world import Desk, World, mail


@pytest.fixture(autouse=True)
async def ledger(world: World) -> AsyncIterator[None]:
    yield
    for store in world.app.settings.stores:
        shutil.rmtree(Path(store) / "erasures", ignore_errors=True)
    async with superuser(world.server, "postgres") as connection:
        await connection.execute(f"DROP DATABASE IF EXISTS {CONTROL}_old WITH (FORCE)")


@dataclass
class Lived:
    """What happened after the copy. Acme has moved, Globex is new, Initech is closed, Umbrella erased, and Cleo too."""

    initech: Desk
    cleo: UUID
    copy: UUID
    globex: Desk
    clusters: dict[str, str]


@dataclass
class Before:
    """As the control database that comes back knows them; copy is Acme's."""

    initech: Desk
    cleo: UUID
    copy: UUID


async def prepared(world: World) -> Before:
    initech, _ = await world.neighbour("initech"), await world.neighbour("umbrella")
    await world.acme.mail(mail())
    cleo = UUID((await world.rows(world.acme, "SELECT id FROM app.people WHERE role = 'requester'"))[0])
    return Before(initech, cleo, await copied(world, world.acme))


async def lived(world: World, before: Before) -> Lived:
    command, acme = world.app.program(Kind.COMMAND), world.acme
    globex = await world.neighbour("globex")
    await globex.mail(mail(to=globex.mailbox))
    await command(moves.ask, slug="acme", cluster="far")
    await do_all(world)
    await acme.mail(mail(subject="After the move", message_id="<moved@cleo.example>"))
    await command(endings.terminate, slug="initech")
    await command(endings.terminate, slug="umbrella", erasing="at once")
    await do_all(world)
    world.clock.move(timedelta(minutes=1))
    await entering(world.app)(Erasure(uuid4(), acme.id, before.cleo, world.clock.now()))
    await auditing(world.app).anchor(nobody_else)
    clusters = {row.slug: row.cluster for row in await command(customers.list)}
    assert clusters["acme"] == "far"
    return Lived(before.initech, before.cleo, before.copy, globex, clusters)


async def found_again(world: World, there: Lived) -> None:
    """What is made of it, whichever way it came back."""
    command = world.app.program(Kind.COMMAND)
    await world.app.refresh()
    rows = {row.slug: row for row in await command(customers.list)}
    assert {slug: row.cluster for slug, row in rows.items()} == there.clusters
    assert {slug: row.state for slug, row in rows.items()} == {
        "acme": "active",
        "globex": "active",
        # That it was closed is among what is lost: its owner closes it again.
        "initech": "active",
        "umbrella": "purged",
    }
    for desk, subjects in (
        (world.acme, {"After the move", "The printer smokes"}),
        (there.globex, {"The printer smokes"}),
    ):
        found = (await desk.by_token("ann")(tickets.list)).items
        assert {row.subject for row in found} == subjects
    assert (await there.initech.by_token("ann")(tickets.list)).items == []
    erased = {(one.kind, one.person) for one in await command(purges.ledger)}
    assert erased == {("customer", None), ("person", there.cleo)}
    told = [(one.subject, one.detail) for one in await command(alerts.list) if one.check == "registry"]
    assert told == []


@pytest.mark.long
@pytest.mark.fault(27)
async def test_after_a_plain_dump_was_restored_everybody_serves(world: World, other: Far, tmp_path: Path) -> None:
    before = await prepared(world)
    dump = tmp_path / "control.dump"
    tool(world.server, "pg_dump", "--format=custom", f"--file={dump}", CONTROL)
    happened = await lived(world, before)
    async with superuser(world.server, "postgres") as connection:
        await connection.execute(f"DROP DATABASE {CONTROL} WITH (FORCE)")
    tool(world.server, "pg_restore", "--create", "--dbname=postgres", str(dump))
    await installation.make_control(world.app.settings, world.server.superuser)
    await world.app.refresh()
    await reconcile(world.app, nobody_else)
    await do_all(world)
    await found_again(world, happened)
    await reconcile(world.app, nobody_else)
    await found_again(world, happened)


@pytest.mark.long
@pytest.mark.fault(27)
async def test_by_the_command_it_comes_back_from_its_own_copy(world: World, other: Far) -> None:
    before = await prepared(world)
    dropped = await copied(world, world.acme)
    await world.control_rows(f"DELETE FROM control.copies WHERE id = '{dropped}'")  # noqa: S608 - ours
    rows = await copy(world.app, "")
    assert (rows[0].error, rows[0].replicas) == ("", 2)
    happened = await lived(world, before)
    bo = await world.acme.signed_in("bo")
    await bo(plans.choose, plan="education")
    await tell(world.app.program(Kind.JOB), world.app.job, nobody_else)
    (since, *_) = await copy(world.app, "globex")
    (half, *_) = await copy(world.app, "globex")
    (Path(world.app.settings.stores[1]) / f"copies/{happened.globex.id}/{half.id}.manifest").unlink()
    # Harmed, not lost: what it was is kept.
    async with superuser(world.server, CONTROL) as control:
        await control.execute("TRUNCATE control.customers CASCADE")
    address = world.server.superuser
    given = place(world, PGPASSWORD=address.password, COLUMNS="200")
    done = await asyncio.to_thread(run, "backup", "restore-control", "--superuser", address.role, given=given)
    assert done.returncode == 0, done.stderr
    assert f"{CONTROL}_old" in done.stderr
    # What is to be done again, by name: the audits of those with whom it was done know of it.
    said = [" ".join(line.split()) for line in done.stdout.splitlines()]
    (closed,) = [line for line in said if "closed by the operator" in line]
    (planned,) = [line for line in said if "another plan, chosen by an owner" in line]
    assert ("initech" in closed, "acme" in planned, "education" in planned) == (True, True, True)
    assert not [line for line in said if "globex" in line]
    assert "2 copies made since then are in the catalogue again" in done.stderr
    there = {
        row.id: (row.replicas, row.verified_at is not None)
        for row in [*await listed(world.app), *await listed(world.app, "globex")]
    }
    assert there == {before.copy: (2, True), since.id: (2, True), half.id: (1, False)}
    await do_all(world)
    await found_again(world, happened)
    # Its log is shorter than it was, which is said in it; the customers' chains come as far as they did.
    await auditing(world.app).check(nobody_else)
    assert [one for one in await world.app.program(Kind.COMMAND)(alerts.list) if one.check == "audits"] == []
    # The roles of all have new passwords, and all are asked what they have to do.
    assert (await world.app.program(Kind.COMMAND)(customers.read, slug="initech")).credentials == 2
    asked = set(await world.control_rows("SELECT customer_id FROM control.wakeups"))
    assert {str(one.id) for one in (world.acme, happened.globex, happened.initech)} <= asked
    # Who was erased since does not come back out of an older copy of theirs.
    row = await restored(world, world.acme, "aside", happened.copy)
    assert row.error == ""
    async with superuser(other.server, row.database) as inside:
        assert await inside.fetchval("SELECT count(*) FROM app.people WHERE email ~ 'cleo'") == 0


def tool(server: Server, program: str, *arguments: str) -> None:
    address = server.superuser
    where = [f"--host={address.host}", f"--port={address.port}", f"--username={address.role}"]
    subprocess.run(
        [f"{server.programs}/{program}", *where, *arguments],
        env={**os.environ, "PGPASSWORD": address.password},
        check=True,
    )
