"""PostgreSQL's own programs alone: what a copy and a restore cannot be faster than."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from orm.embedded import binaries
from orm.provision.connection import connect
from orm.provision.names import BASE
from tests.bench.place import Place

RESTORED = "bare_restored"


async def dumped(made: Place, database: str, file: Path) -> float:
    """Seconds in which it is in a file, compressed as a copy is."""
    return await _run(made, "pg_dump", "-Fc", "-Z1", f"--file={file}", f"--dbname={database}")


async def restored(made: Place, file: Path) -> float:
    """Seconds in which it is a database again, in one that was cloned empty. What was made is gone afterwards."""
    async with connect(made.server.superuser) as cluster:
        await cluster.execute(f"CREATE DATABASE {RESTORED} TEMPLATE {BASE} STRATEGY wal_log")
        try:
            options = ("--no-owner", "--no-acl", "--no-comments", "--jobs=1")
            return await _run(made, "pg_restore", *options, f"--dbname={RESTORED}", str(file))
        finally:
            await cluster.execute(f"DROP DATABASE {RESTORED} WITH (FORCE)")


async def all_dumped(made: Place, databases: Sequence[str], folder: Path, at_once: int) -> float:
    """Seconds for all of them, by a loop that has so many under way."""
    waiting, begin = iter(databases), perf_counter()

    async def work() -> None:
        for database in waiting:
            await dumped(made, database, folder / f"{database}.dump")

    await asyncio.gather(*(work() for _ in range(at_once)))
    return perf_counter() - begin


async def _run(made: Place, program: str, *options: str) -> float:
    there, begin = made.server.superuser, perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(f"{binaries()}/{program}", f"--host={there.host}", f"--port={there.port}", f"--username={there.role}"),
        *(*options, "--no-password"),
        env={"PGPASSWORD": there.password, "LC_ALL": "C"},
        stderr=PIPE,
    )
    _, said = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{program} ended with {process.returncode}: {said.decode(errors='replace')[-1000:]}")
    return perf_counter() - begin
