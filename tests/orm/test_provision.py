import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from orm.address import Address
from orm.errors import Error, Unavailable
from orm.migrate import Revision, Revisions
from orm.provision import (
    BASE,
    FULL,
    STEPS,
    AnotherCustomer,
    Identity,
    Names,
    Provisioner,
    check_catalogue,
    create_control,
    create_templates,
)
from orm.provision.connection import connect
from orm.provision.facts import Standbys, standbys
from orm.provision.scram import verifier
from orm.provision.sql import identifier, literal
from orm.testing import Cluster, Server, password_of
from tests.orm.revisions import CONTROL, DESK

ACME = Identity(uuid4(), "acme", "paid", datetime(2026, 5, 1, tzinfo=UTC))


@pytest.fixture
async def acme(cluster: Cluster) -> AsyncIterator[str]:
    await cluster.provisioner.create("c_acme", identity=ACME)
    yield "c_acme"
    await cluster.provisioner.drop("c_acme")


async def fetch(address: Address, query: str, *arguments: object) -> list[tuple[Any, ...]]:
    async with connect(address) as connection:
        return [tuple(row) for row in await connection.fetch(query, *arguments)]


async def signs_in(address: Address) -> bool:
    try:
        async with connect(address):
            return True
    except asyncpg.PostgresError:
        return False


@asynccontextmanager
async def opened(cluster: Cluster, template: str) -> AsyncIterator[Address]:
    """A template that can be looked into."""
    async with connect(cluster.superuser) as connection:
        await connection.execute(f"ALTER DATABASE {template} ALLOW_CONNECTIONS true")
        try:
            yield replace(cluster.superuser, database=template)
        finally:
            await connection.execute(f"ALTER DATABASE {template} ALLOW_CONNECTIONS false")


async def test_preparing_twice_changes_nothing(server: Server, cluster: Cluster) -> None:
    query = "SELECT oid, datname, datacl::text FROM pg_database WHERE datname !~ '^c_' ORDER BY 1"
    before = await fetch(cluster.superuser, query)
    await server.prepare(DESK, CONTROL)
    assert await fetch(cluster.superuser, query) == before


async def test_public_has_nothing_in_any_database(cluster: Cluster, acme: str) -> None:
    rows = await fetch(
        cluster.superuser,
        "SELECT datname FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))"
        " WHERE grantee = 0 AND datname <> 'template0'",
    )
    assert rows == []


async def test_templates_are_closed_and_belong_to_another_than_their_tables(cluster: Cluster) -> None:
    rows = await fetch(
        cluster.superuser,
        "SELECT datallowconn, datistemplate, datdba::regrole::text FROM pg_database WHERE datname = ANY($1)",
        [BASE, FULL],
    )
    assert rows == [(False, True, "postgres")] * 2


async def test_templates_hold_what_they_should(cluster: Cluster) -> None:
    async with opened(cluster, BASE) as base, opened(cluster, FULL) as full:
        schemas = "SELECT nspname FROM pg_namespace WHERE oid >= 16384 ORDER BY 1"
        assert await fetch(base, schemas) == [("ext",)]
        assert await fetch(full, schemas) == [("app",), ("ext",), ("log",), ("meta",), ("secret",)]
        extensions = "SELECT extname FROM pg_extension ORDER BY 1"
        assert await fetch(base, extensions) == [("pg_trgm",), ("plpgsql",), ("unaccent",)]
        tables = "SELECT tableowner, count(*) > 0 FROM pg_tables WHERE schemaname !~ '^(pg_|info)' GROUP BY 1"
        assert await fetch(base, tables) == []
        assert await fetch(full, tables) == [("tpl_owner", True)]
        assert await fetch(full, "SELECT version FROM meta.revision") == [("0001",)]
        assert await fetch(full, "SELECT * FROM pg_default_acl") == []
        for address in (base, full):
            public = "SELECT has_language_privilege('public', 'plpgsql', 'USAGE'), has_function_privilege"
            assert await fetch(address, f"{public}('public', 'lo_create(oid)', 'EXECUTE')") == [(False, False)]


@pytest.fixture
async def desk_templates(cluster: Cluster) -> AsyncIterator[Address]:
    """To be left as they were."""
    yield cluster.superuser
    await create_templates(cluster.superuser, DESK)


async def test_a_new_revision_renews_the_template(cluster: Cluster, desk_templates: Address) -> None:
    oids = "SELECT datname, oid FROM pg_database WHERE datistemplate AND datname ~ '^seldesk'"
    before = dict(await fetch(cluster.superuser, oids))
    more = Revisions((*DESK.steps, Revision("0002", "ALTER TABLE app.tickets ADD due timestamptz")))
    await create_templates(desk_templates, more)
    after = dict(await fetch(cluster.superuser, oids))
    assert after.keys() == before.keys()
    assert after[BASE] == before[BASE]
    assert after[FULL] != before[FULL]


async def test_a_failing_revision_leaves_the_template_in_use(cluster: Cluster, desk_templates: Address) -> None:
    oid = "SELECT oid FROM pg_database WHERE datname = $1"
    before = await fetch(cluster.superuser, oid, FULL)
    with pytest.raises(Error):
        await create_templates(desk_templates, Revisions((Revision("0001", "CREATE TABLE app.half ("),)))
    assert await fetch(cluster.superuser, oid, FULL) == before
    await create_templates(desk_templates, DESK)
    left = "SELECT datname FROM pg_database WHERE datname ~ '_(new|old)$'"
    assert await fetch(cluster.superuser, left) == []


async def test_control_database_is_for_its_role_alone(cluster: Cluster) -> None:
    control = cluster.control
    assert await fetch(control, "SELECT current_setting('search_path')") == [("control, ext, pg_temp",)]
    await fetch(control, "INSERT INTO customers VALUES (gen_random_uuid(), 'acme')")
    assert await fetch(cluster.backup, "SELECT slug FROM control.customers") == [("acme",)]
    await fetch(control, "DELETE FROM customers")
    for statement in ("CREATE TABLE mine (id int)", "UPDATE revision SET version = ''", "TRUNCATE customers"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await fetch(control, statement)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await fetch(cluster.backup, "DELETE FROM control.customers")


async def test_control_database_is_migrated_in_place(server: Server, cluster: Cluster) -> None:
    steps = (*CONTROL.steps, Revision("0002", "CREATE TABLE control.more (id int)"))
    await create_control(server.superuser, Revisions(steps))
    assert await fetch(cluster.control, "SELECT count(*) FROM more") == [(0,)]
    assert await fetch(cluster.control, "SELECT version FROM control.revision") == [("0002",)]
    undo = "DROP TABLE control.more; UPDATE control.revision SET version = '0001'"
    async with connect(server.superuser, "seldesk_control") as connection:
        await connection.execute(undo)


async def test_a_new_customer_has_all_and_nothing_more(cluster: Cluster, acme: str) -> None:
    assert await check_catalogue(cluster.superuser, acme) == []
    assert await check_catalogue(cluster.backup, acme) == []
    assert await cluster.provisioner.identity(acme) == ACME
    assert acme in await cluster.provisioner.databases()
    assert await cluster.provisioner.exists(acme)
    assert await fetch(cluster.customer(acme), "SELECT count(*) FROM tickets") == [(0,)]
    roles = await fetch(
        cluster.superuser,
        "SELECT rolname, rolcanlogin, rolinherit, rolconnlimit FROM pg_roles WHERE rolname ~ 'c_acme$' ORDER BY 1",
    )
    assert roles == [
        ("c_acme", True, False, 20),
        ("own_c_acme", False, True, -1),
        ("read_c_acme", False, True, -1),
        ("ro_c_acme", True, False, 20),
    ]


async def test_each_step_is_told_when_done(cluster: Cluster) -> None:
    told: list[str] = []
    open_after: list[bool] = []

    async def hear(step: str) -> None:
        told.append(step)
        open_after.append(await signs_in(cluster.customer("c_steps")))

    await cluster.provisioner.create("c_steps", identity=ACME, on_step=hear)
    await cluster.provisioner.drop("c_steps")
    assert tuple(told) == STEPS
    assert open_after == [False] * 5 + [True]


async def test_repeating_a_finished_creation_keeps_what_is_stored(cluster: Cluster, acme: str) -> None:
    await fetch(cluster.customer(acme), "INSERT INTO tickets (subject) VALUES ('kept')")
    await cluster.provisioner.create(acme, identity=replace(ACME, slug="acme-2"))
    assert await fetch(cluster.customer(acme), "SELECT subject FROM tickets") == [("kept",)]
    assert await cluster.provisioner.identity(acme) == replace(ACME, slug="acme-2")


async def test_another_customer_cannot_be_given_the_same_database(cluster: Cluster, acme: str) -> None:
    with pytest.raises(AnotherCustomer):
        await cluster.provisioner.create(acme, identity=replace(ACME, id=uuid4()))
    assert await cluster.provisioner.identity(acme) == ACME


CREATE = """
import asyncio, json, os, signal, sys
from datetime import datetime
from uuid import UUID
from orm.address import Address
from orm.provision import Identity, Provisioner
from orm.testing import password_of

last, address = sys.argv[1], Address(**json.loads(sys.argv[2]))

async def die(step):
    if step == last:
        os.kill(os.getpid(), signal.SIGKILL)

identity = Identity(UUID(int=1), "acme", "paid", datetime.fromisoformat("2026-05-01T00:00:00+00:00"))
asyncio.run(Provisioner(address, password_of).create("c_killed", identity=identity, on_step=die))
"""


@pytest.mark.long
@pytest.mark.parametrize("step", STEPS)
async def test_creation_killed_after_a_step_is_completed_by_another(cluster: Cluster, step: str) -> None:
    address = cluster.address("seldesk_provisioner")
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CREATE, step, json.dumps(asdict(address)), cwd=Path(__file__).parents[2]
    )
    assert await killed.wait() == -signal.SIGKILL
    # Never within reach before the last step.
    assert await signs_in(cluster.customer("c_killed")) is (step == "open")
    if step in ("create", "close", "own", "settings"):
        assert not await signs_in(cluster.reader("c_killed"))
    identity = replace(ACME, id=type(ACME.id)(int=1))
    await cluster.provisioner.create("c_killed", identity=identity)
    assert await check_catalogue(cluster.superuser, "c_killed") == []
    assert await signs_in(cluster.customer("c_killed"))
    await cluster.provisioner.drop("c_killed")


class Cutter:
    """Stands before PostgreSQL and cuts all connections after so many messages from the client."""

    def __init__(self, target: Address, messages: int) -> None:
        self._target, self._left = target, messages
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Address:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return replace(self._target, port=self._server.sockets[0].getsockname()[1])

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner = await asyncio.open_connection(self._target.host, self._target.port)
        self._open |= {writer, inner}
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pass(reader, inner, counted=True))
            group.create_task(self._pass(inner_reader, writer, counted=False))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool) -> None:
        try:
            while data := await reader.read(65536):
                self._left -= counted
                if self._left < 0:
                    for one in self._open:
                        one.close()
                    return
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


@pytest.mark.long
async def test_creation_cut_off_anywhere_is_completed_by_another(cluster: Cluster) -> None:
    address, messages, cuts = cluster.address("seldesk_provisioner"), 1, 0
    while True:
        async with Cutter(address, messages) as through:
            try:
                await Provisioner(through, password_of).create("c_cut", identity=ACME)
                whole = True
            except Error:
                whole = False
        if not whole:
            cuts += 1
            if await signs_in(cluster.customer("c_cut")):
                findings = await check_catalogue(cluster.superuser, "c_cut")
                # At most the provisioner still holds the membership that it gives up last.
                assert {finding.kind for finding in findings} <= {"role"}
            await cluster.provisioner.create("c_cut", identity=ACME)
        assert await check_catalogue(cluster.superuser, "c_cut") == []
        await cluster.provisioner.drop("c_cut")
        if whole:
            break
        messages += 2
    assert cuts > 10


async def test_dropping_leaves_nothing_and_can_be_repeated(cluster: Cluster) -> None:
    await cluster.provisioner.create("c_gone", identity=ACME)
    async with connect(cluster.customer("c_gone")) as working, connect(cluster.reader("c_gone")):
        await cluster.provisioner.drop("c_gone")
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            await working.execute("SELECT 1")
    await cluster.provisioner.drop("c_gone")
    assert not await cluster.provisioner.exists("c_gone")
    assert await fetch(cluster.superuser, "SELECT rolname FROM pg_roles WHERE rolname ~ 'c_gone'") == []


@pytest.mark.parametrize("name", ["postgres", "seldesk_control", "seldesk_full", "", 'c_"x', "c_" + "x" * 60, "C_X"])
async def test_only_names_of_customers_are_touched(cluster: Cluster, name: str) -> None:
    with pytest.raises(ValueError, match="customer"):
        await cluster.provisioner.drop(name)
    with pytest.raises(ValueError, match="customer"):
        await cluster.provisioner.create(name, identity=ACME)


async def test_failures_are_told_in_the_librarys_words(cluster: Cluster) -> None:
    away = Provisioner(replace(cluster.superuser, port=1), password_of)
    with pytest.raises(Unavailable):
        await away.exists("c_acme")


async def test_what_later_migrations_make_has_the_same_privileges(cluster: Cluster, acme: str) -> None:
    later = Revision(
        "0002",
        "CREATE TABLE app.later (id bigserial); CREATE TABLE log.later (id bigserial);"
        "CREATE TABLE secret.later (id int); CREATE FUNCTION app.f() RETURNS int LANGUAGE sql RETURN 1;"
        "CREATE INDEX ON app.tickets USING gin (subject gin_trgm_ops)",
    )
    report = await cluster.provisioner.upgrade([acme], Revisions((*DESK.steps, later)))
    assert [(one.before, one.after, one.error) for one in report.outcomes] == [("0001", "0002", None)]
    assert await check_catalogue(cluster.superuser, acme) == []
    mine = cluster.customer(acme)
    await fetch(mine, "INSERT INTO app.later DEFAULT VALUES RETURNING app.f()")
    await fetch(mine, "INSERT INTO log.later DEFAULT VALUES")
    await fetch(mine, "INSERT INTO secret.later VALUES (1)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await fetch(mine, "DELETE FROM log.later")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await fetch(cluster.reader(acme), "SELECT * FROM secret.later")


def dump_command(server: Server, cluster: Cluster, database: str, target: Path) -> list[str]:
    backup = cluster.backup
    return [
        f"{server.programs}/pg_dump",
        f"--host={backup.host}",
        f"--port={backup.port}",
        f"--username={backup.role}",
        f"--dbname={database}",
        "--format=custom",
        "--no-large-objects",
        "--exclude-schema=ext",
        f"--file={target}",
    ]


def restore_command(server: Server, cluster: Cluster, database: str, source: Path) -> list[str]:
    return [
        f"{server.programs}/pg_restore",
        f"--host={cluster.superuser.host}",
        f"--port={cluster.superuser.port}",
        f"--username={Names(database).maker}",
        f"--dbname={database}",
        f"--role={Names(database).owner}",
        "--no-owner",
        "--no-acl",
        "--no-comments",
        "--single-transaction",
        str(source),
    ]


def run(command: list[str], role: str) -> None:
    environment = {**os.environ, "PGPASSWORD": password_of(role)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


async def test_a_copy_is_restored_beside_equal(server: Server, cluster: Cluster, acme: str, tmp_path: Path) -> None:
    await fetch(cluster.customer(acme), "INSERT INTO tickets (subject) VALUES ('Émile'), ('Zoë')")
    await fetch(cluster.customer(acme), "INSERT INTO sessions (hash) VALUES ('h')")
    run(dump_command(server, cluster, acme, tmp_path / "copy"), "seldesk_backup")
    beside = "c_acme_r1"
    await cluster.provisioner.clone(beside)
    async with cluster.provisioner.owning(beside):
        run(restore_command(server, cluster, beside, tmp_path / "copy"), "seldesk_provisioner")
    assert not await signs_in(cluster.customer(beside))
    await cluster.provisioner.finish(beside, identity=ACME)
    for query in ("TABLE app.tickets", "TABLE secret.sessions", "TABLE meta.customer", "TABLE meta.revision"):
        assert await fetch(replace(cluster.backup, database=beside), query) == await fetch(
            replace(cluster.backup, database=acme), query
        )
    assert await check_catalogue(cluster.superuser, beside) == []
    # And what is new goes on where it was.
    number = "INSERT INTO tickets (subject) VALUES ('next') RETURNING number"
    assert await fetch(cluster.customer(beside), number) == [(3,)]
    await cluster.provisioner.drop(beside)


# What the check is there for: SQL run by the superuser in the database, and what kind it is found as.
PLANTED = [
    ("GRANT CONNECT ON DATABASE c_acme TO PUBLIC", "privilege"),
    ("GRANT CONNECT ON DATABASE c_acme TO seldesk_control", "privilege"),
    ("ALTER DATABASE c_acme OWNER TO postgres", "owner"),
    ("CREATE TABLE app.foreign_one (id int)", "owner"),
    ("CREATE FUNCTION app.foreign_one() RETURNS int LANGUAGE sql RETURN 1", "owner"),
    ("CREATE SCHEMA foreign_one", "owner"),
    ("GRANT SELECT ON app.tickets TO PUBLIC", "privilege"),
    ("GRANT TRUNCATE ON app.tickets TO c_acme", "privilege"),
    ("GRANT SELECT ON app.tickets TO c_acme WITH GRANT OPTION", "privilege"),
    ("GRANT UPDATE ON log.audit TO c_acme", "privilege"),
    ("GRANT UPDATE (what) ON log.audit TO c_acme", "privilege"),
    ("GRANT SELECT ON secret.sessions TO ro_c_acme", "privilege"),
    ("GRANT CREATE ON SCHEMA app TO c_acme", "privilege"),
    ("GRANT CREATE ON SCHEMA ext TO c_acme", "privilege"),
    ("GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC", "privilege"),
    ("GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC", "privilege"),
    ("GRANT EXECUTE ON FUNCTION pg_read_file(text) TO c_acme", "privilege"),
    ("GRANT SELECT ON pg_authid TO read_c_acme", "privilege"),
    ("GRANT SET ON PARAMETER log_statement TO c_acme", "privilege"),
    ("GRANT CONNECT ON DATABASE postgres TO c_acme", "privilege"),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE own_c_acme IN SCHEMA log GRANT DELETE ON TABLES TO c_acme",
        "privilege",
    ),
    ("CREATE EXTENSION hstore SCHEMA ext", "extension"),
    ("CREATE FOREIGN DATA WRAPPER far", "foreign data wrapper"),
    ("CREATE FOREIGN DATA WRAPPER far; CREATE SERVER far FOREIGN DATA WRAPPER far", "foreign server"),
    ("SET ROLE own_c_acme; CREATE PUBLICATION news", "publication"),
    (
        "CREATE FUNCTION app.trap() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
        "CREATE EVENT TRIGGER trap ON ddl_command_start EXECUTE FUNCTION app.trap()",
        "event trigger",
    ),
    ("CREATE LANGUAGE mine HANDLER plpgsql_call_handler", "language"),
    (
        "CREATE SUBSCRIPTION mine CONNECTION 'dbname=far' PUBLICATION far"
        " WITH (connect = false, enabled = false, slot_name = NONE)",
        "subscription",
    ),
    (
        "CREATE FUNCTION app.mine() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'",
        "function in C",
    ),
    ("CREATE TYPE app.mine AS ENUM ('mine')", "owner"),
    ("CREATE SEQUENCE app.mine", "owner"),
    ("CREATE VIEW app.mine AS SELECT 1", "owner"),
    ("CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)", "owner"),
    ('CREATE COLLATION app.mine FROM "C"', "owner"),
    ("SELECT lo_create(0)", "large object"),
    (
        "SET ROLE own_c_acme;CREATE FUNCTION app.hijacked() RETURNS int LANGUAGE sql SECURITY DEFINER RETURN 1",
        "security definer without a pinned search_path",
    ),
    (
        "SET ROLE own_c_acme; CREATE FUNCTION app.hijacked() RETURNS int"
        " LANGUAGE sql SECURITY DEFINER SET search_path = pg_temp, app RETURN 1",
        "security definer without a pinned search_path",
    ),
    ("ALTER ROLE c_acme CONNECTION LIMIT -1", "role"),
    ("ALTER ROLE c_acme CREATEDB", "role"),
    ("ALTER ROLE own_c_acme LOGIN", "role"),
    ("GRANT own_c_acme TO c_acme", "role"),
    ("GRANT read_c_acme TO seldesk_control", "role"),
    ("GRANT pg_read_all_data TO c_acme", "role"),
    ("GRANT own_c_acme TO seldesk_provisioner WITH INHERIT TRUE", "role"),
    ("ALTER ROLE c_acme SET statement_timeout = 0", "setting"),
    ("ALTER ROLE c_acme IN DATABASE c_acme RESET lock_timeout", "setting"),
    ("ALTER DATABASE c_acme SET search_path = pg_temp", "setting"),
]


@pytest.fixture(scope="module")
def check_server() -> Iterator[Cluster]:
    """A server of its own: what is planted here shall not linger for others."""
    with Server() as server:
        yield asyncio.run(server.prepare(DESK, CONTROL))


@pytest.mark.parametrize(("statement", "kind"), PLANTED, ids=[statement[:60] for statement, _ in PLANTED])
async def test_catalogue_check_finds(check_server: Cluster, statement: str, kind: str) -> None:
    cluster = check_server
    await cluster.provisioner.create("c_acme", identity=ACME)
    assert await check_catalogue(cluster.superuser, "c_acme") == []
    async with connect(cluster.superuser, "c_acme") as connection:
        await connection.execute(statement)
    findings = await check_catalogue(cluster.superuser, "c_acme")
    assert kind in {finding.kind for finding in findings}
    async with connect(cluster.superuser, "c_acme") as connection:
        await connection.execute("DROP SUBSCRIPTION IF EXISTS mine")
    async with connect(cluster.superuser) as connection:
        await connection.execute("DROP DATABASE c_acme WITH (FORCE)")
        await connection.execute("REVOKE ALL ON DATABASE postgres FROM c_acme")
        await connection.execute("REVOKE SET ON PARAMETER log_statement FROM c_acme")
        await connection.execute("DROP ROLE c_acme, ro_c_acme, read_c_acme, own_c_acme")


async def test_a_security_definer_that_pins_its_search_path_is_fine(cluster: Cluster, acme: str) -> None:
    safe = (
        "CREATE FUNCTION app.safe() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = app, pg_temp RETURN 1"
    )
    async with cluster.provisioner.owning(acme) as connection:
        await connection.execute(safe)
    assert await check_catalogue(cluster.superuser, acme) == []


def test_passwords_are_in_no_repr(cluster: Cluster) -> None:
    secret = password_of("seldesk_provisioner")
    assert secret not in repr(cluster)
    assert secret not in repr(cluster.address("seldesk_provisioner"))


def test_a_verifier_holds_no_password_and_is_never_the_same() -> None:
    first, second = verifier("open sesame " * 4), verifier("open sesame " * 4)
    assert first != second
    assert "sesame" not in first
    for bad in ("", "open sesame", "pass\nword" * 8, "pässword" * 8):
        with pytest.raises(ValueError, match="ASCII"):
            verifier(bad)


async def test_names_and_texts_are_quoted_whatever_they_hold(cluster: Cluster) -> None:
    for odd in ('a"b', "a'b", "a\\b", "a'); DROP TABLE x; --", "ä ö"):
        rows = await fetch(cluster.superuser, f"SELECT 1 AS {identifier(odd)}, {literal(odd)}")
        assert rows == [(1, odd)]
    for bad in ("", "a\0b", "x" * 64):
        with pytest.raises(ValueError, match="name"):
            identifier(bad)


async def test_a_standby_that_does_not_follow_any_more_is_counted_with_the_log_that_waits_for_it(
    cluster: Cluster,
) -> None:
    assert await standbys(cluster.provisioner.address) == Standbys(0, 0, 0)
    async with connect(cluster.superuser) as connection:
        await connection.execute("SELECT pg_create_physical_replication_slot('b', true)")
        try:
            # Else the log would be in memory still.
            await connection.execute("SET synchronous_commit = on")
            await connection.execute("CREATE TABLE written AS SELECT generate_series(1, 10000)")
            found = await standbys(cluster.provisioner.address)
        finally:
            await connection.execute("SELECT pg_drop_replication_slot('b'); DROP TABLE written")
    assert (found.known, found.away) == (1, 1)
    assert found.behind > 100_000
