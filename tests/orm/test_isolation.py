"""What one customer's role gets when it reaches for what is not its own.

Matched by SQLSTATE, because the words change between versions.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from uuid import uuid4

import asyncpg
import pytest

from orm.address import Address
from orm.provision import Identity, check_catalogue
from orm.provision.connection import connect
from orm.testing import Cluster, Server, password_of

CUSTOMERS = ("c_acme7", "c_globex3", "c_initech5")
PAIRS = list(permutations(CUSTOMERS, 2))
LIMIT = 6

# {me} and {other} are two customers' databases, and so their roles.
REFUSED = [
    # to become another
    'SET ROLE "{other}"',
    "SET ROLE own_{me}",
    "SET ROLE ro_{me}",
    "SET ROLE read_{me}",
    "SET ROLE seldesk_provisioner",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION {other}",
    "SET SESSION AUTHORIZATION postgres",
    # to change what there is
    "CREATE TABLE app.mine (id int)",
    "CREATE TABLE secret.mine (id int)",
    "CREATE TABLE log.mine (id int)",
    "CREATE TABLE meta.mine (id int)",
    "CREATE TABLE ext.mine (id int)",
    "CREATE TABLE app.copy AS SELECT * FROM app.tickets",
    "CREATE TEMP TABLE mine (id int)",
    "CREATE TEMP VIEW mine AS SELECT 1",
    "CREATE SCHEMA mine",
    "CREATE VIEW app.mine AS SELECT 1",
    "CREATE SEQUENCE app.mine",
    "CREATE TYPE app.mine AS (a int)",
    "CREATE DOMAIN app.mine AS int",
    "CREATE INDEX ON app.tickets (subject)",
    "CREATE RULE mine AS ON INSERT TO app.tickets DO NOTHING",
    "CREATE POLICY mine ON app.tickets",
    "CREATE TRIGGER mine AFTER INSERT ON app.tickets EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE FUNCTION app.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)",
    "CREATE CAST (text AS app.mood) WITH INOUT",
    "DO 'BEGIN END'",
    "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "ALTER TABLE app.tickets ADD mine text",
    "ALTER TABLE app.tickets DISABLE TRIGGER ALL",
    "ALTER TABLE app.tickets OWNER TO {me}",
    "ALTER TABLE app.tickets ENABLE ROW LEVEL SECURITY",
    "DROP TABLE app.tickets",
    "DROP SCHEMA app CASCADE",
    "TRUNCATE app.tickets",
    "TRUNCATE log.audit",
    "BEGIN; LOCK TABLE log.audit IN ACCESS EXCLUSIVE MODE",
    "REINDEX TABLE app.tickets",
    "CLUSTER app.tickets USING tickets_pkey",
    "COMMENT ON TABLE app.tickets IS 'mine'",
    "SELECT setval('app.tickets_number_seq', 1)",
    # to change the cluster
    "CREATE DATABASE mine",
    "DROP DATABASE {other}",
    "DROP DATABASE {me}",
    "ALTER DATABASE {other} CONNECTION LIMIT 0",
    "ALTER DATABASE {me} SET statement_timeout = 0",
    "ALTER DATABASE {me} RENAME TO mine",
    "CREATE ROLE mine",
    "DROP ROLE {other}",
    "ALTER ROLE {other} PASSWORD 'mine'",
    "ALTER ROLE {other} SET search_path = mine",
    "ALTER ROLE own_{me} LOGIN",
    "ALTER ROLE {me} CONNECTION LIMIT -1",
    "ALTER ROLE {me} CREATEDB",
    "ALTER ROLE {me} SUPERUSER",
    "ALTER ROLE {me} INHERIT",
    "ALTER ROLE ro_{me} RENAME TO mine",
    "GRANT own_{other} TO {me}",
    "GRANT read_{me} TO {me}",
    "GRANT {me} TO {other}",
    "GRANT pg_read_all_data TO {me}",
    "REASSIGN OWNED BY own_{me} TO {me}",
    "DROP OWNED BY {other}",
    "ALTER SYSTEM SET log_statement = 'all'",
    "SET log_statement = 'all'",
    "SET session_replication_role = 'replica'",
    "LOAD 'auto_explain'",
    "CREATE EXTENSION hstore SCHEMA app",
    "CREATE EXTENSION dblink SCHEMA app",
    "CREATE EXTENSION postgres_fdw SCHEMA app",
    "DROP EXTENSION pg_trgm",
    "CREATE LANGUAGE mine HANDLER plpgsql_call_handler",
    "CREATE FOREIGN DATA WRAPPER mine",
    "CREATE PUBLICATION mine",
    "CREATE SUBSCRIPTION mine CONNECTION 'dbname={other}' PUBLICATION mine WITH (connect = false)",
    "CREATE TABLESPACE mine LOCATION '/tmp'",
    "CHECKPOINT",
    "SELECT pg_reload_conf()",
    "SELECT pg_rotate_logfile()",
    "SELECT pg_switch_wal()",
    "SELECT pg_promote()",
    "SELECT pg_create_restore_point('mine')",
    "SELECT pg_create_physical_replication_slot('mine')",
    "SELECT pg_create_logical_replication_slot('mine', 'pgoutput')",
    "SELECT pg_stat_reset()",
    # files and programs
    "COPY app.tickets TO PROGRAM 'cat'",
    "COPY app.tickets FROM PROGRAM 'cat'",
    "COPY app.tickets TO '/tmp/mine'",
    "COPY app.tickets FROM '/etc/passwd'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_read_binary_file('PG_VERSION')",
    "SELECT pg_stat_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_ls_logdir()",
    "SELECT pg_ls_waldir()",
    "SHOW data_directory",
    # large objects: a single one makes every later copy fail
    "SELECT lo_creat(-1)",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'mine')",
    "SELECT lo_put(1, 0, 'mine')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/mine')",
    # what tells about others
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT * FROM pg_file_settings",
    "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_largeobject",
    # the log is for adding to, and the database's identity for reading
    "UPDATE log.audit SET what = 'nothing'",
    "DELETE FROM log.audit",
    "SELECT * FROM log.audit FOR UPDATE",
    "INSERT INTO log.audit (what) VALUES ('x') ON CONFLICT (id) DO UPDATE SET what = 'nothing'",
    "UPDATE meta.customer SET slug = 'mine'",
    "DELETE FROM meta.customer",
    "UPDATE meta.revision SET version = ''",
]


@pytest.fixture(scope="module")
def customers(cluster: Cluster) -> Iterator[Cluster]:
    """Acme, Globex and Initech, each with one ticket, one line of its log, one session."""

    async def move_in() -> None:
        for database in CUSTOMERS:
            identity = Identity(uuid4(), database[2:-1], "paid", datetime.now(UTC))
            await cluster.provisioner.create(database, identity=identity, connection_limit=LIMIT)
            async with connect(cluster.customer(database)) as connection:
                await connection.execute(
                    "INSERT INTO app.tickets (subject) VALUES ('Émile''s invoice');"
                    "INSERT INTO log.audit (what) VALUES ('moved in');"
                    "INSERT INTO secret.sessions (hash) VALUES ('h')"
                )

    async def move_out() -> None:
        for database in CUSTOMERS:
            await cluster.provisioner.drop(database)

    asyncio.run(move_in())
    yield cluster
    asyncio.run(move_out())


@pytest.fixture(params=[True, False], ids=["sameuser", "privileges alone"])
async def door(request: pytest.FixtureRequest, server: Server) -> AsyncIterator[bool]:
    """Whether pg_hba.conf holds customers back already."""
    if not request.param:
        await server.allow(same_user=False)
    yield request.param
    if not request.param:
        await server.allow(same_user=True)


async def refusal(address: Address, statement: str = "SELECT 1") -> str | None:
    """The SQLSTATE of what signing in and running the statement is answered with."""
    try:
        async with connect(address) as connection:
            await connection.execute(statement)
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    return None


@pytest.mark.parametrize("statement", REFUSED)
async def test_customer_may_not(customers: Cluster, statement: str) -> None:
    for me, attempt in {(me, statement.format(me=me, other=other)) for me, other in PAIRS}:
        assert await refusal(customers.customer(me), attempt) == "42501", (me, attempt)


async def test_nothing_that_was_refused_left_a_trace(customers: Cluster) -> None:
    for me, other in PAIRS:
        async with connect(customers.customer(me)) as connection:
            # These only warn, so what matters is that nothing came of them.
            await connection.execute(f"GRANT SELECT ON app.tickets TO {other}")
            await connection.execute("GRANT SELECT ON app.tickets TO PUBLIC")
            await connection.execute(f"GRANT CONNECT ON DATABASE {me} TO {other}")
            await connection.execute("ANALYZE pg_authid")
    for database in CUSTOMERS:
        assert await check_catalogue(customers.superuser, database) == []


async def test_other_databases_cannot_be_entered(customers: Cluster, door: bool) -> None:
    privilege = "28000" if door else "42501"
    for me, other in PAIRS:
        mine = customers.customer(me)
        assert await refusal(mine) is None
        for database in (other, "postgres", "template1", "seldesk_control"):
            assert await refusal(replace(mine, database=database)) == privilege, (me, database)
        for database in ("template0", "seldesk_base", "seldesk_full"):
            assert await refusal(replace(mine, database=database)) == ("28000" if door else "55000")
        assert await refusal(replace(mine, database="c_unknown")) == ("28000" if door else "3D000")


async def test_a_reader_enters_its_customers_database_only(customers: Cluster, door: bool) -> None:
    for me, other in PAIRS:
        reader = customers.reader(me)
        assert await refusal(reader) is None
        for database in (other, "postgres", "template1", "seldesk_control"):
            assert await refusal(replace(reader, database=database)) == "42501"


async def test_roles_that_own_or_are_granted_cannot_sign_in(customers: Cluster, door: bool) -> None:
    for me in CUSTOMERS:
        for role in (f"own_{me}", f"read_{me}", "tpl_owner", "own_control"):
            assert await refusal(customers.address(role, me)) == "28000"


async def test_a_password_opens_one_role_only(customers: Cluster) -> None:
    for me, other in PAIRS:
        stranger = replace(customers.customer(me), role=other, database=other)
        assert await refusal(stranger) == "28P01"


async def test_servants_of_the_cluster_stay_out_of_customers_databases(customers: Cluster, door: bool) -> None:
    for me in CUSTOMERS:
        assert await refusal(customers.address("seldesk_control", me)) == "28000"
        # Let in by its line, refused by the database: it has given its membership up.
        assert await refusal(customers.address("seldesk_provisioner", me)) == "42501"
    assert await refusal(customers.address("seldesk_provisioner", "seldesk_control")) == "28000"
    assert await refusal(customers.address("seldesk_backup", "postgres")) == "28000"


async def test_another_database_cannot_be_named_in_a_query(customers: Cluster) -> None:
    for me, other in PAIRS:
        assert await refusal(customers.customer(me), f"TABLE {other}.app.tickets") == "0A000"


async def test_sessions_of_others_cannot_be_seen_ended_or_cancelled(customers: Cluster) -> None:
    for me, other in PAIRS:
        async with connect(customers.customer(other)) as theirs, connect(customers.customer(me)) as mine:
            pid = await theirs.fetchval("SELECT pg_backend_pid()")
            for call in ("pg_terminate_backend", "pg_cancel_backend", "pg_log_backend_memory_contexts"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await mine.execute(f"SELECT {call}({pid})")
            row = await mine.fetchrow("SELECT query, client_addr, state FROM pg_stat_activity WHERE pid = $1", pid)
            assert tuple(row) == ("<insufficient privilege>", None, None)
            assert await theirs.fetchval("SELECT 1") == 1


async def test_replication_is_refused(customers: Cluster) -> None:
    for me in CUSTOMERS:
        address = customers.customer(me)
        for mode, state in (("database", "42501"), ("true", "28000")):
            with pytest.raises(asyncpg.PostgresError) as refused:
                await asyncpg.connect(
                    host=address.host,
                    port=address.port,
                    user=address.role,
                    password=address.password,
                    database=address.database,
                    server_settings={"replication": mode},
                )
            assert refused.value.sqlstate == state


async def test_a_transaction_cannot_be_left_prepared(customers: Cluster) -> None:
    for me in CUSTOMERS:
        async with connect(customers.customer(me)) as connection:
            await connection.execute("BEGIN; INSERT INTO app.tickets (subject) VALUES ('left behind')")
            with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError):
                await connection.execute("PREPARE TRANSACTION 'mine'")


async def test_one_customer_cannot_take_the_connections_of_all(customers: Cluster) -> None:
    for me, other in PAIRS:
        async with AsyncExitStack() as held:
            for _ in range(LIMIT):
                await held.enter_async_context(connect(customers.customer(me)))
            assert await refusal(customers.customer(me)) == "53300"
            assert await refusal(customers.customer(other)) is None
            assert await refusal(customers.reader(me)) is None


async def test_names_that_everybody_sees_say_nothing(customers: Cluster) -> None:
    async with connect(customers.customer(CUSTOMERS[0])) as connection:
        rows = await connection.fetch(
            "SELECT datname::text FROM pg_database UNION SELECT rolname FROM pg_roles"
            " UNION SELECT coalesce(application_name, '') FROM pg_stat_activity"
            " UNION SELECT description FROM pg_shdescription d JOIN pg_database b ON b.oid = d.objoid"
            " WHERE b.datname LIKE 'c\\_%'"
        )
    known = {"", "postgres", "template0", "template1", "tpl_owner", "own_control"}
    for name in {row[0] for row in rows} - known:
        assert name.startswith(("c_", "own_c_", "ro_c_", "read_c_", "seldesk_", "pg_")), name


async def test_locks_and_notifications_stay_in_their_database(customers: Cluster) -> None:
    for me, other in PAIRS:
        async with connect(customers.customer(me)) as mine, connect(customers.customer(other)) as theirs:
            heard: list[object] = []
            await theirs.add_listener("tickets", lambda *said, heard=heard: heard.append(said))
            await mine.execute("SELECT pg_advisory_lock(7)")
            await mine.execute("NOTIFY tickets, 'subject'")
            assert await theirs.fetchval("SELECT pg_try_advisory_lock(7)") is True
            assert heard == []


async def test_the_application_can_do_its_work(customers: Cluster) -> None:
    for me in CUSTOMERS:
        async with connect(customers.customer(me)) as connection, connection.transaction():
            number = await connection.fetchval("INSERT INTO tickets (subject) VALUES ('Hello') RETURNING number")
            await connection.execute("UPDATE tickets SET subject = 'Émile' WHERE number = $1", number)
            found = await connection.fetchval("SELECT count(*) FROM tickets WHERE plain % 'emile'")
            assert found >= 1
            await connection.execute("INSERT INTO audit (what) VALUES ('said hello')")
            await connection.execute("UPDATE sessions SET hash = 'h2'")
            await connection.execute("DELETE FROM tickets WHERE number = $1", number)
            assert await connection.fetchval("SELECT slug FROM meta.customer") == me[2:-1]
            assert await connection.fetchval("SHOW statement_timeout") == "30s"


async def test_a_reader_cannot_write_nor_read_secrets(customers: Cluster) -> None:
    for me in CUSTOMERS:
        reader = customers.reader(me)
        assert await refusal(reader, "SELECT * FROM tickets, audit, cross_tickets") is None
        for statement in (
            "SELECT * FROM secret.sessions",
            "INSERT INTO app.tickets (subject) VALUES ('mine')",
            "INSERT INTO log.audit (what) VALUES ('mine')",
            "UPDATE app.tickets SET subject = 'mine'",
            "DELETE FROM app.tickets",
            "SELECT nextval('app.tickets_number_seq')",
            "SELECT * FROM app.tickets FOR UPDATE",
            "CREATE TEMP TABLE mine (id int)",
            "SELECT lo_create(0)",
            f"SET ROLE {me}",
        ):
            assert await refusal(reader, statement) == "42501", statement
            # BEGIN READ ONLY would be undone by this.
            assert await refusal(reader, f"SET TRANSACTION READ WRITE; {statement}") == "42501", statement


async def test_the_maker_of_copies_reads_all_and_changes_nothing(customers: Cluster) -> None:
    for me in CUSTOMERS:
        backup = replace(customers.backup, database=me)
        assert await refusal(backup, "SELECT * FROM app.tickets, log.audit, secret.sessions") is None
        for statement in (
            "INSERT INTO app.tickets (subject) VALUES ('mine')",
            "DELETE FROM log.audit",
            "UPDATE secret.sessions SET hash = 'mine'",
            "DROP TABLE app.tickets",
            f"DROP DATABASE {me}",
            f"SET ROLE read_{me}",
            f"SET ROLE own_{me}",
            "CREATE TEMP TABLE mine (id int)",
            "SELECT lo_create(0)",
            "SELECT * FROM pg_authid",
        ):
            assert await refusal(backup, statement) == "42501", statement


async def test_a_change_of_its_own_role_is_found_and_mended(customers: Cluster) -> None:
    """PostgreSQL lets each role do this to itself: it cannot be refused."""
    me = CUSTOMERS[0]
    mine = customers.customer(me)
    changes = f"ALTER ROLE {me} SET statement_timeout = 0; ALTER ROLE {me} IN DATABASE {me} RESET lock_timeout;"
    assert await refusal(mine, f"{changes} ALTER ROLE {me} PASSWORD 'mine'") is None
    assert {finding.kind for finding in await check_catalogue(customers.superuser, me)} == {"setting"}
    assert await refusal(mine) == "28P01"
    await customers.provisioner.rotate(me, connection_limit=LIMIT)
    assert await refusal(mine) is None
    assert await refusal(replace(mine, password="mine")) == "28P01"
    assert await check_catalogue(customers.superuser, me) == []
    assert mine.password == password_of(me)
