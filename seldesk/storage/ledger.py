"""What was erased, so that no older copy brings it back. An entry is the name of an empty object, and signed: what has
no content cannot be written over, and no name can be made or changed without the key.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from seldesk.storage.copies import in_all
from seldesk.storage.errors import Exists, StoreUnavailable
from seldesk.storage.manifest import Forged, ManifestKey, check
from seldesk.storage.place import Place

FOLDER = "erasures"
STAMP = "%Y%m%dT%H%M%S%fZ"
# In the place of somebody: the customer itself.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Erasure:
    """An entry, under a random id: of somebody inside a customer, or of the customer itself."""

    id: UUID
    customer: UUID
    person: UUID | None
    erased_at: datetime

    @property
    def kind(self) -> Literal["customer", "person"]:
        return "person" if self.person else "customer"

    @property
    def words(self) -> str:
        """What is signed. No manifest begins like this."""
        at = self.erased_at.astimezone(UTC)
        return f"{FOLDER}/{self.id}/{self.customer}.{self.person or ALL}.{at:{STAMP}}"


@dataclass(frozen=True, slots=True)
class Said:
    """What the stores that answer have. forged: position of the store, and a name that was not signed here."""

    entries: dict[UUID, Erasure]
    forged: list[tuple[int, str]]


class Ledger:
    """The same entries in every store. public is what they are checked with, as manifests are."""

    def __init__(self, stores: Sequence[Place], public: bytes) -> None:
        self._stores = stores
        self._public = public

    async def write(self, erasure: Erasure, key: ManifestKey) -> None:
        """In every store before it answers. Said again it is the same entry."""
        path = f"{erasure.words}.{key.signature(erasure.words.encode())}"
        await in_all(_create(store, path) for store in self._stores)

    async def read(self) -> Said:
        """All that any store has; StoreUnavailable when none answers. What was not signed here is never an entry."""
        said, silent = Said({}, []), list[StoreUnavailable]()
        for position, store in enumerate(self._stores):
            try:
                names = [path async for path, _ in store.list(FOLDER)]
            except StoreUnavailable as error:
                silent.append(error)
                continue
            entries, forged = await asyncio.to_thread(_sorted, names, self._public)
            said.entries.update(entries)
            said.forged.extend((position, name) for name in forged)
        if silent and len(silent) == len(self._stores):
            raise silent[0]
        return said

    async def end(self, erasure: UUID) -> None:
        """In every store: nothing is left that it could be needed for."""
        await in_all(_end(store, f"{FOLDER}/{erasure}") for store in self._stores)


async def _create(store: Place, path: str) -> None:
    try:
        await store.create(path, b"")
    except Exists:
        return  # by an earlier try


async def _end(store: Place, folder: str) -> None:
    for path in [path async for path, _ in store.list(folder)]:
        await store.delete(path)


def _sorted(names: Iterable[str], public: bytes) -> tuple[dict[UUID, Erasure], list[str]]:
    entries, forged = dict[UUID, Erasure](), list[str]()
    for name in names:
        try:
            found = _entry(name, public)
        except (ValueError, Forged):
            forged.append(name)
        else:
            entries[found.id] = found
    return entries, forged


def _entry(name: str, public: bytes) -> Erasure:
    """Forged; ValueError for what is no name of an entry."""
    words, _, signature = name.rpartition(".")
    check(words.encode(), signature, public)
    _, erasure, rest = words.split("/")
    customer, person, at = rest.split(".")
    since = datetime.strptime(at, STAMP).replace(tzinfo=UTC)
    return Erasure(UUID(erasure), UUID(customer), None if person == ALL else UUID(person), since)
