"""What was erased, so that no older copy brings it back: small objects that are created once and never changed."""

from collections.abc import Sequence
from uuid import UUID

from seldesk.storage.copies import first_good, in_all
from seldesk.storage.errors import Damaged, Exists, StoreUnavailable
from seldesk.storage.place import Place

FOLDER = "erasures"
LARGEST = 4096


class Ledger:
    """The same entries in every store, each under a random id: numbers are given out again after a restore."""

    def __init__(self, stores: Sequence[Place]) -> None:
        self._stores = stores

    async def write(self, erasure: UUID, entry: bytes) -> None:
        """In every store before it answers. Said again it is the same entry; Damaged when it is another."""
        await in_all(self._write(store, _path(erasure), entry) for store in self._stores)

    async def ids(self) -> set[UUID]:
        """Of all entries that any store has. StoreUnavailable when no store answers."""
        found, silent = set[UUID](), list[StoreUnavailable]()
        for store in self._stores:
            try:
                found |= {erasure async for path, _ in store.list(FOLDER) if (erasure := _named(path))}
            except StoreUnavailable as error:
                silent.append(error)
        if silent and len(silent) == len(self._stores):
            raise silent[0]
        return found

    async def entry(self, erasure: UUID) -> bytes:
        """From the first store that has it; Missing, StoreUnavailable."""
        return await first_good(self._stores, _path(erasure), LARGEST, bytes)

    async def entries(self) -> dict[UUID, bytes]:
        """All that any store has."""
        return {erasure: await self.entry(erasure) for erasure in await self.ids()}

    async def end(self, erasure: UUID) -> None:
        """In every store: nothing is left that it could be needed for."""
        await in_all(store.delete(_path(erasure)) for store in self._stores)

    @staticmethod
    async def _write(store: Place, path: str, entry: bytes) -> None:
        try:
            await store.create(path, entry)
        except Exists:
            if await store.get(path, LARGEST) != entry:
                raise Damaged from None


def _named(path: str) -> UUID | None:
    try:
        return UUID(path.rpartition("/")[2])
    except ValueError:
        return None  # not ours: left alone


def _path(erasure: UUID) -> str:
    return f"{FOLDER}/{erasure}"
