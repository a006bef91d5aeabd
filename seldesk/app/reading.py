"""What a process knows of customers and clusters, read from the control database: all of it, or what has changed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import orm
import rpc
from seldesk.app.directory import Directory, read_only
from seldesk.app.fleet import Fleet
from seldesk.methods.control import clusters, customers, sides
from seldesk.web.live import Hub


@dataclass(frozen=True, slots=True)
class Reading:
    """Keeps them as the control database has them. job calls on that; ways leads to the customers' databases."""

    job: rpc.Call
    directory: Directory
    fleet: Fleet
    ways: orm.Tenants
    live: Hub
    # So that nothing older takes the place of what was read meanwhile.
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def all(self) -> None:
        """Of ten thousand customers that is a third of a second: at the start, and when nobody can say what changed."""
        async with self._one_at_a_time:
            before = self.directory.places()
            # Before the rows: what changes in between is seen next time.
            self.directory.mark = await self.job(customers.mark)
            # Clusters first: a customer may be on a new one.
            await self.clusters()
            self.directory.replace(await self.job(customers.directory), await self.job(sides.list))
            await self._forget(before, self.directory.places())

    async def one(self, customer: UUID) -> None:
        async with self._one_at_a_time:
            before = self.directory.places(customer)
            rows = await self.job(customers.entry, customer=customer)
            if any(not self.fleet.knows(row.cluster) for row in rows):
                await self.clusters()
            self.directory.renew(customer, rows, await self.job(sides.list, customer=customer))
            await self._forget(before, self.directory.places(customer))

    async def changed(self) -> None:
        """All of it, if anything is not as it was when all was read last."""
        if await self.job(customers.mark) != self.directory.mark:
            await self.all()

    async def clusters(self) -> None:
        self.fleet.replace(await self.job(clusters.directory))

    async def _forget(self, before: Mapping[str, object], after: Mapping[str, object]) -> None:
        """Ways that lead nowhere any more, and the pages of those who are gone."""
        for slug in before:
            if after.get(slug) != before[slug]:
                self.ways.forget(slug)
                self.ways.forget(read_only(slug))
        if before.keys() - after.keys():
            await self.live.keep(self.directory.rooms())
