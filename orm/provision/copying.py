"""One customer's database copied from cluster to cluster, and the proof that both hold the same."""

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orm.address import Address
from orm.errors import Error

from .connection import translating
from .database import Provisioner
from .names import Names
from .sql import identifier

_SCHEMAS = ("app", "secret", "log", "meta")
_SAID = 2000  # characters of what a program says when it fails


class NotCopied(Error):
    """The copy failed; nothing of it holds."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds, in whatever order: rows, and a sum over their hashes. Of a sequence: where it stands."""

    rows: int
    hashes: str


@translating()
async def contents(provisioner: Provisioner, database: str) -> dict[str, Content]:
    """Each table and sequence of a customer by its full name. Nobody may write meanwhile."""
    found = {}
    async with provisioner.owning(database) as inside:
        tables = await inside.fetch(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY($1) ORDER BY 1, 2", _SCHEMAS
        )
        for schema, table in tables:
            name = f"{identifier(schema)}.{identifier(table)}"
            row = await inside.fetchrow(
                "SELECT count(*), coalesce(sum(hashtextextended(t::text, 1)), 0)::text"  # noqa: S608 names from the catalogue, quoted
                f" || ' ' || coalesce(sum(hashtextextended(t::text, 2)), 0)::text FROM {name} t"
            )
            found[f"{schema}.{table}"] = Content(*row)
        sequences = await inside.fetch(
            "SELECT schemaname || '.' || sequencename, coalesce(last_value, 0)::text FROM pg_sequences"
            " WHERE schemaname = ANY($1)",
            _SCHEMAS,
        )
        for name, last in sequences:
            found[name] = Content(0, last)
    return found


@translating()
async def size(provisioner: Provisioner, database: str) -> int:
    """In bytes."""
    async with provisioner.owning(database) as inside:
        found: int = await inside.fetchval("SELECT pg_database_size(current_database())")
        return found


async def copy(programs: Path, backup: Address, target: Provisioner, database: str) -> None:
    """Fills a cloned, empty database on the target with what the source holds. NotCopied.

    `programs` is the folder of pg_dump and pg_restore; `backup` leads to the source, as the one who makes the
    copies. Nothing is written to a disk in between.
    """
    dump = [f"{programs}/pg_dump", "--format=custom", "--compress=0", "--no-large-objects", "--exclude-schema=ext"]
    restore = [f"{programs}/pg_restore", f"--role={Names(database).owner}", "--no-owner", "--no-acl", "--no-comments"]
    async with target.owning(database):
        outlet, inlet = map(open, os.pipe(), ("rb", "wb"))
        with outlet, inlet:
            async with (
                _running(dump, backup, database, stdout=inlet) as dumping,
                _running([*restore, "--single-transaction"], target.address, database, stdin=outlet) as restoring,
            ):
                # Only the two hold the ends from now on: so each sees when the other is gone.
                outlet.close()
                inlet.close()
                await asyncio.gather(_ended("pg_dump", dumping), _ended("pg_restore", restoring))


@asynccontextmanager
async def _running(command: list[str], address: Address, database: str, **ends: Any) -> AsyncIterator[Process]:
    """A program that does not outlive the block."""
    place = [f"--host={address.host}", f"--port={address.port}", f"--username={address.role}", f"--dbname={database}"]
    # Variables such as PGPORT would change what the programs do.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    process = await asyncio.create_subprocess_exec(
        *(*command, *place, "--no-password"),
        env={**environment, "PGPASSWORD": address.password, "LC_ALL": "C"},
        stderr=PIPE,
        **ends,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _ended(program: str, process: Process) -> None:
    _, said = await process.communicate()
    if process.returncode:
        raise NotCopied(f"{program} ended with {process.returncode}: {said.decode(errors='replace')[-_SAID:]}")
