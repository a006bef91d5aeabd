"""One moment of a database: what its tables hold, and a dump of exactly that."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import IO
from uuid import UUID

import asyncpg

from orm.address import Address

from .connection import connect, translating
from .contents import Content, tables
from .programs import NotCopied, ended, major, running
from .sql import identifier

# The versions of the application that its schema is at: of a customer's database, of the control database.
_REVISIONS = ("meta.revision", "control.revision")
_DUMP = ("--format=custom", "--compress=1", "--no-large-objects", "--exclude-schema=ext", "--lock-wait-timeout=30s")
_PORTABLE = (
    *("--format=custom", "--compress=6", "--no-large-objects", "--lock-wait-timeout=30s"),
    *("--no-owner", "--no-privileges", "--no-comments", "--exclude-table-data=secret.*"),
)
_BATCH, MAJOR = 1000, 18


@dataclass(frozen=True, slots=True)
class Snapshot:
    """It stays as it was until the block ends. Its queries run one after the other, beside the dump."""

    programs: Path
    address: Address
    database: str
    name: str
    postgresql: int
    connection: asyncpg.Connection

    async def contents(self) -> dict[str, Content]:
        """Rows and hash of each table."""
        return await tables(self.connection)

    async def revision(self) -> str:
        """The version of the application that the schema is at, "" where it says nothing."""
        for table in await self._there(_REVISIONS):
            return await self.connection.fetchval(f"SELECT version FROM {table}") or ""  # noqa: S608 a constant
        return ""

    async def identifiers(self, columns: Sequence[str]) -> AsyncIterator[UUID]:
        """What stands in these columns, each named schema.table.column; those that are not there hold nothing."""
        there = await self._there([column.rpartition(".")[0] for column in columns])
        parts = [_standing(column) for column in columns if column.rpartition(".")[0] in there]
        if parts:
            async for row in self.connection.cursor(" UNION ALL ".join(parts), prefetch=_BATCH):
                yield row[0]

    async def _there(self, tables: Sequence[str]) -> list[str]:
        """Those that there are, in this order."""
        which = "SELECT array_agg(name ORDER BY place) FILTER (WHERE to_regclass(name) IS NOT NULL)"
        return (
            await self.connection.fetchval(f"{which} FROM unnest($1::text[]) WITH ORDINALITY n (name, place)", tables)
            or []
        )

    async def dump(self, inlet: IO[bytes]) -> None:
        """The archive of pg_dump, written into the file, which is closed here; NotCopied unless it is whole."""
        command = [f"{self.programs}/pg_dump", *_DUMP, f"--snapshot={self.name}"]
        async with running(command, self.address, self.database, stdin=DEVNULL, stdout=inlet) as dumping:
            # Only the program holds the end from now on: so its reader sees when it has ended.
            inlet.close()
            await ended("pg_dump", dumping)


async def portable(programs: Path, address: Address, database: str) -> AsyncIterator[bytes]:
    """An archive of pg_dump for others to restore, piece by piece: without owners and rights, and without the rows of
    schema secret. NotCopied at its end unless it was whole.
    """
    program = f"{programs}/pg_dump"
    if await major(programs / "pg_dump") < MAJOR:
        raise NotCopied(f"pg_dump is older than PostgreSQL {MAJOR}: install its programs.")
    async with running([program, *_PORTABLE], address, database, stdin=DEVNULL, stdout=PIPE) as dumping:
        # Beside the archive, so that a program that says much does not stand still.
        ending = asyncio.create_task(ended("pg_dump", dumping))
        try:
            async for content in dumping.came():
                yield content
            await ending
        finally:
            ending.cancel()
            await asyncio.gather(ending, return_exceptions=True)


@asynccontextmanager
async def snapshot(programs: Path, address: Address, database: str) -> AsyncIterator[Snapshot]:
    """As the one who makes the copies. NotCopied where pg_dump is older than the server: it must not even begin."""
    program = await major(programs / "pg_dump")
    async with translating(), connect(address, database) as connection:
        server = connection.get_server_version().major
        if program < server:
            raise NotCopied(f"pg_dump is of PostgreSQL {program}, and the server is {server}: install its programs.")
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            name = await connection.fetchval("SELECT pg_export_snapshot()")
            yield Snapshot(programs, address, database, name, server, connection)


async def decode(programs: Path, outlet: IO[bytes]) -> None:
    """Reads the whole archive that comes out of the file, to nowhere; NotCopied unless it is one and whole."""
    async with running([f"{programs}/pg_restore", "--file=/dev/null"], stdin=outlet, stdout=DEVNULL) as decoding:
        outlet.close()
        await ended("pg_restore", decoding)


def _standing(column: str) -> str:
    schema, table, name = map(identifier, column.split("."))
    return f"SELECT {name} FROM {schema}.{table} WHERE {name} IS NOT NULL"  # noqa: S608 the program's own names, quoted
