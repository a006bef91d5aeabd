"""Every customer's database brought to this version: some first, then all, under their leases."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final
from uuid import UUID

import structlog

import orm
import rpc
from orm.migrate import Report, Revisions, upgrade_all
from orm.provision import Names, Owning
from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.command import superuser as named
from seldesk.app.installation import prepare_another, provisioner
from seldesk.errors import Busy, TakenOver
from seldesk.methods.control import customers, leases
from seldesk.methods.control.customers import CustomerRow
from seldesk.methods.control.leases import Taken

log = structlog.get_logger()
KIND: Final = "migrate"
CANARIES = 3
# How long a copy say, that is under way with a customer, is waited for, and how often it is looked after; in seconds.
PATIENCE, LOOKED_AFTER = 300.0, 1.0
# Customers whose leases are taken together, and given back: one by one that took a third of a migration's time.
TOGETHER, OVER = 24, 8


class PutOff(orm.Error):
    """Something else is under way with this customer, and took too long. Run it again."""


async def prepare_others(app: Application, superuser: str) -> None:
    """Bring the templates of all clusters but the first to this version."""
    for name, where in app.fleet.all().items():
        if name != "main":
            await prepare_another(app.settings, named(superuser, where.host, where.port))


async def migrate_all(
    app: Application,
    revisions: Revisions,
    *,
    canaries: Iterable[str] = (),
    at_once: int = 8,
    tolerated: float = 0.05,
    patience: float = PATIENCE,
) -> Report:
    """Some canaries first, by name or else the newest that pay nothing; at_once at a time then.

    No further one is begun after a share of failures. Those at the old revision and those at the new one are
    served meanwhile. What is under way with one of them is waited for, so many seconds at most. Run again, it goes on
    where it ended.
    """
    await app.refresh()
    rows = await app.program(Kind.JOB)(customers.directory)
    # Those of one maker after each other: a connection as that one is kept for the next.
    ordered = sorted(rows, key=lambda row: (row.cluster, Names(row.database).maker))
    served = {row.slug: row for row in ordered if row.state not in ("requested", "provisioning")}
    first = _first(served, list(canaries))
    others = [slug for slug in served if slug not in first]
    async with AsyncExitStack() as stack:
        ahead = [served[slug] for slug in others]
        taken = _Leases(app, ahead, patience)
        stack.push_async_callback(taken.release_rest)
        run = _Run(app, served.values(), taken, stack)
        return await upgrade_all(
            [*first, *others],
            run.opened,
            revisions,
            canaries=len(first),
            at_once=at_once,
            tolerated=tolerated,
            check=run.check,
        )


def _first(served: dict[str, CustomerRow], named: list[str]) -> list[str]:
    if unknown := [slug for slug in named if slug not in served]:
        raise rpc.NotFound(f"There is no customer {', '.join(unknown)} to begin with.")
    unpaid = sorted(
        (row for row in served.values() if row.plan != "paid"), key=lambda row: row.created_at, reverse=True
    )
    return named or [row.slug for row in unpaid[:CANARIES]]


class _Run:
    """Each customer under a lease of its own, with a number that is shown before anything is committed."""

    def __init__(self, app: Application, rows: Iterable[CustomerRow], leases: "_Leases", stack: AsyncExitStack) -> None:
        self.app, self.leases, self.stack = app, leases, stack
        self.rows = {row.slug: row for row in rows}
        self.clusters: dict[str, Owning] = {}

    @asynccontextmanager
    async def opened(self, slug: str) -> AsyncIterator[Any]:
        row = self.rows[slug]
        await self.leases.take(row)
        try:
            async with (await self._owning(row.cluster))(row.database) as inside:
                yield inside
        finally:
            await self.leases.release(row)

    async def check(self, slug: str) -> None:
        try:
            await self.leases.keep(self.rows[slug])
        except rpc.Error as error:
            raise PutOff(str(error)) from error

    async def _owning(self, cluster: str) -> Owning:
        if cluster not in self.clusters:
            makes = provisioner(self.app.settings, self.app.fleet.named(cluster))
            self.clusters[cluster] = await self.stack.enter_async_context(Owning(makes.address))
        return self.clusters[cluster]


class _Leases:
    """Of customers whose turns come in this order: those of some are taken together, before it is their turn, and given
    back together."""

    def __init__(self, app: Application, rows: Iterable[CustomerRow], patience: float) -> None:
        self.control, self.clock, self.patience = app.program(Kind.JOB), app.clock, patience
        # Of one that was taken longer ago it is asked whether it is ours still.
        self.fresh = timedelta(seconds=app.settings.limits.lease_seconds / 4)
        self.coming = {row.id: None for row in rows}
        self.fences: dict[UUID, int] = {}
        self.ahead: dict[UUID, datetime] = {}  # when they were taken
        self.over: list[UUID] = []
        self.turn = asyncio.Lock()

    async def take(self, row: CustomerRow) -> None:
        async with self.turn:
            if row.id in self.coming:
                await self._take_next()
        taken_at = self.ahead.pop(row.id, None)
        if taken_at is None or not await self._still(row, taken_at):
            self.fences[row.id] = await self._patiently(row)

    async def keep(self, row: CustomerRow) -> None:
        await self.control(leases.keep, customer=row.id, kind=KIND, fence=self.fences[row.id])

    async def release(self, row: CustomerRow) -> None:
        self.over.append(row.id)
        if len(self.over) >= OVER:
            await self._give_back()

    async def release_rest(self) -> None:
        """At the end; of those too whose turn did not come."""
        self.over += self.ahead
        await self._give_back()

    async def _take_next(self) -> None:
        next_ = [*islice(self.coming, TOGETHER)]
        for customer in next_:
            del self.coming[customer]
        now = self.clock.now()
        try:
            taken = await self.control(leases.take_all, customers=next_, kind=KIND)
        except rpc.Error as error:
            raise PutOff(str(error)) from error
        self.fences |= {one.customer: one.fence for one in taken}
        self.ahead |= {one.customer: now for one in taken}

    async def _still(self, row: CustomerRow, taken_at: datetime) -> bool:
        if self.clock.now() - taken_at < self.fresh:
            return True
        try:
            await self.keep(row)
        except TakenOver:
            return False
        except rpc.Error as error:
            raise PutOff(str(error)) from error
        return True

    async def _patiently(self, row: CustomerRow) -> int:
        """As soon as what is under way with this customer is over."""
        clock = asyncio.get_running_loop()
        until = clock.time() + self.patience
        while True:
            try:
                return await self.control(leases.take, customer=row.id, kind=KIND)
            except Busy as error:
                if clock.time() >= until:
                    raise PutOff(str(error)) from error
            except rpc.Error as error:
                raise PutOff(str(error)) from error
            await asyncio.sleep(min(LOOKED_AFTER, self.patience))

    async def _give_back(self) -> None:
        over, self.over = self.over, []
        taken = [Taken(customer, self.fences[customer]) for customer in over]
        try:
            await self.control(leases.release_all, kind=KIND, taken=taken)
        except rpc.Error as error:
            # They run out by themselves.
            log.warning("migrate.not_released", customers=len(taken), code=error.code)
