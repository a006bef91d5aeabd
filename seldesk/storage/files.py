"""Each stored file of a customer in each store, held against its label and against the other stores, without a key."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from seldesk.storage.errors import Damaged, Missing
from seldesk.storage.label import Judged, judged
from seldesk.storage.place import Place
from seldesk.storage.sealed import LARGEST_STORED, file_path, object_of

Kind = Literal["missing", "changed", "cut", "swapped", "foreign", "forged"]
SAID: Mapping[Kind, str] = {
    "missing": "missing",
    "changed": "changed: the content is not what was stored",
    "cut": "cut: they end too early",
    "swapped": "swapped: they are other files",
    "foreign": "foreign: no names of files",
    "forged": "forged: they are not what another store has, and each says that it is right",
}


@dataclass(frozen=True, slots=True)
class Harmed:
    """store is the position of the one it lies in; mended: it is there again as it was, from another store."""

    store: int
    name: str
    kind: Kind
    mended: bool


class Files:
    """still_at_it is called before each file that is read."""

    def __init__(self, stores: Sequence[Place], still_at_it: Callable[[], Awaitable[None]]) -> None:
        self._stores, self._still_at_it = stores, still_at_it

    async def check(self, customer: UUID, due: Callable[[UUID], bool]) -> AsyncIterator[Harmed]:
        """Compares the sizes of all, and reads what is due and what differs. What one store has sound is put in the
        place of what another has not; StoreUnavailable.
        """
        lying = [await store.sizes(str(customer)) for store in self._stores]
        for path in sorted(set().union(*lying)):
            named = object_of(path)
            if named is None or path != file_path(customer, named):
                for store, there in enumerate(lying):
                    if path in there:
                        yield Harmed(store, path.partition("/")[2], "foreign", mended=False)
            elif due(named) or len({there.get(path) for there in lying}) > 1:
                await self._still_at_it()
                async for harmed in self._file(customer, named):
                    yield harmed

    async def _file(self, customer: UUID, named: UUID) -> AsyncIterator[Harmed]:
        found = [await self._judged(store, customer, named) for store in self._stores]
        sound = {one.sha256 for one in found if one is not None and one.kind is None}
        if all(one is None for one in found):
            return  # removed meanwhile; what is missing everywhere is asked of the rows
        if len(sound) > 1:
            for store in range(len(found)):
                yield Harmed(store, str(named), "forged", mended=False)
            return
        good = next((store for store, one in enumerate(found) if one is not None and one.kind is None), None)
        for store, one in enumerate(found):
            kind: Kind | None = one.kind if one is not None else "missing"
            if kind is not None:
                mended = good is not None and await self._mend(customer, named, self._stores[good], self._stores[store])
                yield Harmed(store, str(named), kind, mended)

    @staticmethod
    async def _judged(store: Place, customer: UUID, named: UUID) -> Judged | None:
        try:
            return await judged(customer, named, store.read(file_path(customer, named)))
        except Missing:
            return None

    @staticmethod
    async def _mend(customer: UUID, named: UUID, good: Place, bad: Place) -> bool:
        """Read once more: it may be removed or sealed anew just now. What then comes back is found by the sweep."""
        path = file_path(customer, named)
        try:
            content = await good.get(path, LARGEST_STORED)
            if (await judged(customer, named, _once(content))).kind is not None:
                return False
            await bad.replace(path, content)
        except (Missing, Damaged):
            return False
        return True


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
