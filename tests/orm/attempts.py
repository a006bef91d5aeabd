"""What one customer's role may try at what is not its own, and what it must be answered.

Matched by SQLSTATE, because the words change between versions.
"""

from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from uuid import uuid4

import asyncpg

from orm.address import Address
from orm.provision import Identity
from orm.provision.connection import connect
from orm.testing import Cluster

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


# The same, answered otherwise than that a privilege is missing.
OTHERWISE = [
    ("TABLE {other}.app.tickets", "0A000"),
    ("BEGIN; PREPARE TRANSACTION 'mine'", "55000"),
]
OTHERS = ("postgres", "template1", "seldesk_control")
TEMPLATES = ("template0", "seldesk_base", "seldesk_full")


async def move_in(cluster: Cluster) -> None:
    """Acme, Globex and Initech, each with one ticket, one line of its log, one session."""
    for database in CUSTOMERS:
        identity = Identity(uuid4(), database[2:-1], "paid", datetime.now(UTC))
        await cluster.provisioner.create(database, identity=identity, connection_limit=LIMIT)
        async with connect(cluster.customer(database)) as connection:
            await connection.execute(
                "INSERT INTO app.tickets (subject) VALUES ('Émile''s invoice');"
                "INSERT INTO log.audit (what) VALUES ('moved in');"
                "INSERT INTO secret.sessions (hash) VALUES ('h')"
            )


async def move_out(cluster: Cluster) -> None:
    for database in CUSTOMERS:
        await cluster.provisioner.drop(database)


async def refusal(address: Address, statement: str = "SELECT 1") -> str | None:
    """The SQLSTATE of what signing in and running the statement is answered with."""
    try:
        async with connect(address) as connection:
            await connection.execute(statement)
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    return None


async def failures(cluster: Cluster, *, same_user: bool) -> list[str]:
    """What was not answered as it must be, over every row and every ordered pair."""
    wrong = []
    for me, other in PAIRS:
        wrong += [*await _statements(cluster, me, other), *await _doors(cluster, me, other, same_user=same_user)]
        wrong += [*await _sessions(cluster, me, other), *await _crowd(cluster, me, other)]
    return wrong


async def _statements(cluster: Cluster, me: str, other: str) -> list[str]:
    wrong = []
    async with connect(cluster.customer(me)) as connection:
        for row, wanted in [*((statement, "42501") for statement in REFUSED), *OTHERWISE]:
            statement = row.format(me=me, other=other)
            if (answer := await answered(connection, statement)) != wanted:
                wrong.append(f"{me}: {statement}: {answer}")
    return wrong


async def answered(connection: asyncpg.Connection, statement: str) -> str:
    """The SQLSTATE, or "done"; of a transaction that it began nothing is left."""
    try:
        await connection.execute(statement)
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    else:
        return "done"
    finally:
        await connection.execute("ROLLBACK")


async def _doors(cluster: Cluster, me: str, other: str, *, same_user: bool) -> list[str]:
    mine = cluster.customer(me)
    wanted = dict.fromkeys((other, *OTHERS), "42501")
    wanted |= {**dict.fromkeys(TEMPLATES, "55000"), "c_unknown": "3D000"}
    wrong = []
    for database, state in wanted.items():
        answer = await refusal(replace(mine, database=database))
        if answer != ("28000" if same_user else state):
            wrong.append(f"{me} enters {database}: {answer}")
    for mode, state in (("database", "42501"), ("true", "28000")):
        if (answer := await replication(mine, mode)) != state:
            wrong.append(f"{me} replicates ({mode}): {answer}")
    return wrong


async def replication(address: Address, mode: str) -> str | None:
    """How an attempt to replicate is answered."""
    try:
        connection = await asyncpg.connect(
            host=address.host,
            port=address.port,
            user=address.role,
            password=address.password,
            database=address.database,
            server_settings={"replication": mode},
        )
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    await connection.close()
    return None


async def _sessions(cluster: Cluster, me: str, other: str) -> list[str]:
    wrong = []
    async with connect(cluster.customer(other)) as theirs, connect(cluster.customer(me)) as mine:
        pid = await theirs.fetchval("SELECT pg_backend_pid()")
        for call in ("pg_terminate_backend", "pg_cancel_backend", "pg_log_backend_memory_contexts"):
            try:
                await mine.execute(f"SELECT {call}({pid})")
            except asyncpg.InsufficientPrivilegeError:
                continue
            wrong.append(f"{me} calls {call} on a session of {other}")
        row = await mine.fetchrow("SELECT query, client_addr, state FROM pg_stat_activity WHERE pid = $1", pid)
        if tuple(row) != ("<insufficient privilege>", None, None):
            wrong.append(f"{me} sees what {other} does")
        if await theirs.fetchval("SELECT 1") != 1:
            wrong.append(f"{me} has stopped a session of {other}")
    return wrong


async def _crowd(cluster: Cluster, me: str, other: str) -> list[str]:
    """One customer that has all of its connections, and the others beside it."""
    async with AsyncExitStack() as held:
        for _ in range(LIMIT):
            await held.enter_async_context(connect(cluster.customer(me)))
        beside = (cluster.customer(me), cluster.customer(other), cluster.reader(me), cluster.reader(other))
        answers = [await refusal(address) for address in beside]
    return [] if answers == ["53300", None, None, None] else [f"{me} has all of its connections: {answers}"]
