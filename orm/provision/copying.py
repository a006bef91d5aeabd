"""One customer's database copied from cluster to cluster, and the proof that both hold the same."""

import asyncio
import os
from pathlib import Path

from orm.address import Address

from .connection import translating
from .contents import Content, sequences, tables
from .database import Provisioner
from .names import Names
from .programs import ended, running


@translating()
async def contents(provisioner: Provisioner, database: str) -> dict[str, Content]:
    """Each table and sequence of a customer by its full name. Nobody may write meanwhile."""
    async with provisioner.owning(database) as inside:
        return {**await tables(inside), **await sequences(inside)}


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
                running(dump, backup, database, stdout=inlet) as dumping,
                running(
                    [*restore, "--single-transaction"], target.maker(database), database, stdin=outlet
                ) as restoring,
            ):
                # Only the two hold the ends from now on: so each sees when the other is gone.
                outlet.close()
                inlet.close()
                both = [asyncio.create_task(ended(*one)) for one in (("pg_dump", dumping), ("pg_restore", restoring))]
                try:
                    await asyncio.gather(*both)
                finally:
                    for one in both:
                        one.cancel()
                    await asyncio.gather(*both, return_exceptions=True)
