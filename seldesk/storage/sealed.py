"""Attachments and mails as they came: sealed for one customer, the same bytes in one or two stores."""

import asyncio
import builtins
import hashlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from seldesk.storage.copies import first_good, in_all, version_at
from seldesk.storage.envelope import OVERHEAD, seal, unseal
from seldesk.storage.errors import Damaged, Locked, Missing
from seldesk.storage.keys import ContentKeys
from seldesk.storage.label import SIZE, labelled
from seldesk.storage.place import Place
from seldesk.storage.ring import Ring

LARGEST = 64 * 1024 * 1024
LARGEST_STORED = LARGEST + OVERHEAD + SIZE
# Where a customer's database names them, beside the logo, which the control database names.
NAMED_IN = ("app.attachments.object_id", "app.draft_files.object_id", "app.mails.object_id")
AT_ONCE = 4  # objects that are sealed anew side by side
_PURPOSE = b"object"


@dataclass(frozen=True, slots=True)
class Stored:
    """What the row that names an object keeps: hash and size are of the content, not of what is stored."""

    object_id: UUID
    sha256: bytes
    size: int


class Storage:
    def __init__(self, stores: Sequence[Place], keys: ContentKeys) -> None:
        self._stores = stores
        self._keys = keys

    async def put(self, customer: UUID, content: bytes) -> Stored:
        """Written to every store before it answers. What a failure leaves in one of them is for the sweep."""
        if len(content) > LARGEST:
            raise ValueError(f"An object holds at most {LARGEST} bytes.")
        object_id = uuid4()
        sealed = await self._seal(await self._keys.get(customer), customer, object_id, content)
        await in_all(store.create(file_path(customer, object_id), sealed) for store in self._stores)
        digest = await asyncio.to_thread(hashlib.sha256, content)
        return Stored(object_id, digest.digest(), len(content))

    async def restore(self, customer: UUID, object_id: UUID, content: bytes) -> None:
        """Under the id that rows of an export name it by; what an earlier try has left there is replaced."""
        sealed = await self._seal(await self._keys.get(customer), customer, object_id, content)
        await self.delete(customer, object_id)
        await in_all(store.create(file_path(customer, object_id), sealed) for store in self._stores)

    async def get(self, customer: UUID, object_id: UUID) -> bytes:
        """The content from the first store with a good copy; Missing, Damaged, Locked or StoreUnavailable."""
        try:
            return await self._read(await self._keys.get(customer), customer, object_id)
        except Locked:
            # Of a version that was made since this process looked.
            return await self._read(await self._keys.get(customer, fresh=True), customer, object_id)

    async def reseal(self, customer: UUID, still_at_it: Callable[[], Awaitable[None]]) -> builtins.list[UUID]:
        """Seal what lies under another version than the one that seals anew, in every store. Answers what cannot be
        opened. What is deleted meanwhile may come back, and is found by the sweep.
        """
        unopened: builtins.list[UUID] = []
        ring, ids = await self._keys.get(customer, fresh=True), sorted(await self.list(customer))
        for start in range(0, len(ids), AT_ONCE):
            await still_at_it()
            some = ids[start : start + AT_ONCE]
            await in_all(self._reseal(ring, customer, object_id, unopened) for object_id in some)
        return unopened

    async def _reseal(self, ring: Ring, customer: UUID, object_id: UUID, unopened: builtins.list[UUID]) -> None:
        path, (version, _) = file_path(customer, object_id), ring.sealing
        if {await version_at(store, path, SIZE) for store in self._stores} <= {version, None}:
            return
        try:
            content = await self._read(ring, customer, object_id)
        except Missing:
            return
        except (Damaged, Locked):
            unopened.append(object_id)
            return
        sealed = await self._seal(ring, customer, object_id, content)
        await in_all(store.replace(path, sealed) for store in self._stores)

    async def _seal(self, ring: Ring, customer: UUID, object_id: UUID, content: bytes) -> bytes:
        version, key = ring.sealing
        place = customer.bytes + object_id.bytes
        sealed = await asyncio.to_thread(seal, key, content, _PURPOSE, place, version)
        return await asyncio.to_thread(labelled, customer, object_id, sealed)

    async def _read(self, ring: Ring, customer: UUID, object_id: UUID) -> bytes:
        def read(stored: bytes) -> bytes:
            # The label is for who has no key: a bit that flips there loses nobody a file.
            sealed = stored[SIZE:]
            return unseal(ring.opening(sealed), sealed, _PURPOSE, customer.bytes + object_id.bytes)

        return await first_good(self._stores, file_path(customer, object_id), LARGEST_STORED, read)

    async def delete(self, customer: UUID, object_id: UUID) -> None:
        await in_all(store.delete(file_path(customer, object_id)) for store in self._stores)

    async def forget(self, customer: UUID, spared: Collection[UUID] = ()) -> None:
        """Remove a customer's objects from every store, but for those that are spared."""
        await in_all(self._forget(store, customer, spared) for store in self._stores)

    @staticmethod
    async def _forget(store: Place, customer: UUID, spared: Collection[UUID]) -> None:
        for path in [path async for path, _ in store.list(str(customer))]:
            if object_of(path) not in spared:
                await store.delete(path)

    async def missing(self, store: int, customer: UUID, objects: Collection[UUID]) -> set[UUID]:
        """Those that are not in this store, which is told by its position."""
        missing = set(objects)
        if missing:
            async for path, _ in self._stores[store].list(str(customer)):
                missing.discard(object_of(path) or customer)
        return missing

    async def list(self, customer: UUID) -> dict[UUID, datetime]:
        """Every object in any store and when it was last stored, for the sweep of what no row names."""
        found: dict[UUID, datetime] = {}
        for store in self._stores:
            async for path, stored in store.list(str(customer)):
                object_id = object_of(path)
                if object_id is not None:
                    found[object_id] = max(stored, found.get(object_id, stored))
        return found


class Untouched:
    """The same files for a copy on the side: what it has is what the living one has, so that it removes nothing."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def put(self, customer: UUID, content: bytes) -> Stored:
        """No row of the living one names it: it goes within days."""
        return await self._storage.put(customer, content)

    async def get(self, customer: UUID, object_id: UUID) -> bytes:
        return await self._storage.get(customer, object_id)

    async def delete(self, customer: UUID, object_id: UUID) -> None:
        """Nothing."""

    async def list(self, customer: UUID) -> dict[UUID, datetime]:
        return await self._storage.list(customer)


def file_path(customer: UUID, object_id: UUID) -> str:
    return f"{customer}/{object_id.hex[:2]}/{object_id}"


def object_of(path: str) -> UUID | None:
    try:
        return UUID(path.rpartition("/")[2])
    except ValueError:
        return None  # not ours: left alone
