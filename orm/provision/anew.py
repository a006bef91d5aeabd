"""The control database comes back from a copy, and what is seen of a cluster before that is done."""

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from subprocess import PIPE

import asyncpg

from orm.address import Address

from .cluster import close_to_public, create_closed, database_exists
from .connection import connect, translating
from .contents import Content, tables
from .names import CONTROL_OWNER
from .programs import running
from .restoring import NotRestored, feed
from .sql import identifier, literal, quoted
from .templates import BASE_SCRIPT, FRESH

# Beside the control database: what is to take its place, and what has left it.
NEW, OLD = "_new", "_old"


async def restore_control(
    programs: Path,
    superuser: Address,
    archive: AsyncIterator[bytes],
    *,
    name: str,
    expected: Mapping[str, Content],
    emptied: Sequence[str] = (),
    remark: str = "",
) -> None:
    """Puts a copy in the place of the control database, whole or not at all, without the rows of these tables.

    What had the place is closed and has `_old` behind its name from then on. create_control() brings what came to this
    version afterwards, and gives the privileges. NotCopied, NotRestored.

    expected -- what the copy holds; remark -- of the database that comes: see remark_on()
    """
    new = name + NEW
    async with translating(), connect(superuser) as cluster:
        await cluster.execute(f"DROP DATABASE IF EXISTS {identifier(new)} WITH (FORCE)")
        await create_closed(cluster, new, f"{FRESH} OWNER {CONTROL_OWNER}")
        await close_to_public(cluster, new)
        async with connect(superuser, new) as inside:
            await inside.execute(BASE_SCRIPT)
    command = [f"{programs}/pg_restore", f"--role={CONTROL_OWNER}", "--no-owner", "--no-acl", "--no-comments"]
    async with running([*command, "--single-transaction"], superuser, new, stdin=PIPE) as process:
        await feed(process, archive)
    async with translating(), connect(superuser, new) as inside:
        found = await tables(inside)
        if different := sorted(table for table in {*found, *expected} if found.get(table) != expected.get(table)):
            raise NotRestored(f"What was restored is not what was copied: {', '.join(different[:5])}.")
        for table in emptied:
            await inside.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608 quoted
    async with translating(), connect(superuser) as cluster:
        await _swap(cluster, name, remark)


async def _swap(cluster: asyncpg.Connection, name: str, remark: str) -> None:
    new, old = name + NEW, name + OLD
    await cluster.execute(f"DROP DATABASE IF EXISTS {identifier(old)} WITH (FORCE)")
    there = await database_exists(cluster, name)
    if there:
        await cluster.execute(f"ALTER DATABASE {identifier(name)} ALLOW_CONNECTIONS false")
    await cluster.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    async with cluster.transaction():
        if there:
            await cluster.execute(f"ALTER DATABASE {identifier(name)} RENAME TO {identifier(old)}")
        await cluster.execute(f"ALTER DATABASE {identifier(new)} RENAME TO {identifier(name)}")
        await cluster.execute(f"COMMENT ON DATABASE {identifier(name)} IS {literal(remark)}")


@translating()
async def drop_replaced(superuser: Address, name: str) -> None:
    """What restore_control() took the place of."""
    async with connect(superuser) as cluster:
        await cluster.execute(f"DROP DATABASE IF EXISTS {identifier(name + OLD)} WITH (FORCE)")


@translating()
async def remark_on(superuser: Address, database: str) -> str:
    """What stands beside a database's name, and is in no dump of it; "" where there is neither."""
    async with connect(superuser) as cluster:
        found: str | None = await cluster.fetchval(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1", database
        )
        return found or ""


@translating()
async def remark(superuser: Address, database: str, words: str) -> None:
    """The same, for remark_on() to find; "" takes it away."""
    async with connect(superuser) as cluster:
        await cluster.execute(f"COMMENT ON DATABASE {identifier(database)} IS {literal(words)}")


@translating()
async def customers_databases(superuser: Address) -> list[str]:
    """All that lie there, whoever made them, also what was set aside."""
    async with connect(superuser) as cluster:
        rows = await cluster.fetch("SELECT datname FROM pg_database WHERE datname ~ '^(quarantine_)?c_' ORDER BY 1")
        return [row["datname"] for row in rows]


@translating()
async def rows_in(superuser: Address, database: str, table: str) -> int:
    """How many there are: 0 too where there is no such table, or no such database."""
    async with connect(superuser) as cluster:
        if not await database_exists(cluster, database):
            return 0
    async with connect(superuser, database) as inside:
        if await inside.fetchval("SELECT to_regclass($1) IS NULL", table):
            return 0
        found: int = await inside.fetchval(f"SELECT count(*) FROM {quoted(table)}")  # noqa: S608 quoted
        return found
