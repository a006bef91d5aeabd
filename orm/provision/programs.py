"""PostgreSQL's own programs, run with a list of arguments, without a shell, and ended with the block."""

import asyncio
import os
import re
import socket
import subprocess
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from subprocess import PIPE
from typing import IO

from orm.address import Address
from orm.errors import Error
from orm.tls import variables

# By program, and when it was written.
_MAJORS: dict[tuple[Path, int], int] = {}
_SAID = 2000  # characters of what a program says when it fails
_PIECE = 1 << 18
End = int | IO[bytes] | None


class NotCopied(Error):
    """The copy failed; nothing of it holds."""


class Process:
    """A program under way. An end that is PIPE, and what it says, is a socket here.

    It is not started by the event loop: uvloop forks for that, which takes 6 ms in a process of 200 MB, and the loop
    stands still meanwhile. Python starts it by vfork, in a tenth of a millisecond.
    """

    def __init__(self, command: list[str], environment: dict[str, str], stdin: End, stdout: End) -> None:
        with ExitStack() as mine, ExitStack() as its:

            def pair() -> tuple[socket.socket, int]:
                one, other = socket.socketpair()
                one.setblocking(False)
                return mine.enter_context(one), its.enter_context(other).fileno()

            self.inlet: socket.socket | None = None
            self.outlet: socket.socket | None = None
            if stdin == PIPE:
                self.inlet, stdin = pair()
            if stdout == PIPE:
                self.outlet, stdout = pair()
            self._telling, says = pair()
            self._process = subprocess.Popen(command, env=environment, stdin=stdin, stdout=stdout, stderr=says)
            self._ends = mine.pop_all()

    async def said(self) -> str:
        """The last of what it said, when it says nothing more."""
        loop, said = asyncio.get_running_loop(), b""
        while part := await loop.sock_recv(self._telling, _PIECE):
            said = (said + part)[-4 * _SAID :]
        return said.decode(errors="replace")[-_SAID:]

    async def came(self) -> AsyncIterator[bytes]:
        """What it writes, piece by piece."""
        while self.outlet and (part := await asyncio.get_running_loop().sock_recv(self.outlet, _PIECE)):
            yield part

    async def feed(self, content: AsyncIterable[bytes]) -> None:
        """All of it; what ends before it has read that says why."""
        loop = asyncio.get_running_loop()
        if self.inlet is None:
            return
        try:
            async for part in content:
                await loop.sock_sendall(self.inlet, part)
        except ConnectionError:
            return
        finally:
            self.inlet.close()

    async def wait(self) -> int:
        return await asyncio.to_thread(self._process.wait)

    async def close(self) -> None:
        """It is over, or ended here."""
        if self._process.returncode is None:
            self._process.kill()
            await self.wait()
        self._ends.close()


@asynccontextmanager
async def running(
    command: list[str],
    address: Address | None = None,
    database: str = "",
    *,
    stdin: End = None,
    stdout: End = None,
) -> AsyncIterator[Process]:
    """A program that does not outlive the block; with an address it signs in there."""
    place, secret = [], {}
    if address is not None:
        place = [f"--host={address.host}", f"--port={address.port}", f"--username={address.role}"]
        place += [f"--dbname={database}", "--no-password"]
        secret = {"PGPASSWORD": address.password, **variables(address)}
    # Variables such as PGPORT would change what the programs do.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    process = Process([*command, *place], {**environment, **secret, "LC_ALL": "C"}, stdin, stdout)
    try:
        yield process
    finally:
        await process.close()


async def ended(program: str, process: Process) -> None:
    """When it has ended well; NotCopied."""
    said = await process.said()
    if code := await process.wait():
        raise NotCopied(f"{program} ended with {code}: {said}")


async def major(program: Path) -> int:
    """The version of PostgreSQL that a program belongs to; NotCopied. It is asked once, until it is exchanged."""
    try:
        seen = program, os.stat(program).st_mtime_ns
        if seen in _MAJORS:
            return _MAJORS[seen]
        async with running([str(program), "--version"], stdout=PIPE) as process:
            said = b"".join([part async for part in process.came()])
    except OSError as error:
        raise NotCopied(f"{program} cannot be run: {error.strerror}") from error
    match = re.search(rb"\(PostgreSQL\) (\d+)", said)
    if match is None:
        raise NotCopied(f"{program} does not say which version it is.")
    return _MAJORS.setdefault(seen, int(match[1]))
