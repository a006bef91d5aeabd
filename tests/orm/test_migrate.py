import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa

from orm.address import Address
from orm.migrate import (
    Revision,
    Revisions,
    UnknownRevision,
    compare,
    draft,
    render,
    upgrade,
    upgrade_all,
)
from orm.provision.connection import connect
from orm.testing import Server

FIRST = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

def upgrade():
    op.create_table(
        "tickets",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("subject", sa.Text, nullable=False, server_default="50% off: \\\\ \\"new\\""),
        schema="app",
    )
    op.execute("INSERT INTO app.tickets (id) VALUES ('0191b1a0-0000-7000-8000-000000000001')")
"""
SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

def upgrade():
    tags = sa.table("tags", sa.column("name", sa.Text), schema="app")
    op.create_table("tags", sa.Column("name", sa.Text, primary_key=True), schema="app")
    op.bulk_insert(tags, [{"name": "a:b"}, {"name": "O'Hara; %(x)s :y"}])
    op.create_index("tickets_subject", "tickets", ["subject"], schema="app")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    versions = tmp_path / "versions"
    versions.mkdir()
    # Alphabetical order is not the order of the revisions.
    (versions / "b_first.py").write_text(FIRST)
    (versions / "a_second.py").write_text(SECOND)
    return tmp_path


@asynccontextmanager
async def desk(address: Address) -> AsyncIterator[asyncpg.Connection]:
    async with connect(address) as connection:
        await connection.execute(
            "CREATE SCHEMA IF NOT EXISTS app; CREATE SCHEMA IF NOT EXISTS meta;"
            "CREATE TABLE IF NOT EXISTS meta.revision (version text NOT NULL);"
            "INSERT INTO meta.revision SELECT '' WHERE NOT EXISTS (SELECT FROM meta.revision)"
        )
        yield connection


def revisions(*statements: str) -> Revisions:
    return Revisions(tuple(Revision(f"{n:04}", sql) for n, sql in enumerate(statements, 1)))


def test_revisions_are_rendered_in_their_own_order(folder: Path) -> None:
    rendered = render(folder)
    assert [step.name for step in rendered.steps] == ["0001", "0002"]
    assert rendered.head == "0002"
    assert "CREATE TABLE app.tickets" in rendered.steps[0].sql
    assert "CREATE TABLE app.tickets" not in rendered.steps[1].sql


def test_a_changed_statement_changes_the_fingerprint(folder: Path) -> None:
    before = render(folder).fingerprint
    assert render(folder).fingerprint == before
    (folder / "versions" / "a_second.py").write_text(SECOND.replace('"a:b"', '"a:other"'))
    assert render(folder).fingerprint != before


def test_two_heads_are_refused_by_name(folder: Path) -> None:
    (folder / "versions" / "c.py").write_text(SECOND.replace('revision = "0002"', 'revision = "0003"'))
    with pytest.raises(ValueError, match="0002, 0003"):
        render(folder)


def test_no_revisions_is_a_schema_too(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    assert render(tmp_path) == Revisions(())
    assert render(tmp_path).head == ""


async def test_rendered_revisions_do_what_was_written(folder: Path, address: Address) -> None:
    async with desk(address) as connection:
        assert await upgrade(connection, render(folder)) == ("", "0002")
        assert await connection.fetchval("SELECT subject FROM app.tickets") == '50% off: \\ "new"'
        names = await connection.fetch("SELECT name FROM app.tags ORDER BY name")
        assert [row["name"] for row in names] == ["O'Hara; %(x)s :y", "a:b"]
        assert await upgrade(connection, render(folder)) == ("0002", "0002")


async def test_a_failing_revision_is_undone_and_the_rest_stays(address: Address) -> None:
    good, bad = "CREATE TABLE app.one (id int)", "CREATE TABLE app.two (id int); SELECT 1/0"
    async with desk(address) as connection:
        with pytest.raises(asyncpg.DivisionByZeroError):
            await upgrade(connection, revisions(good, bad))
        assert await connection.fetchval("SELECT version FROM meta.revision") == "0001"
        assert await connection.fetchval("SELECT to_regclass('app.two')") is None
        mended = revisions(good, "CREATE TABLE app.two (id int)")
        assert await upgrade(connection, mended) == ("0001", "0002")


async def test_a_newer_database_is_left_alone(address: Address) -> None:
    async with desk(address) as connection:
        await upgrade(connection, revisions("SELECT 1", "SELECT 2"))
        with pytest.raises(UnknownRevision, match="0002"):
            await upgrade(connection, revisions("SELECT 1"))


async def test_a_migration_waits_for_a_reader_in_short_turns(address: Address) -> None:
    """Between two attempts everybody else gets through, though they queue behind one that waits."""
    async with desk(address) as connection:
        await upgrade(connection, revisions("CREATE TABLE app.one (id int)"))
        async with connect(address) as reader:
            reading = reader.transaction()
            await reading.start()
            await reader.fetch("SELECT * FROM app.one")
            steps = revisions("CREATE TABLE app.one (id int)", "ALTER TABLE app.one ADD more int")
            migrating = asyncio.create_task(upgrade(connection, steps, pauses=(1.0, 0.1)))
            await asyncio.sleep(0.9)  # the first attempt is over, the second not begun
            async with connect(address) as other, asyncio.timeout(0.5):
                await other.fetch("SELECT * FROM app.one")
            await reading.rollback()
        assert await migrating == ("0001", "0002")


async def test_a_lock_that_is_never_free_ends_the_attempts(address: Address) -> None:
    async with desk(address) as connection, connect(address) as reader:
        await upgrade(connection, revisions("CREATE TABLE app.one (id int)"))
        async with reader.transaction():
            await reader.fetch("SELECT * FROM app.one")
            steps = revisions("CREATE TABLE app.one (id int)", "ALTER TABLE app.one ADD more int")
            with pytest.raises(asyncpg.LockNotAvailableError):
                await upgrade(connection, steps, pauses=())
        assert await upgrade(connection, steps) == ("0001", "0002")


async def test_two_migrators_of_one_database_do_each_revision_once(address: Address) -> None:
    steps = revisions(*(f"CREATE TABLE app.t{n} (id int)" for n in range(10)))
    async with desk(address) as first, desk(address) as second:
        await asyncio.gather(upgrade(first, steps), upgrade(second, steps))
        assert await first.fetchval("SELECT version FROM meta.revision") == "0010"


@pytest.fixture
async def three(server: Server) -> AsyncIterator[dict[str, Address]]:
    addresses = {name: await server.database() for name in ("acme", "globex", "initech")}
    for address in addresses.values():
        async with desk(address):
            pass
    yield addresses
    for address in addresses.values():
        await server.drop(address)


async def test_many_databases_are_brought_to_the_head(three: dict[str, Address]) -> None:
    steps = revisions("CREATE TABLE app.one (id int)", "CREATE TABLE app.two (id int)")
    report = await upgrade_all(list(three), lambda name: desk(three[name]), steps, at_once=2)
    assert [(one.target, one.before, one.after) for one in report.outcomes] == [(name, "", "0002") for name in three]
    assert report.failed == ()


async def test_a_migration_that_is_killed_is_gone_on_with(three: dict[str, Address], server: Server) -> None:
    """One database done, one in the middle of a revision, one not begun."""
    slow = revisions("CREATE TABLE app.one (id int)", "CREATE TABLE app.two (id int); SELECT pg_sleep(30)")
    quick = revisions("CREATE TABLE app.one (id int)", "CREATE TABLE app.two (id int)")
    acme, globex, initech = three
    await upgrade_all([acme], lambda name: desk(three[name]), quick)
    killed = asyncio.create_task(upgrade_all([globex, initech], lambda name: desk(three[name]), slow, at_once=1))
    async with connect(server.superuser) as superuser:
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ '^CREATE.*pg_sleep'"
        async with asyncio.timeout(10):
            while not await superuser.fetch(query):  # noqa: ASYNC110 another session tells nobody
                await asyncio.sleep(0.02)
    report = await killed
    assert [(one.target, one.after) for one in report.outcomes] == [(globex, "0001"), (initech, None)]
    assert "terminating connection" in (report.outcomes[0].error or "")
    assert "not tried" in (report.outcomes[1].error or "")
    again = await upgrade_all(list(three), lambda name: desk(three[name]), quick)
    assert [(one.before, one.after, one.error) for one in again.outcomes] == [
        ("0002", "0002", None),
        ("0001", "0002", None),
        ("", "0002", None),
    ]


async def test_few_failures_do_not_hold_the_others_up(three: dict[str, Address]) -> None:
    async with connect(three["globex"]) as connection:
        await connection.execute("CREATE TABLE app.one (secret text); INSERT INTO app.one VALUES ('hunter2')")
    steps = revisions("CREATE TABLE app.one (id int)")
    report = await upgrade_all(list(three), lambda name: desk(three[name]), steps, at_once=1, tolerated=0.5)
    assert [one.target for one in report.failed] == ["globex"]
    assert [one.after for one in report.outcomes] == ["0001", "", "0001"]


async def test_reports_quote_no_rows(three: dict[str, Address]) -> None:
    steps = revisions(
        "CREATE TABLE app.one (secret text); INSERT INTO app.one VALUES ('hunter2'), ('hunter2');"
        "CREATE UNIQUE INDEX ON app.one (secret)"
    )
    report = await upgrade_all(list(three), lambda name: desk(three[name]), steps)
    assert len(report.failed) == 3
    assert "hunter2" not in repr(report)


async def test_a_database_that_is_away_is_reported(three: dict[str, Address]) -> None:
    @asynccontextmanager
    async def away(name: str) -> AsyncIterator[asyncpg.Connection]:
        raise ConnectionRefusedError(name)
        yield

    report = await upgrade_all(["acme"], away, revisions("SELECT 1"))
    assert [(one.before, one.after) for one in report.failed] == [(None, None)]


def models(*more: sa.Column[object]) -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(
        "tickets",
        metadata,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("subject", sa.Text, nullable=False, server_default='50% off: \\ "new"'),
        sa.Index("tickets_subject", "subject"),
        *more,
        schema="app",
    )
    sa.Table("tags", metadata, sa.Column("name", sa.Text, primary_key=True), schema="app")
    return metadata


async def test_models_are_compared_with_the_migrated_database(folder: Path, address: Address) -> None:
    async with desk(address) as connection:
        await upgrade(connection, render(folder))
        # Tables of schemas that are not asked for are nobody's surplus.
        assert await compare(address, models(), ["app"]) == []
        (lacking,) = await compare(address, models(sa.Column("due", sa.DateTime(timezone=True))), ["app"])
        assert "add_column" in lacking
        assert "due" in lacking
        await connection.execute("ALTER TABLE app.tickets ALTER subject DROP NOT NULL, ADD more int")
        differences = await compare(address, models(), ["app"])
        assert len(differences) == 2
        assert any("modify_nullable" in difference for difference in differences)


async def test_comparing_does_not_depend_on_the_roles_search_path(folder: Path, address: Address) -> None:
    async with desk(address) as connection:
        await upgrade(connection, render(folder))
        await connection.execute(f"ALTER ROLE {address.role} SET search_path = app")
    assert await compare(address, models(), ["app"]) == []


async def test_a_drafted_revision_brings_the_database_to_the_models(folder: Path, address: Address) -> None:
    wanted = models(sa.Column("due", sa.DateTime(timezone=True)))
    async with desk(address) as connection:
        await upgrade(connection, render(folder))
        source = await draft(
            address,
            wanted,
            ["app"],
            name="0003",
            after="0002",
            message="Tickets fall due",
            now=datetime(2026, 5, 1, tzinfo=UTC),
        )
        (folder / "versions" / "c_third.py").write_text(source)
        assert await upgrade(connection, render(folder)) == ("0002", "0003")
    assert await compare(address, wanted, ["app"]) == []
