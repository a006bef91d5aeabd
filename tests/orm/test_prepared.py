from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

import orm
from orm.engine import connect_driver
from orm.testing import Server
from tests.orm.desk import NOW, Person, Setting, Ticket, connected, emptied


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    subject: str


COLUMNS = {"number": Ticket.number, "subject": Ticket.subject}


@pytest.fixture
async def tenants(server: Server) -> AsyncIterator[orm.Tenants]:
    async with connected(await emptied(server)) as tenants:
        async with tenants.transaction("acme"):
            for place in range(5):
                await Ticket.about(f"ticket {place}", after=place, status="open" if place % 2 else "new")
                await orm.flush()
        yield tenants


def page_of_a_status() -> orm.PreparedPage[Line]:
    chosen = Ticket.where(Ticket.status == orm.parameter("status", Ticket.status))
    return orm.PreparedPage(chosen, Line, by=(Ticket.updated_at, Ticket.id), size=2, **COLUMNS)


async def test_one_statement_is_sent_with_other_values(tenants: orm.Tenants) -> None:
    asked = Ticket.where(
        orm.among(Ticket.subject, "subjects"), Ticket.updated_at >= orm.parameter("since", Ticket.updated_at)
    )
    prepared = orm.Prepared(asked.order_by(Ticket.number), Line, **COLUMNS)
    async with tenants.transaction("acme"):
        with orm.StatementCounter() as counter:
            first = await prepared.read(subjects=["ticket 0", "ticket 4"], since=NOW)
            assert [line.subject for line in first] == ["ticket 0", "ticket 4"]
            assert await prepared.read(subjects=[], since=NOW) == []
        assert len(set(counter.statements)) == 1
        with pytest.raises(KeyError):
            await prepared.read(subjects=[])


async def test_pages_are_those_of_a_query_and_a_cursor_belongs_to_its_values(tenants: orm.Tenants) -> None:
    prepared = page_of_a_status()
    async with tenants.transaction("acme"):
        first = await prepared.read(status="new")
        second = await prepared.read(first.next, status="new")
        back = await prepared.read(second.previous, status="new")
        assert [line.subject for line in first.items] == ["ticket 4", "ticket 2"]
        assert [line.subject for line in second.items] == ["ticket 0"]
        assert (back.items, back.previous, second.next) == (first.items, None, None)
        with pytest.raises(orm.BadCursor):
            await prepared.read(first.next, status="open")


async def test_what_is_pending_is_seen_and_the_transaction_is_one(tenants: orm.Tenants) -> None:
    named = orm.Prepared(Person.where(Person.name == orm.parameter("name", Person.name)), Named, name=Person.name)

    async def undone() -> None:
        async with tenants.transaction("acme"):
            assert await named.read(name="Dora") == []
            Person.add(name="Dora")
            assert await named.read(name="Dora") == [Named("Dora")]
            raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        await undone()
    async with tenants.transaction("acme"):
        assert await named.read(name="Dora") == []
        Person.add(name="Dora")
    async with tenants.transaction("acme"):
        assert await named.read(name="Dora") == [Named("Dora")]


@dataclass(frozen=True, slots=True)
class Named:
    name: str


async def test_a_lost_connection_is_unavailable(tenants: orm.Tenants, server: Server) -> None:
    prepared = page_of_a_status()
    superuser = await connect_driver(server.superuser, 5)

    async def cut_off() -> None:
        async with tenants.transaction("acme"):
            await prepared.read(status="new")
            await superuser.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname not in ('postgres')"
            )
            await prepared.read(status="new")

    try:
        with pytest.raises(orm.Unavailable):
            await cut_off()
        async with tenants.transaction("acme"):
            assert len((await prepared.read(status="new")).items) == 2
    finally:
        await superuser.close()


async def test_a_table_that_changed_meanwhile_is_contended_once(tenants: orm.Tenants) -> None:
    prepared = page_of_a_status()
    async with tenants.transaction("acme"):
        await prepared.read(status="new")
    async with tenants.transaction("acme") as opened:
        await opened.adapted.driver_connection.execute("alter table desk.tickets alter subject type varchar(200)")
    with pytest.raises(orm.Contended):
        async with tenants.transaction("acme"):
            await prepared.read(status="new")
    async with tenants.transaction("acme"):
        assert len((await prepared.read(status="new")).items) == 2


async def test_a_connection_that_is_closed_before_its_transaction_begins_is_unavailable(tenants: orm.Tenants) -> None:
    prepared = page_of_a_status()

    async def read() -> None:
        async with tenants.transaction("acme") as opened:
            opened.adapted.driver_connection.terminate()
            await prepared.read(status="open")

    with pytest.raises(orm.Unavailable):
        await read()


async def test_a_row_is_written_changed_or_left_and_deleted(tenants: orm.Tenants) -> None:
    once = orm.PreparedInsert(Setting, "name", "value", "version", on=("name",))
    more = orm.greatest(Setting.version, orm.parameter("version", Setting.version))
    again = orm.PreparedInsert(Setting, "name", "value", "version", on=("name",), set={"version": more})
    gone = orm.PreparedDelete(Setting.where(Setting.name == orm.parameter("name", Setting.name)))
    async with tenants.transaction("acme"):
        assert await once.send(name="colour", value="green", version=3)
        assert not await once.send(name="colour", value="red", version=4)
        assert await again.send(name="colour", value="red", version=2)
        found = await Setting.get("colour")
        assert (found.value, found.version) == ("green", 3)
        beside = Setting.where(Setting.name == orm.parameter("other", Setting.name))
        instead = orm.PreparedInsert(Setting, "name", "value", "version", on=("name",), set=("value",), gone=beside)
        with orm.StatementCounter() as counter:
            assert await instead.send(name="shape", value="round", version=1, other="colour")
        assert counter.count == 1
        assert [one.name for one in await Setting.query().all()] == ["shape"]
        await gone.send(name="shape")
        assert not await Setting.query().exists()


async def test_a_single_statement_commits_by_itself(tenants: orm.Tenants) -> None:
    written = orm.PreparedInsert(Setting, "name", "value", "version")

    async def write_and_fail() -> None:
        async with tenants.transaction("acme", single=True):
            await written.send(name="colour", value="green", version=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    async with tenants.transaction("acme"):
        assert await Setting.query().exists()
        await written.send(name="shape", value="round", version=1)
