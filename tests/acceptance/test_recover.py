"""All is lost but one store: everything is there again on an empty cluster, who pays first."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from orm.provision import check_catalogue
from orm.provision.contents import tables
from orm.testing import Server
from rpc import Kind
from seldesk.app import running
from seldesk.app.build import opened
from seldesk.app.recovering import NotEmpty, Progress, recover
from seldesk.jobs.outbox import Outboxes
from seldesk.jobs.relay import Memory
from seldesk.methods.desk import mails, tickets
from seldesk.storage import Ledger, Place
from seldesk.surroundings import OPERATOR
from tests.app.copied import copied
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
    said = (
        f'{{"id": "{UUID(int=7)}", "kind": "customer", "customer": "{erased.id}", "erased_at": "2026-03-02T10:00:00Z"}}'
    )
    await Ledger([Place.at(str(store_b))]).write(UUID(int=7), said.encode())
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
                there = replace(desk, app=app, database=entry.database)
                (row,) = (await there.by_token("ann")(tickets.list)).items
                assert row.subject == f"At {slug}"
                # Nothing is sent again, and life goes on.
                relay = Memory()
                await Outboxes(app.program(Kind.JOB), app.job, relay).drain(desk.id)
                assert relay.sent == []
                again = mail(to=desk.mailbox, subject="And goes on", message_id="<on@cleo.example>")
                receive = there.program(Kind.MAIL)
                assert (
                    await receive(mails.receive, recipient=desk.mailbox, sender="cleo@cleo.example", raw=again)
                ).ticket == 2
            assert app.directory.find("acme") is None or not app.directory.find("acme").served  # type: ignore[union-attr]
            async with superuser(empty, "postgres") as connection:
                there_are = await connection.fetch("SELECT datname FROM pg_database WHERE datname ~ '^c_'")
            assert len(there_are) == len(CUSTOMERS)
        # Asked for again, it does nothing twice.
        once_more = await recover(settings, where, empty.superuser, store=str(store_b), clock=world.clock)
        assert {one.slug for one in once_more.customers.values() if one.error} == set()
    finally:
        shutil.move(away, world.app.settings.stores[0])


@pytest.mark.long
async def test_a_cluster_with_customers_is_left_alone(world: World) -> None:
    where = running.cluster(world.app.settings, world.server.superuser.host, world.server.superuser.port)
    with pytest.raises(NotEmpty):
        await recover(world.app.settings, where, world.server.superuser, store=world.app.settings.stores[1])
