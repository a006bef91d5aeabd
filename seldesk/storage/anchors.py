"""Where the operator's log ended at which time, kept where the control database is not: objects of which the names
say it all, created once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from seldesk.storage.copies import in_all
from seldesk.storage.errors import Exists, StoreUnavailable
from seldesk.storage.place import Place

FOLDER = "anchors"
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Anchor:
    """At this time the log had so many entries, and the last one this hash."""

    at: datetime
    count: int
    hash: bytes

    @property
    def path(self) -> str:
        at = self.at.astimezone(UTC)
        return f"{_folder(at)}/{at:{STAMP}}-{self.count}-{self.hash.hex()}"


class Anchors:
    def __init__(self, stores: Sequence[Place]) -> None:
        self._stores = stores

    async def write(self, anchor: Anchor) -> None:
        """In every store before it answers; StoreUnavailable."""
        await in_all(self._write(store, anchor) for store in self._stores)

    async def of(self, months: Iterable[datetime]) -> list[Anchor]:
        """What any store has of the months of these times. StoreUnavailable when no store answers."""
        found, silent = set[Anchor](), list[StoreUnavailable]()
        wanted = [*dict.fromkeys(_folder(month) for month in months)]
        for store in self._stores:
            try:
                for folder in wanted:
                    found |= {anchor async for path, _ in store.list(folder) if (anchor := _read(path))}
            except StoreUnavailable as error:
                silent.append(error)
        if len(silent) == len(self._stores):
            raise silent[0]
        return sorted(found, key=lambda one: one.at)

    @staticmethod
    async def _write(store: Place, anchor: Anchor) -> None:
        try:
            await store.create(anchor.path, b"")
        except Exists:
            return  # by another worker in the same second


def _folder(at: datetime) -> str:
    return f"{FOLDER}/{at.astimezone(UTC):%Y-%m}"


def _read(path: str) -> Anchor | None:
    """None for what nobody of ours has put there."""
    try:
        at, count, hash = path.rpartition("/")[2].split("-")
        return Anchor(datetime.strptime(at, STAMP).replace(tzinfo=UTC), int(count), bytes.fromhex(hash))
    except ValueError:
        return None
