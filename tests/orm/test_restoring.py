"""A copy made by pg_dump becomes a database again: beside the living one, and in its place."""

import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest

from orm.address import Address
from orm.ids import uuid7
from orm.migrate import Revision, Revisions
from orm.provision import (
    Carried,
    Identity,
    Names,
    NotCopied,
    NotRestored,
    carry_over,
    check_catalogue,
    contents,
    disown,
    keep,
    make_readable,
    mark,
    neutralise,
    raise_numbers,
    restore,
    retire,
    revision,
    swap,
)
from orm.provision.connection import connect
from orm.testing import Cluster, Server
from tests.orm.revisions import DESK

ACME = Identity(uuid4(), "acme", "paid", datetime(2026, 5, 1, tzinfo=UTC))
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
async def acme(cluster: Cluster) -> AsyncIterator[str]:
    """A customer with two tickets."""
    await cluster.provisioner.create("c_acme", identity=ACME)
    await run(cluster, "c_acme", "INSERT INTO app.tickets (subject) VALUES ('Printer'), ('Scanner')")
    yield "c_acme"
    for database in ("c_acme_new", "c_acme_old", "c_side", "c_acme"):
        await cluster.provisioner.drop(database)


async def run(cluster: Cluster, database: str, *statements: str) -> None:
    async with connect(cluster.customer(database)) as connection:
        for statement in statements:
            await connection.execute(statement)


async def column(address: Address, query: str) -> list[object]:
    async with connect(address) as connection:
        return [row[0] for row in await connection.fetch(query)]


def dumped(cluster: Cluster, server: Server, database: str) -> bytes:
    backup = replace(cluster.backup, database=database)
    place = [f"--host={backup.host}", f"--port={backup.port}", f"--username={backup.role}", f"--dbname={database}"]
    command = [f"{server.programs}/pg_dump", "--format=custom", "--no-large-objects", "--exclude-schema=ext", *place]
    return subprocess.run(command, env={"PGPASSWORD": backup.password}, stdout=subprocess.PIPE, check=True).stdout


async def pieces(archive: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(archive), size):
        yield archive[start : start + size]


async def restored(cluster: Cluster, server: Server, archive: bytes, database: str) -> None:
    await cluster.provisioner.clone(database)
    await restore(server.programs, cluster.provisioner, database, pieces(archive))


async def test_beside_it_is_the_same_under_roles_of_its_own(cluster: Cluster, server: Server, acme: str) -> None:
    archive, makes = dumped(cluster, server, acme), cluster.provisioner
    await restored(cluster, server, archive, "c_side")
    assert await contents(makes, "c_side") == await contents(makes, acme)
    with pytest.raises(asyncpg.PostgresError):
        await column(cluster.customer("c_side"), "SELECT 1")
    await disown(makes, "c_side", ACME.id)
    await makes.finish("c_side", identity=replace(ACME, id=uuid4(), slug="acme--1", plan="side"))
    assert await check_catalogue(cluster.superuser, "c_side") == []
    assert await check_catalogue(cluster.superuser, acme) == []
    assert await column(cluster.customer("c_side"), "SELECT subject FROM app.tickets ORDER BY 1") == [
        "Printer",
        "Scanner",
    ]
    with pytest.raises(asyncpg.PostgresError):
        await column(replace(cluster.customer("c_side"), database=acme), "SELECT 1")


async def test_a_copy_that_is_cut_or_of_another_customer_is_none(cluster: Cluster, server: Server, acme: str) -> None:
    archive = dumped(cluster, server, acme)
    with pytest.raises(NotCopied):
        await restored(cluster, server, archive[: len(archive) // 2], "c_side")
    assert await contents(cluster.provisioner, "c_side") == {}
    await restored(cluster, server, archive, "c_side")
    with pytest.raises(NotRestored):
        await disown(cluster.provisioner, "c_side", uuid4())


async def test_a_readable_one_writes_only_secrets_and_what_is_named(
    cluster: Cluster, server: Server, acme: str
) -> None:
    await restored(cluster, server, dumped(cluster, server, acme), "c_side")
    await disown(cluster.provisioner, "c_side", ACME.id)
    await cluster.provisioner.finish("c_side", identity=ACME)
    await make_readable(cluster.provisioner, "c_side", but=())
    await run(cluster, "c_side", "INSERT INTO secret.sessions (hash) VALUES ('x')")
    for refused in ("UPDATE app.tickets SET subject = ''", "INSERT INTO log.audit (what) VALUES ('x')"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await run(cluster, "c_side", refused)
    await make_readable(cluster.provisioner, "c_side", but=("app.tickets",))
    await run(cluster, "c_side", "UPDATE app.tickets SET subject = ''")


async def test_in_its_place_it_is_what_was_copied_with_what_is_newer_and_about_safety(
    cluster: Cluster, server: Server, acme: str
) -> None:
    makes, names = cluster.provisioner.under(uuid7()), Names(acme)
    await run(cluster, acme, "INSERT INTO secret.sessions (hash) VALUES ('stays'), ('revoked'), ('changed')")
    await run(cluster, acme, "INSERT INTO log.audit (what) VALUES ('before')")
    archive = dumped(cluster, server, acme)
    await run(
        cluster,
        acme,
        "INSERT INTO app.tickets (subject) VALUES ('After the copy')",
        "DELETE FROM secret.sessions WHERE hash = 'revoked'",
        "UPDATE secret.sessions SET hash = 'new' WHERE hash = 'changed'",
        "INSERT INTO secret.sessions (hash) VALUES ('added')",
        "INSERT INTO log.audit (what) VALUES ('after the copy')",
    )
    await mark(makes, acme)
    await restored(cluster, server, archive, names.new)
    assert await revision(makes, names.new) == "0001"
    await disown(makes, names.new, ACME.id)
    await makes.shut(acme)
    await carry_over(makes, acme, names.new, [Carried("secret.sessions", "id", ("hash",), removed=True)])
    await keep(makes, acme, names.new, ["log.audit", "log.nothing"])
    await raise_numbers(makes, acme, names.new)
    await makes.finish(names.new, identity=ACME, opened=False)
    await swap(makes, acme)
    await retire(makes, acme)
    await makes.open(acme)
    assert await column(cluster.customer(acme), "SELECT hash FROM secret.sessions ORDER BY 1") == ["new", "stays"]
    await run(cluster, acme, "INSERT INTO app.tickets (subject) VALUES ('After the restore')")
    assert await column(cluster.customer(acme), "SELECT what FROM log.audit") == ["before", "after the copy"]
    query = "SELECT number || ' ' || subject FROM app.tickets ORDER BY number"
    assert await column(cluster.customer(acme), query) == ["1 Printer", "2 Scanner", "4 After the restore"]
    assert await check_catalogue(cluster.superuser, acme) == []
    assert not await makes.is_open(names.old)
    await makes.drop(names.old)
    assert await column(cluster.customer(acme), query) != []
    assert [one for one in await makes.databases() if one.startswith(acme)] == [acme]


@pytest.mark.fault(16)
async def test_an_older_copy_is_migrated_and_a_newer_one_refused(cluster: Cluster, server: Server, acme: str) -> None:
    archive = dumped(cluster, server, acme)
    newer = Revisions(
        (
            *DESK.steps,
            Revision("0002", "ALTER TABLE app.tickets ADD COLUMN colour text"),
            Revision("0003", "UPDATE app.tickets SET colour = 'red'"),
        )
    )
    await restored(cluster, server, archive, "c_side")
    report = await cluster.provisioner.upgrade(["c_side"], newer)
    assert [(one.before, one.after, one.error) for one in report.outcomes] == [("0001", "0003", None)]
    async with cluster.provisioner.owning("c_side") as inside:
        assert await inside.fetchval("SELECT string_agg(DISTINCT colour, '') FROM app.tickets") == "red"
    again = await cluster.provisioner.upgrade(["c_side"], DESK)
    assert "does not know" in str(again.outcomes[0].error)


async def test_what_waited_in_the_queue_is_superseded(cluster: Cluster, server: Server, acme: str) -> None:
    await restored(cluster, server, dumped(cluster, server, acme), "c_side")
    async with cluster.provisioner.owning("c_side") as inside:
        await inside.execute(
            "CREATE TABLE app.queue (id int, state text, finished_at timestamptz, lease uuid, lease_until timestamptz);"
            "INSERT INTO app.queue VALUES (1, 'new'), (2, 'running'), (3, 'done'); INSERT INTO secret.sessions (hash)"
            " VALUES ('x')"
        )
    emptied = ("secret.sessions",)
    assert await neutralise(cluster.provisioner, "c_side", emptied=emptied, queue="app.queue", now=NOW) == 2
    async with cluster.provisioner.owning("c_side") as inside:
        assert await inside.fetchval("SELECT count(*) FROM app.queue WHERE state = 'superseded'") == 2
        assert await inside.fetchval("SELECT count(*) FROM secret.sessions") == 0
