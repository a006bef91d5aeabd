"""One content key for each customer, wrapped by the master key: destroyed, all it sealed is unreadable."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from uuid import UUID

from seldesk.storage.copies import first_good, in_all
from seldesk.storage.envelope import KEY_SIZE, OVERHEAD, seal, unseal
from seldesk.storage.errors import Exists, Locked, Missing
from seldesk.storage.place import Place

_PURPOSE = b"content key"


class ContentKeys:
    """Wrapped keys in places that keep no versions and are in no backup, so that a deleted key is gone.

    A key is remembered for a minute: that is how long other processes can still read after destroy().
    """

    def __init__(
        self,
        places: Sequence[Place],
        master: bytes,
        *,
        remembered: int = 1000,
        seconds: float = 60.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        if len(master) != KEY_SIZE:
            raise ValueError(f"A master key has {KEY_SIZE} bytes.")
        self._places = places
        self._master = master
        self._cache: OrderedDict[UUID, tuple[float, bytes]] = OrderedDict()
        self._remembered = remembered
        self._seconds = seconds
        self._now = now

    async def create(self, customer: UUID) -> None:
        """For the provisioner. A second call completes what the first one left undone."""
        path = str(customer)
        try:
            wrapped = await self._wrapped(customer)
        except Missing:
            wrapped = seal(self._master, secrets.token_bytes(KEY_SIZE), _PURPOSE, customer.bytes)
        for place in self._places:
            try:
                await place.create(path, wrapped)
            except Exists:
                wrapped = await place.get(path, len(wrapped))  # whoever was first has chosen the key

    async def get(self, customer: UUID) -> bytes:
        """The key; Locked when it was destroyed or never made."""
        since, key = self._cache.get(customer, (0.0, b""))
        if not key or self._now() - since > self._seconds:
            try:
                wrapped = await self._wrapped(customer)
            except Missing:
                self.forget(customer)
                raise Locked from None
            key = unseal(self._master, wrapped, _PURPOSE, customer.bytes)
            self._cache[customer] = (self._now(), key)
        self._cache.move_to_end(customer)
        while len(self._cache) > self._remembered:
            self._cache.popitem(last=False)
        return key

    async def destroy(self, customer: UUID) -> None:
        """For good: no copy of the key is left in any place."""
        self.forget(customer)
        await in_all(place.delete(str(customer)) for place in self._places)

    def forget(self, customer: UUID) -> None:
        self._cache.pop(customer, None)

    async def _wrapped(self, customer: UUID) -> bytes:
        def intact(wrapped: bytes) -> bytes:
            unseal(self._master, wrapped, _PURPOSE, customer.bytes)
            return wrapped

        return await first_good(self._places, str(customer), KEY_SIZE + OVERHEAD, intact)
