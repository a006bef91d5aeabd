"""One content key for each customer, wrapped by the master key: destroyed, all it sealed is unreadable.

It can be changed for a new version: while objects are sealed anew, both are there.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from uuid import UUID

from seldesk.storage.envelope import KEY_SIZE
from seldesk.storage.errors import Locked, Missing
from seldesk.storage.masters import InHand, Master
from seldesk.storage.place import Place
from seldesk.storage.ring import Ring
from seldesk.storage.wrapped import Alone, Wrapped, nobody_else

_PURPOSE = b"content key"
REMEMBERED = 60.0  # seconds


class ContentKeys:
    """A key is remembered for a minute: that is how long other processes can still read after destroy()."""

    def __init__(
        self,
        places: Sequence[Place],
        master: Master | bytes,
        *,
        former: Sequence[Master] = (),
        remembered: int = 1000,
        seconds: float = REMEMBERED,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        held = InHand(master) if isinstance(master, bytes) else master
        self._wrapped = Wrapped(places, held, _PURPOSE, former=former)
        self._cache: OrderedDict[UUID, tuple[float, Ring]] = OrderedDict()
        self._remembered = remembered
        self._seconds = seconds
        self._now = now

    async def create(self, customer: UUID) -> None:
        """For the provisioner. A second call completes what the first one left undone."""
        await self._wrapped.create(customer, lambda: Ring.of(secrets.token_bytes(KEY_SIZE)).write())

    async def get(self, customer: UUID, *, fresh: bool = False) -> Ring:
        """Its versions; Locked when they were destroyed or never made. With fresh, what is remembered is not asked."""
        since, ring = self._cache.get(customer, (0.0, None))
        if ring is None or fresh or self._now() - since > self._seconds:
            try:
                ring = Ring.read(await self._wrapped.get(customer))
            except Missing:
                self.forget(customer)
                raise Locked from None
            self._cache[customer] = (self._now(), ring)
        self._cache.move_to_end(customer)
        while len(self._cache) > self._remembered:
            self._cache.popitem(last=False)
        return ring

    async def renew(self, customer: UUID) -> None:
        """A new version seals from now on, and the old one still opens. Said again it completes what was cut off.

        What seals must be in every place first: so it opens only, before it seals.
        """
        ring = (await self.get(customer, fresh=True)).beside(secrets.token_bytes(KEY_SIZE))
        for next_ring in (ring, ring.newest_first()):
            await self._replace(customer, next_ring)

    async def retire(self, customer: UUID) -> None:
        """The newest version alone is left: nothing that lies under another one opens any more."""
        await self._replace(customer, (await self.get(customer, fresh=True)).newest_only())

    async def _replace(self, customer: UUID, ring: Ring) -> None:
        self.forget(customer)
        await self._wrapped.replace(customer, ring.write())

    async def destroy(self, customer: UUID) -> None:
        """For good: no copy of the key is left in any place."""
        self.forget(customer)
        await self._wrapped.destroy(customer)

    async def rewrap(self, alone: Alone = nobody_else) -> int:
        """After the master key was changed; answers how many were wrapped anew."""
        return await self._wrapped.rewrap(alone)

    def forget(self, customer: UUID) -> None:
        self._cache.pop(customer, None)
