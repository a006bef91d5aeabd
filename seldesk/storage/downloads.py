"""Large files that are made once, offered for a day and removed: sealed in chunks, each read alone."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from seldesk.storage.copies import first_good, in_all, version_at
from seldesk.storage.envelope import OVERHEAD, seal, unseal
from seldesk.storage.errors import Damaged, Locked, Missing
from seldesk.storage.keys import ContentKeys
from seldesk.storage.place import Place
from seldesk.storage.ring import Ring

CHUNK = 4 * 1024 * 1024
AT_ONCE = 4  # chunks that are sealed anew side by side
_PURPOSE = b"download"


@dataclass(frozen=True, slots=True)
class Packed:
    """What is known of a finished file; hash and size are of its content."""

    chunks: int
    size: int
    sha256: bytes


class Downloads:
    def __init__(self, stores: Sequence[Place], keys: ContentKeys) -> None:
        self._stores = stores
        self._keys = keys

    def begin(self, customer: UUID, file: UUID) -> "Packing":
        """file is a new random id: chunks are created and never overwritten."""
        return Packing(self, customer, file)

    async def put(self, customer: UUID, file: UUID, at: int, content: bytes, *, last: bool) -> None:
        sealed = await _sealed(await self._keys.get(customer), content, _place(customer, file, at, last))
        await in_all(store.create(f"{_folder(customer, file)}/{at:08}", sealed) for store in self._stores)

    async def chunk(self, customer: UUID, file: UUID, at: int, *, last: bool) -> bytes:
        """One of them, from the first store with a good copy; Missing, Damaged, Locked or StoreUnavailable."""
        try:
            return await self._read(await self._keys.get(customer), customer, file, at, last)
        except Locked:
            # Of a version that was made since this process looked.
            return await self._read(await self._keys.get(customer, fresh=True), customer, file, at, last)

    async def _read(self, ring: Ring, customer: UUID, file: UUID, at: int, last: bool) -> bytes:
        def read(sealed: bytes) -> bytes:
            return unseal(ring.opening(sealed), sealed, _PURPOSE, _place(customer, file, at, last))

        return await first_good(self._stores, f"{_folder(customer, file)}/{at:08}", CHUNK + OVERHEAD, read)

    async def reseal(self, customer: UUID, still_at_it: Callable[[], Awaitable[None]]) -> None:
        """Seal what lies under another version than the one that seals anew, in every store. What cannot be opened is
        left as it is: it is gone within a day.
        """
        ring, folder = await self._keys.get(customer, fresh=True), f"{customer}/downloads"
        paths = sorted({path for store in self._stores async for path, _ in store.list(folder)})
        for start in range(0, len(paths), AT_ONCE):
            await still_at_it()
            await in_all(self._reseal(ring, customer, path) for path in paths[start : start + AT_ONCE])

    async def _reseal(self, ring: Ring, customer: UUID, path: str) -> None:
        if {await version_at(store, path) for store in self._stores} <= {ring.sealing[0], None}:
            return
        _, _, file, at = path.split("/")
        # Whether it is the last one stands in what it is sealed with, and nowhere else here.
        for last in (False, True):
            with suppress(Missing, Damaged, Locked):
                content = await self._read(ring, customer, UUID(file), int(at), last)
                sealed = await _sealed(ring, content, _place(customer, UUID(file), int(at), last))
                await in_all(store.replace(path, sealed) for store in self._stores)

    async def delete(self, customer: UUID, file: UUID) -> None:
        await in_all(_emptied(store, _folder(customer, file)) for store in self._stores)

    async def files(self, customer: UUID) -> set[UUID]:
        """Those of which any store has a chunk."""
        paths = [path for store in self._stores async for path, _ in store.list(f"{customer}/downloads")]
        return {UUID(path.split("/")[2]) for path in paths}


class Packing:
    """A file that is being written: at most one chunk of it is in memory."""

    def __init__(self, downloads: Downloads, customer: UUID, file: UUID) -> None:
        self.downloads, self.customer, self.file = downloads, customer, file
        self._buffer, self._chunks, self._size, self._hash = bytearray(), 0, 0, hashlib.sha256()

    async def write(self, content: bytes) -> None:
        view = memoryview(content)
        while view:
            if len(self._buffer) == CHUNK:
                await self._put(last=False)
            taken = view[: CHUNK - len(self._buffer)]
            self._buffer += taken
            view = view[len(taken) :]

    async def close(self) -> Packed:
        """The last chunk says that it is the last: a file that was cut short does not open."""
        await self._put(last=True)
        return Packed(self._chunks, self._size, self._hash.digest())

    async def _put(self, *, last: bool) -> None:
        content = bytes(self._buffer)
        await asyncio.to_thread(self._hash.update, content)
        await self.downloads.put(self.customer, self.file, self._chunks, content, last=last)
        self._chunks, self._size = self._chunks + 1, self._size + len(content)
        self._buffer.clear()


async def _sealed(ring: Ring, content: bytes, place: bytes) -> bytes:
    version, key = ring.sealing
    return await asyncio.to_thread(seal, key, content, _PURPOSE, place, version)


async def _emptied(store: Place, folder: str) -> None:
    for path in [path async for path, _ in store.list(folder)]:
        await store.delete(path)


def _folder(customer: UUID, file: UUID) -> str:
    # Below the customer's own: what removes all of a customer removes these too.
    return f"{customer}/downloads/{file}"


def _place(customer: UUID, file: UUID, at: int, last: bool) -> bytes:
    return customer.bytes + file.bytes + at.to_bytes(8) + bytes([last])
