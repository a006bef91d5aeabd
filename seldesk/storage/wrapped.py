"""Wrapped keys in places that keep no versions and are in no backup, so that a deleted key is gone."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from uuid import UUID

from seldesk.storage.copies import first_good, in_all
from seldesk.storage.errors import Damaged, Exists, Missing
from seldesk.storage.masters import Master
from seldesk.storage.place import Place

LARGEST = 4096
# Keeps everybody else who would change a customer's keys away.
Alone = Callable[[UUID], AbstractAsyncContextManager[None]]


def nobody_else(customer: UUID) -> AbstractAsyncContextManager[None]:
    """For whoever knows to be alone."""
    return nullcontext()


class Wrapped:
    """One object per customer, alike in all places. What former masters have wrapped opens too, until rewrap()."""

    def __init__(
        self,
        places: Sequence[Place],
        master: Master,
        purpose: bytes,
        *,
        suffix: str = "",
        former: Sequence[Master] = (),
    ) -> None:
        self._places, self._master, self._former = places, master, former
        self._purpose, self._suffix = purpose, suffix

    async def create(self, customer: UUID, make: Callable[[], bytes]) -> None:
        """A second call completes what the first one left undone."""
        path = self._path(customer)
        try:
            wrapped = await self._intact(customer)
        except Missing:
            wrapped = await self._seal(make(), customer)
        for place in self._places:
            try:
                await place.create(path, wrapped)
            except Exists:
                wrapped = await place.get(path, LARGEST)  # whoever was first has chosen the key

    async def get(self, customer: UUID) -> bytes:
        """What was wrapped; Missing, Damaged."""
        return await first_good(
            self._places, self._path(customer), LARGEST, lambda wrapped: self._unseal(wrapped, customer)
        )

    async def replace(self, customer: UUID, content: bytes) -> None:
        """In every place, for what is there already. What was written before a failure stays."""
        wrapped = await self._seal(content, customer)
        await in_all(place.replace(self._path(customer), wrapped) for place in self._places)

    async def destroy(self, customer: UUID) -> None:
        """For good: no copy is left in any place."""
        await in_all(place.delete(self._path(customer)) for place in self._places)

    async def rewrap(self, alone: Alone) -> int:
        """Under the master of today, in every place; answers how many were not. Safe to repeat.

        What is read is written back: who changed it in between would have changed nothing.
        """
        done = 0
        async for customer in self.customers():
            async with alone(customer):
                done += await self._rewrap(customer)
        return done

    async def _rewrap(self, customer: UUID) -> bool:
        wrapped, outdated = await self._intact(customer), False
        try:
            await asyncio.to_thread(self._master.unseal, wrapped, self._purpose, customer.bytes)
        except Damaged:
            wrapped, outdated = await self._seal(await self.get(customer), customer), True
        await in_all(place.replace(self._path(customer), wrapped) for place in self._places)
        return outdated

    async def customers(self) -> AsyncIterator[UUID]:
        """Those who have one in any place."""
        paths = {path for place in self._places async for path, _ in place.list("")}
        for path in sorted(paths):
            name = path.removesuffix(self._suffix)
            if path == name + self._suffix and len(name) == 36:
                yield UUID(name)

    async def _intact(self, customer: UUID) -> bytes:
        def intact(wrapped: bytes) -> bytes:
            self._unseal(wrapped, customer)
            return wrapped

        return await first_good(self._places, self._path(customer), LARGEST, intact)

    async def _seal(self, content: bytes, customer: UUID) -> bytes:
        return await asyncio.to_thread(self._master.seal, content, self._purpose, customer.bytes)

    def _unseal(self, wrapped: bytes, customer: UUID) -> bytes:
        for master in (self._master, *self._former):
            try:
                return master.unseal(wrapped, self._purpose, customer.bytes)
            except Damaged:
                continue
        raise Damaged

    def _path(self, customer: UUID) -> str:
        return f"{customer}{self._suffix}"
