"""What is wrong with a store: each fault by its kind, found by reading all that lies there."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import msgspec

from seldesk.storage import manifest as pages
from seldesk.storage.archive import COPY, FOLDER, MANIFEST, Archive, path
from seldesk.storage.errors import Damaged, Missing
from seldesk.storage.manifest import Forged, Manifest
from seldesk.storage.sealing import hashed

Kind = Literal["missing", "changed", "cut", "swapped", "foreign", "forged", "unlisted"]
SAID: dict[Kind, str] = {
    "missing": "missing: the object is not there",
    "changed": "changed: its content is not what was stored",
    "cut": "cut: it ends too early",
    "swapped": "swapped: this is another copy",
    "foreign": "foreign: it is no customer's, or no name of ours",
    "forged": "forged: its manifest was not signed here, or does not say what the catalogue says",
    "unlisted": "unlisted: no copy of this name is known",
}


@dataclass(frozen=True, slots=True)
class Fault:
    path: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Expected:
    """A verified copy, as the catalogue has it."""

    customer: UUID
    copy: UUID
    size: int
    sha256: bytes


class Inspection:
    """One store. known says whether this hash is the content of any copy, still_at_it is called at times."""

    def __init__(
        self,
        archive: Archive,
        store: int,
        known: Callable[[bytes], Awaitable[bool]],
        still_at_it: Callable[[], Awaitable[None]],
    ) -> None:
        self._archive, self._place, self._store = archive, archive.stores[store], store
        self._known, self._still_at_it = known, still_at_it

    async def replica(self, expected: Expected) -> list[Fault]:
        """Manifest and object, all of it read; StoreUnavailable."""
        return [fault for fault in (await self._manifest(expected), await self._object(expected)) if fault]

    async def _manifest(self, expected: Expected) -> Fault | None:
        where = path(expected.customer, expected.copy, MANIFEST)
        try:
            page = await self._place.get(where, pages.LARGEST)
            manifest = pages.signed(page, self._archive.public)
        except Missing:
            return Fault(where, "missing")
        except (Damaged, Forged):
            return Fault(where, "forged")
        if (manifest.customer, manifest.copy) != (expected.customer, expected.copy):
            return Fault(where, "swapped")
        same = (manifest.size, manifest.sha256) == (expected.size, expected.sha256.hex())
        return None if same else Fault(where, "forged")

    async def _object(self, expected: Expected) -> Fault | None:
        where = path(expected.customer, expected.copy)
        try:
            size, digest = await hashed(self._awake(self._place.read(where)))
        except Missing:
            return Fault(where, "missing")
        if digest == expected.sha256:
            return None
        if await self._known(digest):
            return Fault(where, "swapped")
        return Fault(where, "cut" if size < expected.size else "changed")

    async def _awake(self, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for part in parts:
            await self._still_at_it()
            yield part

    async def foreign(self, customers: Collection[UUID]) -> AsyncIterator[Fault]:
        """What lies among the copies and is nobody's."""
        async for found, _ in self._place.list(FOLDER):
            named = names(found)
            if named is None or named[0] not in customers:
                yield Fault(found, "foreign")

    async def unlisted(self, customer: UUID, listed: Callable[[], Awaitable[Collection[UUID]]]) -> list[Fault]:
        """Of this customer, and not in the catalogue, which is asked after the store: a row is written first.

        What is being dropped in between is gone from the store at the second look.
        """
        found = await self._lying(customer)
        known = await listed()
        strange = [where for where, copy in found.items() if copy not in known]
        if not strange:
            return []
        again = await self._lying(customer)
        return [Fault(where, "unlisted") for where in strange if where in again]

    async def _lying(self, customer: UUID) -> dict[str, UUID]:
        lying = {}
        async for found, _ in self._place.list(f"{FOLDER}/{customer}"):
            named = names(found)
            if named is not None:
                lying[found] = named[1]
        return lying

    async def files(self, customer: UUID, named: Collection[UUID]) -> list[Fault]:
        """Stored files that a copy names and that are not there."""
        there = set()
        async for found, _ in self._place.list(str(customer)):
            there.add(found)
        wanted = {f"{customer}/{one.hex[:2]}/{one}" for one in named}
        return [Fault(where, "missing") for where in sorted(wanted - there)]


def names(found: str) -> tuple[UUID, UUID] | None:
    """Customer and copy of an object's path; None for what has no name of ours."""
    folder, _, rest = found.partition("/")
    whose, _, name = rest.partition("/")
    for suffix in (COPY, MANIFEST):
        if name.endswith(suffix):
            try:
                customer, copy = UUID(whose), UUID(name.removesuffix(suffix))
            except ValueError:
                return None
            return (customer, copy) if found == path(customer, copy, suffix) and folder == FOLDER else None
    return None


async def named_by_copies(archive: Archive, customer: UUID, wanted: Collection[UUID]) -> set[UUID]:
    """Which of these stored files any copy still names. Where a manifest cannot be believed: all of them."""
    left, named = set(wanted), set[UUID]()
    copies = {copy async for _, _, copy in archive.manifests(customer)}
    for copy in sorted(copies):
        if not left:
            break
        manifest: Manifest | None = await _believed(archive, customer, copy)
        if manifest is None:
            return set(wanted)
        named |= left & set(manifest.objects)
        left -= named
    return named


async def _believed(archive: Archive, customer: UUID, copy: UUID) -> Manifest | None:
    try:
        return await archive.manifest(customer, copy)
    except (Missing, Damaged, Forged, msgspec.MsgspecError):
        return None
