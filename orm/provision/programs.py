"""PostgreSQL's own programs, run with a list of arguments, without a shell, and ended with the block."""

import os
import re
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from orm.address import Address
from orm.errors import Error
from orm.tls import variables

# By program, and when it was written.
_MAJORS: dict[tuple[Path, int], int] = {}
_SAID = 2000  # characters of what a program says when it fails


class NotCopied(Error):
    """The copy failed; nothing of it holds."""


@asynccontextmanager
async def running(
    command: list[str], address: Address | None = None, database: str = "", **ends: Any
) -> AsyncIterator[Process]:
    """A program that does not outlive the block; with an address it signs in there."""
    place, secret = [], {}
    if address is not None:
        place = [f"--host={address.host}", f"--port={address.port}", f"--username={address.role}"]
        place += [f"--dbname={database}", "--no-password"]
        secret = {"PGPASSWORD": address.password, **variables(address)}
    # Variables such as PGPORT would change what the programs do.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    process = await create_subprocess_exec(
        *(*command, *place), env={**environment, **secret, "LC_ALL": "C"}, stderr=PIPE, **ends
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ended(program: str, process: Process) -> None:
    """When it has ended well; NotCopied."""
    _, said = await process.communicate()
    if process.returncode:
        raise NotCopied(f"{program} ended with {process.returncode}: {said.decode(errors='replace')[-_SAID:]}")


async def major(program: Path) -> int:
    """The version of PostgreSQL that a program belongs to; NotCopied. It is asked once, until it is exchanged."""
    try:
        seen = program, os.stat(program).st_mtime_ns
        if seen in _MAJORS:
            return _MAJORS[seen]
        async with running([str(program), "--version"], stdout=PIPE) as process:
            said, _ = await process.communicate()
    except OSError as error:
        raise NotCopied(f"{program} cannot be run: {error.strerror}") from error
    match = re.search(rb"\(PostgreSQL\) (\d+)", said)
    if match is None:
        raise NotCopied(f"{program} does not say which version it is.")
    return _MAJORS.setdefault(seen, int(match[1]))
