"""One content key for each customer, wrapped by the master key: destroyed, all it sealed is unreadable."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from uuid import UUID

from seldesk.storage.envelope import KEY_SIZE
from seldesk.storage.errors import Locked, Missing
from seldesk.storage.masters import InHand, Master
from seldesk.storage.place import Place
from seldesk.storage.wrapped import Wrapped

_PURPOSE = b"content key"


class ContentKeys:
    """A key is remembered for a minute: that is how long other processes can still read after destroy()."""

    def __init__(
        self,
        places: Sequence[Place],
        master: Master | bytes,
        *,
        former: Sequence[Master] = (),
        remembered: int = 1000,
        seconds: float = 60.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        held = InHand(master) if isinstance(master, bytes) else master
        self._wrapped = Wrapped(places, held, _PURPOSE, former=former)
        self._cache: OrderedDict[UUID, tuple[float, bytes]] = OrderedDict()
        self._remembered = remembered
        self._seconds = seconds
        self._now = now

    async def create(self, customer: UUID) -> None:
        """For the provisioner. A second call completes what the first one left undone."""
        await self._wrapped.create(customer, lambda: secrets.token_bytes(KEY_SIZE))

    async def get(self, customer: UUID) -> bytes:
        """The key; Locked when it was destroyed or never made."""
        since, key = self._cache.get(customer, (0.0, b""))
        if not key or self._now() - since > self._seconds:
            try:
                key = await self._wrapped.get(customer)
            except Missing:
                self.forget(customer)
                raise Locked from None
            self._cache[customer] = (self._now(), key)
        self._cache.move_to_end(customer)
        while len(self._cache) > self._remembered:
            self._cache.popitem(last=False)
        return key

    async def destroy(self, customer: UUID) -> None:
        """For good: no copy of the key is left in any place."""
        self.forget(customer)
        await self._wrapped.destroy(customer)

    async def rewrap(self) -> int:
        """After the master key was changed; answers how many were wrapped anew."""
        return await self._wrapped.rewrap()

    def forget(self, customer: UUID) -> None:
        self._cache.pop(customer, None)
