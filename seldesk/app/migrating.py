"""Every customer's database brought to this version: some first, then all, under their leases."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import structlog

import orm
import rpc
from orm.migrate import Report, Revisions, upgrade_all
from orm.provision import Names, Owning
from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.command import superuser as named
from seldesk.app.installation import prepare_another, provisioner
from seldesk.errors import Busy
from seldesk.methods.control import customers, leases
from seldesk.methods.control.customers import CustomerRow

log = structlog.get_logger()
CANARIES = 3
# How long a copy say, that is under way with a customer, is waited for, and how often it is looked after; in seconds.
PATIENCE, LOOKED_AFTER = 300.0, 1.0


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
    async with AsyncExitStack() as stack:
        run = _Run(app, served, stack, patience)
        return await upgrade_all(
            [*first, *(slug for slug in served if slug not in first)],
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

    def __init__(
        self, app: Application, served: dict[str, CustomerRow], stack: AsyncExitStack, patience: float
    ) -> None:
        self.app, self.served, self.stack, self.patience = app, served, stack, patience
        self.control = app.program(Kind.JOB)
        self.fences: dict[str, int] = {}
        self.clusters: dict[str, Owning] = {}

    @asynccontextmanager
    async def opened(self, slug: str) -> AsyncIterator[Any]:
        row = self.served[slug]
        fence = self.fences[slug] = await self._taken(row)
        try:
            async with (await self._owning(row.cluster))(row.database) as inside:
                yield inside
        finally:
            await self._release(row, fence)

    async def _taken(self, row: CustomerRow) -> int:
        """Its lease, as soon as what is under way with it is over."""
        clock = asyncio.get_running_loop()
        until = clock.time() + self.patience
        while True:
            try:
                return await self.control(leases.take, customer=row.id, kind="migrate")
            except Busy as error:
                if clock.time() >= until:
                    raise PutOff(str(error)) from error
            except rpc.Error as error:
                raise PutOff(str(error)) from error
            await asyncio.sleep(min(LOOKED_AFTER, self.patience))

    async def _owning(self, cluster: str) -> Owning:
        if cluster not in self.clusters:
            makes = provisioner(self.app.settings, self.app.fleet.named(cluster))
            self.clusters[cluster] = await self.stack.enter_async_context(Owning(makes.address))
        return self.clusters[cluster]

    async def check(self, slug: str) -> None:
        row = self.served[slug]
        try:
            await self.control(leases.keep, customer=row.id, kind="migrate", fence=self.fences[slug])
        except rpc.Error as error:
            raise PutOff(str(error)) from error

    async def _release(self, row: CustomerRow, fence: int) -> None:
        try:
            await self.control(leases.release, customer=row.id, kind="migrate", fence=fence)
        except rpc.Error as error:
            # It runs out by itself.
            log.warning("migrate.not_released", customer=row.slug, code=error.code)
