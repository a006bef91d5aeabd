"""Copies of databases in one or two stores: each object with a signed manifest beside it, which is written last."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from pyrage import x25519

from seldesk.storage import manifest as pages
from seldesk.storage.copies import in_all
from seldesk.storage.errors import Damaged, Missing, StorageError, StoreUnavailable
from seldesk.storage.manifest import Forged, Manifest
from seldesk.storage.place import Place
from seldesk.storage.sealing import Spool, hashed, unsealed

FOLDER = "copies"
COPY, MANIFEST = ".age", ".manifest"


class Archive:
    """Stores are told by their position. public is what manifests are checked with."""

    def __init__(self, stores: Sequence[Place], public: bytes) -> None:
        self.stores = stores
        self.public = public

    async def put(self, store: int, customer: UUID, copy: UUID, spool: Spool) -> None:
        """Create-only. Whether it arrived is known only when it was read back."""
        await self.stores[store].put(path(customer, copy), spool.chunks(), spool.size)

    async def put_manifest(self, store: int, page: bytes, manifest: Manifest) -> None:
        """Written and read back: from now on the copy is listed in this store."""
        place, where = self.stores[store], path(manifest.customer, manifest.copy, MANIFEST)
        await place.create(where, page)
        await place.settle(where)
        if await place.get(where, pages.LARGEST) != page:
            raise Damaged("A store gave back another manifest than was put into it.")

    async def hash(self, store: int, customer: UUID, copy: UUID) -> tuple[int, bytes]:
        """Size and sha256 of the whole object as this store gives it back; Missing, StoreUnavailable."""
        return await hashed(self.chunks(store, customer, copy))

    def chunks(self, store: int, customer: UUID, copy: UUID) -> AsyncIterator[bytes]:
        """The sealed object as this store gives it back."""
        return self.stores[store].read(path(customer, copy))

    async def manifest(self, customer: UUID, copy: UUID, store: int | None = None) -> Manifest:
        """From this store, else from the first that has a good one; Missing, Forged, StoreUnavailable."""
        found: list[StorageError] = []
        for place in self.stores if store is None else [self.stores[store]]:
            try:
                page = await place.get(path(customer, copy, MANIFEST), pages.LARGEST)
                return pages.read(page, self.public, customer=customer, copy=copy)
            except (Missing, Damaged, Forged, StoreUnavailable) as error:
                found.append(error)
        raise _telling(found)

    async def manifests(self, customer: UUID | None = None) -> AsyncIterator[tuple[int, UUID, UUID]]:
        """Position of the store, customer and copy, of each manifest that lies there, good or not."""
        for store in range(len(self.stores)):
            async for place in self._listed(store, customer, MANIFEST):
                yield store, *place

    async def objects(self, store: int, customer: UUID | None = None) -> AsyncIterator[tuple[UUID, UUID]]:
        """Customer and copy of each object, those without a manifest included."""
        async for place in self._listed(store, customer, COPY):
            yield place

    async def open(self, customer: UUID, copy: UUID, identity: x25519.Identity) -> AsyncIterator[bytes]:
        """The pg_dump archive, from the first store whose replica is exactly what its manifest says."""
        store = await self.good(customer, copy)
        async for content in unsealed(self.chunks(store, customer, copy), identity):
            yield content

    async def good(self, customer: UUID, copy: UUID) -> int:
        """The first store that has it whole and unchanged; Missing, Damaged, Forged, StoreUnavailable."""
        found: list[StorageError] = []
        for store in range(len(self.stores)):
            try:
                await self.check(store, customer, copy)
            except (Missing, Damaged, Forged, StoreUnavailable) as error:
                found.append(error)
            else:
                return store
        raise _telling(found)

    async def check(self, store: int, customer: UUID, copy: UUID) -> Manifest:
        """Reads all of it in one store; Missing, Damaged, Forged, StoreUnavailable."""
        manifest = await self.manifest(customer, copy, store)
        if await self.hash(store, customer, copy) != (manifest.size, bytes.fromhex(manifest.sha256)):
            raise Damaged("A copy is not what its manifest says: it was changed or cut.")
        return manifest

    async def delete(self, customer: UUID, copy: UUID, store: int | None = None) -> None:
        """From this store, else from all. The manifest first: what is half gone is no longer listed."""
        places = self.stores if store is None else [self.stores[store]]
        await in_all(self._delete(place, customer, copy) for place in places)

    async def forget(self, customer: UUID) -> None:
        """All that lies among the copies of a customer, whatever it is."""
        await in_all(_emptied(place, f"{FOLDER}/{customer}") for place in self.stores)

    @staticmethod
    async def _delete(place: Place, customer: UUID, copy: UUID) -> None:
        for suffix in (MANIFEST, COPY):
            await place.delete(path(customer, copy, suffix))

    async def _listed(self, store: int, customer: UUID | None, suffix: str) -> AsyncIterator[tuple[UUID, UUID]]:
        async for found, _ in self.stores[store].list(FOLDER if customer is None else f"{FOLDER}/{customer}"):
            _, _, rest = found.partition("/")
            whose, _, name = rest.partition("/")
            try:
                if name.endswith(suffix):
                    yield UUID(whose), UUID(name.removesuffix(suffix))
            except ValueError:
                continue  # not ours: left alone


async def _emptied(place: Place, folder: str) -> None:
    for found in [found async for found, _ in place.list(folder)]:
        await place.delete(found)


def path(customer: UUID, copy: UUID, suffix: str = COPY) -> str:
    return f"{FOLDER}/{customer}/{copy}{suffix}"


def _telling(found: Sequence[StorageError]) -> StorageError:
    """A store that is away may hold a good copy; a forged or damaged one says more than a missing one."""
    telling = (Missing, Damaged, Forged, StoreUnavailable)
    return max(found, key=lambda error: next(rank for rank, kind in enumerate(telling) if isinstance(error, kind)))
