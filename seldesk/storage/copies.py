"""Reading what lies in several places: the first good copy counts."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

from seldesk.storage.envelope import HEADER_SIZE, version_of
from seldesk.storage.errors import Damaged, Locked, Missing, StoreUnavailable
from seldesk.storage.place import Place

T = TypeVar("T")


async def first_good(places: Sequence[Place], path: str, largest: int, read: Callable[[bytes], T]) -> T:
    """What `read` makes of the first copy that it does not find Damaged or Locked."""
    found: list[Missing | Damaged | Locked | StoreUnavailable] = []
    for place in places:
        try:
            return await asyncio.to_thread(read, await place.get(path, largest))
        except (Missing, Damaged, Locked, StoreUnavailable) as error:
            found.append(error)
    # A store that is away may hold a good copy; a damaged copy says more than a missing one.
    telling = (Missing, Damaged, Locked, StoreUnavailable)
    raise max(found, key=lambda error: telling.index(type(error)))


async def version_at(store: Place, path: str, after: int = 0) -> int | None:
    """Under which version of the key an object lies there: 0 where that cannot be told, None where it does not.

    after: so many bytes stand before what is sealed.
    """
    try:
        return version_of((await store.beginning(path, after + HEADER_SIZE))[after:])
    except Missing:
        return None
    except Damaged:
        return 0


async def in_all(acts: Iterable[Coroutine[Any, Any, None]]) -> None:
    """All are carried through before the first failure is told."""
    for outcome in await asyncio.gather(*acts, return_exceptions=True):
        if outcome is not None:
            raise outcome
