"""Large files that are made once, offered for a day and removed: sealed in chunks, each read alone."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from seldesk.storage.copies import first_good, in_all
from seldesk.storage.envelope import OVERHEAD, seal, unseal
from seldesk.storage.keys import ContentKeys
from seldesk.storage.place import Place

CHUNK = 4 * 1024 * 1024
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
        version, key = (await self._keys.get(customer)).sealing
        sealed = await asyncio.to_thread(seal, key, content, _PURPOSE, _place(customer, file, at, last), version)
        await in_all(store.create(f"{_folder(customer, file)}/{at:08}", sealed) for store in self._stores)

    async def chunk(self, customer: UUID, file: UUID, at: int, *, last: bool) -> bytes:
        """One of them, from the first store with a good copy; Missing, Damaged, Locked or StoreUnavailable."""
        ring = await self._keys.get(customer)

        def read(sealed: bytes) -> bytes:
            return unseal(ring.opening(sealed), sealed, _PURPOSE, _place(customer, file, at, last))

        return await first_good(self._stores, f"{_folder(customer, file)}/{at:08}", CHUNK + OVERHEAD, read)

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


async def _emptied(store: Place, folder: str) -> None:
    for path in [path async for path, _ in store.list(folder)]:
        await store.delete(path)


def _folder(customer: UUID, file: UUID) -> str:
    # Below the customer's own: what removes all of a customer removes these too.
    return f"{customer}/downloads/{file}"


def _place(customer: UUID, file: UUID, at: int, last: bool) -> bytes:
    return customer.bytes + file.bytes + at.to_bytes(8) + bytes([last])
