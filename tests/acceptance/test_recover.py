"""All is lost but one store: everything is there again on an empty cluster, who pays first."""

import dataclasses
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from orm.provision import check_catalogue
from orm.provision.contents import tables
from orm.testing import Server
from rpc import Kind
from seldesk.app import running
from seldesk.app.build import Application, opened
from seldesk.app.ledger import LONGEST
from seldesk.app.own_copies import only
from seldesk.app.recovering import NotEmpty, Progress, Recovered, recover
from seldesk.app.stores import ledger, manifest_key
from seldesk.jobs.outbox import Outboxes
from seldesk.jobs.relay import Memory
from seldesk.methods.control import restores
from seldesk.methods.desk import mails, tickets
from seldesk.storage import Erasure, Place
from seldesk.surroundings import OPERATOR
from tests.app.copied import copied, restored
from tests.faults import superuser
from tests.world import Desk, World, mail

CUSTOMERS = {
    "paid-1": "paid",
    "free-1": "free",
    "paid-2": "paid",
    "free-2": "trial",
    "paid-3": "paid",
    "newest": "free",
}
# What is quietened, and what says whose it is in the words of today.
QUIET = (
    *("app.outbox", "meta.customer", "secret.sessions", "secret.mailed_links"),
    # It goes on where the copy ended.
    *("log.audit", "app.audit_heads"),
)


@pytest.fixture
def empty() -> Iterator[Server]:
    with Server() as server:
        yield server


async def held(server: Server, database: str) -> dict[str, object]:
    async with superuser(server, database) as inside:
        return {name: found for name, found in (await tables(inside)).items() if name not in QUIET}


async def copy_of_the_operator(world: World) -> None:
    name = world.app.settings.database.control
    await copied(world, Desk(world.app, "", OPERATOR.id, name))


@pytest.mark.long
@pytest.mark.fault(26)
async def test_all_are_there_again_from_one_store_who_pays_first(world: World, empty: Server, tmp_path: Path) -> None:
    desks = {}
    for slug, plan in CUSTOMERS.items():
        if slug == "newest":
            # It came after the operator's own copy was made.
            await copy_of_the_operator(world)
        desks[slug] = desk = await world.neighbour(slug)
        async with superuser(world.server, "seldesk_control") as control:
            await control.execute("UPDATE control.customers SET plan = $2 WHERE slug = $1", slug, plan)
        await desk.mail(mail(to=desk.mailbox, subject=f"At {slug}"))
        await copied(world, desk, plan=plan)
    erased, store_b = world.acme, Path(world.app.settings.stores[1])
    await copied(world, erased)
    only_b = ledger(only(world.app.settings, str(store_b)))
    await only_b.write(Erasure(uuid4(), erased.id, None, world.clock.now()), manifest_key(world.app.settings))
    # Who writes to the store can add a name, and erases nobody by it.
    stray = f"erasures/{uuid4()}/{desks['free-1'].id}.all.20260302T100000000000Z.{'ab' * 64}"
    await Place.at(str(store_b)).create(stray, b"")
    # The newest copy of one is cut: an older one of it is whole.
    world.clock.move(timedelta(hours=2))
    cut = await copied(world, desks["free-1"])
    path = store_b / f"copies/{desks['free-1'].id}/{cut}.age"
    path.write_bytes(path.read_bytes()[:-50])
    before = {slug: await held(world.server, desk.database) for slug, desk in desks.items()}
    world.clock.move(timedelta(hours=3))

    begun: list[str] = []

    def told(progress: Progress) -> None:
        begun.extend(one.slug for one in progress.customers.values() if one.rto is not None and one.slug not in begun)

    away = shutil.move(world.app.settings.stores[0], tmp_path / "lost")
    try:
        where = running.cluster(world.app.settings, empty.superuser.host, empty.superuser.port)
        settings = world.app.settings
        progress = await recover(settings, where, empty.superuser, store=str(store_b), told=told, clock=world.clock)
        rebuilt = {one.slug: one for one in progress.customers.values()}
        assert rebuilt.keys() == CUSTOMERS.keys()
        assert [one.subject for one in progress.strange] == [f"{store_b}: {stray}"[:LONGEST]]
        assert [(one.slug, one.error) for one in rebuilt.values() if one.error] == []
        assert {one.rpo for one in rebuilt.values()} == {5 * 3600.0}
        assert {CUSTOMERS[slug] for slug in begun[:3]} == {"paid"}
        assert all(one.rto is not None and one.rto < 600 for one in rebuilt.values())
        async with opened(msgspec.structs.replace(settings, stores=(str(store_b),)), where, world.clock) as app:
            for slug, desk in desks.items():
                entry = app.directory.entry(slug)
                assert entry is not None
                assert await held(empty, entry.database) == before[slug]
                async with superuser(empty, entry.database) as inside:
                    last = "SELECT method FROM log.audit ORDER BY number DESC LIMIT 1"
                    assert await inside.fetchval(last) == "restored.mark"
                assert await check_catalogue(empty.superuser, entry.database) == []
                back = dataclasses.replace(desk, app=app, database=entry.database)
                (row,) = (await back.by_token("ann")(tickets.list)).items
                assert row.subject == f"At {slug}"
                # Nothing is sent again, and life goes on.
                relay = Memory()
                await Outboxes(app.program(Kind.JOB), app.job, relay).drain(desk.id)
                assert relay.sent == []
                again = mail(to=desk.mailbox, subject="And goes on", message_id="<on@cleo.example>")
                receive = back.program(Kind.MAIL)
                assert (
                    await receive(mails.receive, recipient=desk.mailbox, sender="cleo@cleo.example", raw=again)
                ).ticket == 2
            assert app.directory.find("acme") is None or not app.directory.find("acme").served  # type: ignore[union-attr]
            async with superuser(empty, "postgres") as connection:
                there_are = await connection.fetch("SELECT datname FROM pg_database WHERE datname ~ '^c_'")
            assert len(there_are) == len(CUSTOMERS)
        # It is over: asked for again, it touches nothing of what lives now.
        with pytest.raises(NotEmpty):
            await recover(settings, where, empty.superuser, store=str(store_b), clock=world.clock)
    finally:
        shutil.move(away, world.app.settings.stores[0])
        shutil.rmtree(store_b / "erasures")


@pytest.mark.long
async def test_begun_again_it_goes_on_with_those_that_are_not_there_and_leaves_the_others_alone(
    world: World, empty: Server, tmp_path: Path
) -> None:
    globex, store = await world.neighbour(), world.app.settings.stores[1]
    await world.acme.mail(mail())
    await globex.mail(mail(to=globex.mailbox))
    await copied(world, world.acme)
    await copy_of_the_operator(world)
    away = Path(store) / f"copies/{globex.id}/{await copied(world, globex)}.age"
    kept = shutil.move(away, tmp_path / "away")
    where = running.cluster(world.app.settings, empty.superuser.host, empty.superuser.port)

    async def again() -> dict[str, Recovered]:
        done = await recover(world.app.settings, where, empty.superuser, store=store, clock=world.clock)
        return {one.slug: one for one in done.customers.values()}

    found = await again()
    assert (found["acme"].error, bool(found["globex"].error)) == ("", True)
    subjects = []
    async with opened(world.app.settings, where, world.clock) as app:
        acme = await there(app, world.acme)
        await acme.mail(mail(subject="After it was back", message_id="<on@cleo.example>"))
        # The nightly tests leave rows behind, as on every cluster.
        await app.program(Kind.COMMAND)(restores.ask_drills, slug="acme")
    shutil.move(kept, away)
    found = await again()
    assert {one.slug: (one.there, one.error) for one in found.values()} == {"acme": (True, ""), "globex": (False, "")}
    async with opened(world.app.settings, where, world.clock) as app:
        for desk in (world.acme, globex):
            rows = await (await there(app, desk)).by_token("ann")(tickets.list)
            subjects.append(sorted(row.subject for row in rows.items))
    assert subjects == [["After it was back", "The printer smokes"], ["The printer smokes"]]
    with pytest.raises(NotEmpty):
        await again()


class Killed(BaseException):
    """The command ends here."""


@pytest.mark.long
async def test_killed_in_the_middle_it_goes_on_and_asks_for_nothing_twice(world: World, empty: Server) -> None:
    globex, store = await world.neighbour(), world.app.settings.stores[1]
    for desk in (world.acme, globex):
        await desk.mail(mail(to=desk.mailbox))
        await copied(world, desk)
    await copy_of_the_operator(world)
    where = running.cluster(world.app.settings, empty.superuser.host, empty.superuser.port)

    def killed(progress: Progress) -> None:
        raise Killed

    with pytest.raises(Killed):
        await recover(world.app.settings, where, empty.superuser, store=store, told=killed, clock=world.clock)
    # Its lease is over.
    world.clock.move(timedelta(hours=1))
    done = await recover(world.app.settings, where, empty.superuser, store=store, clock=world.clock)
    assert [one.error for one in done.customers.values()] == ["", ""]
    async with superuser(empty, "seldesk_control") as control:
        rows = await control.fetch("SELECT state FROM control.restores")
    assert [row["state"] for row in rows] == ["done", "done"]
    async with opened(world.app.settings, where, world.clock) as app:
        for desk in (world.acme, globex):
            assert len((await (await there(app, desk)).by_token("ann")(tickets.list)).items) == 1


@pytest.mark.long
async def test_what_is_odd_about_one_customer_holds_up_nobody_else(world: World, empty: Server) -> None:
    globex, store = await world.neighbour(), world.app.settings.stores[1]
    await copied(world, world.acme)
    world.clock.move(timedelta(hours=1))
    # Of a customer of long ago, which had the address before.
    await copied(world, dataclasses.replace(globex, slug="acme"))
    initech = await world.neighbour("initech")
    await copied(world, initech, plan="platinum")
    where = running.cluster(world.app.settings, empty.superuser.host, empty.superuser.port)
    done = await recover(world.app.settings, where, empty.superuser, store=store, clock=world.clock)
    assert {customer: (one.slug, bool(one.error)) for customer, one in done.customers.items()} == {
        globex.id: ("acme", False),
        world.acme.id: ("acme", True),
        initech.id: ("initech", True),
    }
    assert "another customer has its address" in done.customers[world.acme.id].error


async def there(app: Application, desk: Desk) -> Desk:
    entry = app.directory.entry(desk.slug)
    assert entry is not None
    return dataclasses.replace(desk.of(app), database=entry.database)


@pytest.mark.long
async def test_a_cluster_with_customers_is_left_alone(world: World) -> None:
    """Also after the first nightly test of a copy, and where of all databases only the operator's own is lost."""
    where = running.cluster(world.app.settings, world.server.superuser.host, world.server.superuser.port)
    name, store = world.app.settings.database.control, world.app.settings.stores[1]
    await copy_of_the_operator(world)
    await copied(world, world.acme)

    async def refused() -> None:
        with pytest.raises(NotEmpty, match="restore-control"):
            await recover(world.app.settings, where, world.server.superuser, store=store)
        assert await world.rows(world.acme, "SELECT count(*) FROM app.tickets") == ["1"]

    await world.acme.mail(mail())
    await refused()
    await restored(world, world.acme, "drill")
    await refused()
    assert await world.control_rows("SELECT state FROM control.restores") == ["done"]
    async with superuser(world.server, "postgres") as connection:
        await connection.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        await connection.execute(f"ALTER DATABASE {name} RENAME TO lost")
        try:
            await refused()
            assert not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name)
        finally:
            await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await connection.execute(f"ALTER DATABASE lost RENAME TO {name}")
            await connection.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
