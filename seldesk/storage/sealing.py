"""Copies are sealed while they stream, to a spool that has no name: whoever dies leaves nothing behind."""

import asyncio
import hashlib
import os
import socket
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pyrage import x25519

from seldesk.storage import sealers
from seldesk.storage.errors import Damaged, Locked, StorageError, StoreFull
from seldesk.storage.sealer import DAMAGED, LOCKED
from seldesk.storage.sealers import Program, Told

CHUNK = 1 << 18
_WAIT = 0.02  # seconds between two looks at the end of what is still written
_PROGRAM = Program()
_NO_SPACE = "os error 28", "Errno 28", "File too large"


class NotSealed(StorageError):
    """A copy could not be sealed."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """size and sha256 are of the sealed bytes, archive_size of what is in them."""

    size: int
    sha256: bytes
    archive_size: int


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
    with _PROGRAM.begin(f"seal {recipient}", source.fileno(), spool.descriptor) as telling:
        # Only the program holds the end from now on: so its writer sees when it has ended.
        source.close()
        told = _good(await sealers.told(telling))
    return Sealed(told.went, bytes.fromhex(told.sha256), told.came)


async def unseal(chunks: AsyncIterable[bytes], identity: x25519.Identity, target: IO[bytes]) -> Sealed:
    """Opened into the file, which is closed here; Damaged, or Locked where the identity is another's."""
    async with _opening(chunks, identity, target.fileno()) as (feeding, telling):
        target.close()
        told, _ = await asyncio.gather(telling, feeding)
    return Sealed(told.came, bytes.fromhex(told.sha256), told.went)


async def unsealed(chunks: AsyncIterable[bytes], identity: x25519.Identity) -> AsyncIterator[bytes]:
    """What is in a copy, piece by piece. Only at the end is it certain that nothing is missing: Damaged."""
    loop, (outlet, target) = asyncio.get_running_loop(), socket.socketpair()
    outlet.setblocking(False)
    with outlet, target:
        async with _opening(chunks, identity, target.fileno()) as (feeding, telling):
            target.close()
            while content := await loop.sock_recv(outlet, CHUNK):
                yield content
            await feeding
            await telling


async def hashed(chunks: AsyncIterable[bytes]) -> tuple[int, bytes]:
    """Size and sha256."""
    digest, size = hashlib.sha256(), 0
    async for content in chunks:
        await asyncio.to_thread(digest.update, content)
        size += len(content)
    return size, digest.digest()


@asynccontextmanager
async def _opening(
    chunks: AsyncIterable[bytes], identity: x25519.Identity, target: int
) -> AsyncIterator[tuple["asyncio.Task[None]", "asyncio.Task[Told]"]]:
    """What feeds the program, and what it tells at its end; neither outlives the block."""
    inlet, source = socket.socketpair()
    with inlet, source, _PROGRAM.begin("open", source.fileno(), target) as telling:
        source.close()
        inlet.setblocking(False)
        tasks = asyncio.create_task(_fed(inlet, chunks, identity)), asyncio.create_task(_ended(telling))
        try:
            yield tasks
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _fed(inlet: socket.socket, chunks: AsyncIterable[bytes], identity: x25519.Identity) -> None:
    loop = asyncio.get_running_loop()
    # It may end before it has read all: then it says why.
    with suppress(ConnectionError):
        await loop.sock_sendall(inlet, f"{identity}\n".encode())
        async for content in chunks:
            await loop.sock_sendall(inlet, content)
        inlet.shutdown(socket.SHUT_WR)


async def _ended(telling: socket.socket) -> Told:
    return _good(await sealers.told(telling))


def _good(told: Told | None) -> Told:
    if told is None:
        raise NotSealed("The program that seals was ended before it was done.")
    if told.fault == DAMAGED:
        raise Damaged
    if told.fault == LOCKED:
        raise Locked("This copy is sealed to another identity.")
    words = told.said.partition("\n")[0][:200]
    if told.fault and any(number in words for number in _NO_SPACE):
        raise StoreFull(f"There is no room to spool a copy: {words}")
    if told.fault:
        raise NotSealed(f"The program that seals failed: {words}")
    return told
