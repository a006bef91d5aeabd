"""Copies are sealed while they stream, to a spool that has no name: whoever dies leaves nothing behind."""

import asyncio
import hashlib
import os
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec
from pyrage import x25519

from seldesk.storage.errors import Damaged, Locked, StorageError, StoreFull
from seldesk.storage.sealer import DAMAGED, LOCKED

CHUNK = 1 << 18
_WAIT = 0.02  # seconds between two looks at the end of what is still written
_PROGRAM = str(Path(__file__).with_name("sealer.py"))
_NO_SPACE = "os error 28", "Errno 28", "File too large"


class NotSealed(StorageError):
    """A copy could not be sealed."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """size and sha256 are of the sealed bytes, archive_size of what is in them."""

    size: int
    sha256: bytes
    archive_size: int


@dataclass(frozen=True, slots=True)
class _Told:
    came: int
    went: int
    sha256: str


class Spool:
    """A file that only this process can reach, and that is gone with it."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        # Until then whoever reads waits for more at its end.
        self.whole = True

    @property
    def size(self) -> int:
        return os.fstat(self.descriptor).st_size

    async def chunks(self) -> AsyncIterator[bytes]:
        """From its beginning, however many read it at once, and while it is still written."""
        at = 0
        while True:
            # In this order: what was written before it was whole is not missed.
            whole = self.whole
            if content := await asyncio.to_thread(os.pread, self.descriptor, CHUNK, at):
                yield content
                at += len(content)
            elif whole:
                return
            else:
                await asyncio.sleep(_WAIT)


@contextmanager
def spooling(folder: Path) -> Iterator[Spool]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryFile(dir=folder) as file:
        yield Spool(file.fileno())


async def seal(source: IO[bytes], recipient: str, spool: Spool) -> Sealed:
    """All that comes out of the file, which is closed here. Whether it came whole is for its writer to say."""
    async with _program("seal", recipient, stdin=source, stdout=spool.descriptor) as process:
        # Only the program holds the end from now on: so its writer sees when it has ended.
        source.close()
        told = await _told(process)
    return Sealed(told.went, bytes.fromhex(told.sha256), told.came)


async def unseal(chunks: AsyncIterable[bytes], identity: x25519.Identity, target: IO[bytes]) -> Sealed:
    """Opened into the file, which is closed here; Damaged, or Locked where the identity is another's."""
    async with _program("open", stdin=PIPE, stdout=target) as process:
        target.close()
        _, told = await asyncio.gather(_fed(process, chunks, identity), _told(process))
    return Sealed(told.came, bytes.fromhex(told.sha256), told.went)


async def unsealed(chunks: AsyncIterable[bytes], identity: x25519.Identity) -> AsyncIterator[bytes]:
    """What is in a copy, piece by piece. Only at the end is it certain that nothing is missing: Damaged."""
    async with _program("open", stdin=PIPE, stdout=PIPE) as process:
        feeding = asyncio.create_task(_fed(process, chunks, identity))
        telling = asyncio.create_task(_told(process))
        try:
            while process.stdout is not None and (content := await process.stdout.read(CHUNK)):
                yield content
            await feeding
            await telling
        finally:
            feeding.cancel()
            telling.cancel()
            await asyncio.gather(feeding, telling, return_exceptions=True)


async def hashed(chunks: AsyncIterable[bytes]) -> tuple[int, bytes]:
    """Size and sha256."""
    digest, size = hashlib.sha256(), 0
    async for content in chunks:
        await asyncio.to_thread(digest.update, content)
        size += len(content)
    return size, digest.digest()


@asynccontextmanager
async def _program(*arguments: str, stdin: int | IO[bytes], stdout: int | IO[bytes]) -> AsyncIterator[Process]:
    """The program that seals, which does not outlive the block. Of the environment it gets nothing."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", _PROGRAM, *arguments), stdin=stdin, stdout=stdout, stderr=PIPE, env={}
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _fed(process: Process, chunks: AsyncIterable[bytes], identity: x25519.Identity) -> None:
    inlet = process.stdin
    if inlet is None:
        raise NotSealed
    # It may end before it has read all: then it says why.
    with suppress(ConnectionError):
        inlet.write(f"{identity}\n".encode())
        async for content in chunks:
            inlet.write(content)
            await inlet.drain()
    inlet.close()


async def _told(process: Process) -> _Told:
    said = b"" if process.stderr is None else await process.stderr.read()
    status = await process.wait()
    if status == DAMAGED:
        raise Damaged
    if status == LOCKED:
        raise Locked("This copy is sealed to another identity.")
    words = said.decode(errors="replace").partition("\n")[0][:200]
    if status and any(number in words for number in _NO_SPACE):
        raise StoreFull(f"There is no room to spool a copy: {words}")
    if status:
        raise NotSealed(f"The program that seals ended with {status}: {words}")
    return msgspec.json.decode(said, type=_Told)
