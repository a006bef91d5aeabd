"""A copy becomes a database again: beside the one it was made of, and in its place at the end."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from subprocess import PIPE
from typing import Any
from uuid import UUID

from orm.errors import Error

from .cluster import database_exists
from .connection import translating
from .contents import Content, tables
from .database import Provisioner
from .fencing import end_all, fenced, rename
from .names import Names
from .programs import Process, ended, running
from .sql import identifier, quoted

_ALL = "INSERT, UPDATE, DELETE"


class NotRestored(Error):
    """What was restored is not what was copied; nothing of it holds."""


async def restore(programs: Path, target: Provisioner, database: str, archive: AsyncIterator[bytes]) -> None:
    """Fills a cloned, empty database from what pg_dump wrote in its custom format. NotCopied.

    `programs` is the folder of pg_restore. All or nothing, and nothing is written to a disk in between.
    """
    command = [f"{programs}/pg_restore", f"--role={Names(database).owner}", "--no-owner", "--no-acl", "--no-comments"]
    async with (
        target.owning(database),
        running([*command, "--single-transaction"], target.maker(database), database, stdin=PIPE) as process,
    ):
        await feed(process, archive)


async def feed(process: Process, archive: AsyncIterator[bytes]) -> None:
    """Into pg_restore, until it has ended. NotCopied."""
    ending = asyncio.create_task(ended("pg_restore", process))
    try:
        await process.feed(archive)
        await ending
    finally:
        ending.cancel()
        await asyncio.gather(ending, return_exceptions=True)


@translating()
async def held(provisioner: Provisioner, database: str) -> dict[str, Content]:
    """Each table by its full name: what a copy says of the moment at which it was made, found again."""
    async with provisioner.owning(database) as inside:
        return await tables(inside)


@translating()
async def disown(provisioner: Provisioner, database: str, customer: UUID) -> None:
    """It says no more whose it is, until finish() says it anew. NotRestored for a copy of another customer."""
    async with provisioner.owning(database) as inside:
        if await inside.fetchval("SELECT id FROM meta.customer") != customer:
            raise NotRestored("This is a copy of another customer.")
        await inside.execute("DELETE FROM meta.customer")


@translating()
async def revision(provisioner: Provisioner, database: str) -> str:
    """The migration at which it stands."""
    async with provisioner.owning(database) as inside:
        found: str = await inside.fetchval("SELECT version FROM meta.revision")
        return found


@translating()
async def neutralise(
    provisioner: Provisioner, database: str, *, emptied: Sequence[str], queue: str, now: datetime
) -> int:
    """Nothing in it acts by itself any more: these tables are emptied, and what waits in the queue is superseded.

    Answers how much waited.
    """
    async with provisioner.owning(database) as inside, inside.transaction():
        for table in emptied:
            await inside.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608 quoted
        done = await inside.execute(
            f"UPDATE {quoted(queue)} SET state = 'superseded', finished_at = $1, lease = NULL, lease_until = NULL"  # noqa: S608 quoted
            " WHERE state IN ('new', 'running')",
            now,
        )
        return int(done.rpartition(" ")[2])


@translating()
async def make_readable(provisioner: Provisioner, database: str, *, but: Sequence[str]) -> None:
    """The application reads what the customer has, and writes nothing but in `secret` and in these tables; to those
    in `log` it only adds.
    """
    to = identifier(Names(database).login)
    async with provisioner.owning(database) as inside, inside.transaction():
        for schema in ("app", "log"):
            await inside.execute(f"REVOKE {_ALL} ON ALL TABLES IN SCHEMA {schema} FROM {to}")
        for table in but:
            granted = "INSERT" if table.startswith("log.") else _ALL
            await inside.execute(f"GRANT {granted} ON {quoted(table)} TO {to}")


@translating()
async def written_since(
    provisioner: Provisioner, database: str, table: str, columns: Sequence[str], *, by: str, since: datetime, most: int
) -> list[tuple[Any, ...]]:
    """Rows from a moment on, oldest first, also of a database that lets nobody in."""
    name, order = identifier(database), identifier(by)
    listed = ", ".join(map(identifier, columns))
    async with provisioner.as_owner(database) as cluster:
        closed = await cluster.fetchval("SELECT NOT datallowconn FROM pg_database WHERE datname = $1", database)
        await cluster.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    try:
        async with provisioner.owning(database) as inside:
            query = f"SELECT {listed} FROM {quoted(table)} WHERE {order} >= $1 ORDER BY {order} LIMIT $2"  # noqa: S608 quoted
            return [tuple(row) for row in await inside.fetch(query, since, most)]
    finally:
        if closed:
            async with provisioner.as_owner(database) as cluster:
                await cluster.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")


@translating()
async def swap(provisioner: Provisioner, database: str) -> None:
    """What stands beside the database as new takes its place, all or nothing; what it was is called old. Overtaken.

    The doors of both are shut.
    """
    names = Names(database)
    async with fenced(provisioner, database) as cluster:
        await end_all(cluster, [names.place, names.new])
        if await database_exists(cluster, names.place):
            await rename(cluster, names.place, names.old)
            await cluster.execute(f"ALTER DATABASE {identifier(names.old)} ALLOW_CONNECTIONS false")
        await rename(cluster, names.new, names.place)


@translating()
async def retire(provisioner: Provisioner, database: str) -> None:
    """What left its place lets nobody in, and its roles have nothing in it that they would not have elsewhere."""
    old = Names(Names(database).old)
    name, everybody = identifier(old.database), ", ".join(map(identifier, (old.login, old.reader, old.dumper)))
    async with provisioner.as_owner(old.database) as cluster:
        await cluster.execute(f"REVOKE ALL ON DATABASE {name} FROM {everybody}")
        await cluster.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        for role in (old.login, old.reader):
            await cluster.execute(f"ALTER ROLE {identifier(role)} IN DATABASE {name} RESET ALL")
    async with provisioner.owning(old.database) as inside, inside.transaction():
        for statement in _withdrawn(old):
            await inside.execute(statement)
    async with provisioner.as_owner(old.database) as cluster:
        await cluster.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")


def _withdrawn(names: Names) -> list[str]:
    """What undoes the grants."""
    everybody = ", ".join(map(identifier, (names.login, names.reader, names.dumper)))
    statements = []
    for schema in ("app", "secret", "log", "meta"):
        later = f"ALTER DEFAULT PRIVILEGES FOR ROLE {identifier(names.owner)} IN SCHEMA {schema} REVOKE ALL ON"
        for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
            statements.append(f"REVOKE ALL ON ALL {kind} IN SCHEMA {schema} FROM {everybody}")
            statements.append(f"{later} {kind} FROM {everybody}")
        statements.append(f"REVOKE ALL ON SCHEMA {schema} FROM {everybody}")
    return statements
