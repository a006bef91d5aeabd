"""Everything anew on an empty cluster, from one store alone: what it says of itself is all there is."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
import structlog
from msgspec.structs import replace

import orm
from orm.embedded import binaries
from orm.provision import restore_control, rows_in
from rpc import Kind
from seldesk.app import installation
from seldesk.app.build import Application, backup_identities, opened
from seldesk.app.fleet import Cluster
from seldesk.app.restores import restorer
from seldesk.app.stores import archive, stores
from seldesk.clock import Clock
from seldesk.methods.control import recoveries, restores
from seldesk.methods.control.customers import Plan
from seldesk.settings import Settings
from seldesk.storage import Archive, Ledger, Manifest, StorageError
from seldesk.surroundings import OPERATOR

log = structlog.get_logger()
POLL = 0.2  # seconds


class NotEmpty(Exception):
    """There are customers on this cluster already. Recovering needs an empty one."""


class _Entry(msgspec.Struct, frozen=True):
    """An erasure, as the ledger keeps it."""

    id: UUID
    kind: str
    customer: UUID
    erased_at: datetime
    person: UUID | None = None


@dataclass(slots=True)
class Recovered:
    """A customer: how much of its work is lost at most (rpo), and how long it was away since this began (rto), in
    seconds. error says why it is not there; "" for one that is, or is still waited for.
    """

    slug: str
    plan: str
    copies: list[Manifest] = field(default_factory=list)
    rpo: float = 0.0
    rto: float | None = None
    error: str = ""

    @property
    def over(self) -> bool:
        return self.rto is not None or bool(self.error)


@dataclass(slots=True)
class Progress:
    """What was found and how far it is. forged: manifests that are not the operator's."""

    customers: dict[UUID, Recovered] = field(default_factory=dict)
    control_at: datetime | None = None
    forged: int = 0


async def recover(
    settings: Settings,
    where: Cluster,
    superuser: orm.Address,
    *,
    store: str,
    told: Callable[[Progress], None] = lambda _: None,
    clock: Clock | None = None,
) -> Progress:
    """Rebuilds all customers, paid ones first, from their newest copies that are whole. Begun again, it goes on."""
    alone = _only(settings, store)
    progress, places = Progress(), archive(alone)
    copies = await _copies(places, progress)
    if not await _begun(settings, superuser):
        await _control(alone, superuser, places, copies.pop(OPERATOR.id, []), progress)
    async with opened(alone, where, clock) as app:
        await _Recovery(app, progress, told).run(copies)
    return progress


def _only(settings: Settings, store: str) -> Settings:
    """As if there were no other store, with the credentials of this one."""
    which = settings.stores.index(store) if store in settings.stores else len(settings.stores)
    secrets = replace(settings.secrets, stores=settings.secrets.stores[which : which + 1])
    return replace(settings, stores=(store,), secrets=secrets)


async def _copies(places: Archive, progress: Progress) -> dict[UUID, list[Manifest]]:
    """Of each customer, the newest first."""
    found: dict[UUID, list[Manifest]] = {}
    async for store, customer, copy in places.manifests():
        try:
            manifest = await places.manifest(customer, copy, store)
        except StorageError as error:
            log.error("recover.manifest", customer=str(customer), copy=str(copy), error=str(error))
            progress.forged += 1
        else:
            found.setdefault(customer, []).append(manifest)
    for manifests in found.values():
        manifests.sort(key=lambda one: one.snapshot_at, reverse=True)
    return found


async def _begun(settings: Settings, superuser: orm.Address) -> bool:
    """Whether an earlier try came as far as the customers; NotEmpty for a cluster on which others are."""
    customers, restores_asked = [
        await rows_in(superuser, settings.database.control, table) for table in recoveries.TOLD_BY
    ]
    if customers and not restores_asked:
        raise NotEmpty("There are customers on this cluster already. Recovering needs an empty one.")
    return bool(customers)


async def _control(
    settings: Settings, superuser: orm.Address, places: Archive, copies: list[Manifest], progress: Progress
) -> None:
    """The operator's own database from its newest copy that opens; an empty one where there is none."""
    await installation.prepare(settings, superuser)
    for manifest in copies:
        try:
            identity = await backup_identities(settings).identity(OPERATOR.id)
            content = places.open(OPERATOR.id, manifest.copy, identity)
            name = settings.database.control
            await restore_control(binaries(), superuser, content, name=name, emptied=recoveries.EMPTIED)
        except (StorageError, orm.Error) as error:
            log.error("recover.control", copy=str(manifest.copy), error=str(error))
            continue
        progress.control_at = manifest.snapshot_at
        break
    await installation.make_control(settings, superuser)


class _Recovery:
    def __init__(self, app: Application, progress: Progress, told: Callable[[Progress], None]) -> None:
        self.app, self.progress, self.told = app, progress, told
        self.command = app.program(Kind.COMMAND)
        self.began = time.monotonic()
        self.asked: dict[UUID, UUID] = {}

    async def run(self, copies: dict[UUID, list[Manifest]]) -> None:
        await self._know(copies)
        for customer, one in sorted(self.progress.customers.items(), key=lambda item: item[1].plan != "paid"):
            await self._ask(customer, one)
        working = asyncio.create_task(self._work())
        try:
            while not working.done():
                await asyncio.wait([working], timeout=POLL)
                await self._look()
            working.result()
        finally:
            working.cancel()

    async def _know(self, copies: dict[UUID, list[Manifest]]) -> None:
        """The ledger first, then who is there, then who is newer than the operator's own copy."""
        erased = set()
        for entry in (await Ledger(stores(self.app.settings)).entries()).values():
            said = msgspec.json.decode(entry, type=_Entry)
            kind: Literal["customer", "person"] = "customer" if said.kind == "customer" else "person"
            await self.command(
                recoveries.enter,
                erasure=said.id,
                kind=kind,
                customer=said.customer,
                erased_at=said.erased_at,
                person=said.person,
            )
            erased |= {said.customer} if kind == "customer" else set()
        for known in await self.command(recoveries.begin):
            self.progress.customers[known.id] = Recovered(known.slug, known.plan, copies.get(known.id, []))
        for customer, manifests in copies.items():
            newest = manifests[0]
            if customer in erased or customer in self.progress.customers or customer == OPERATOR.id:
                continue
            plan: Plan = newest.plan  # type: ignore[assignment]  # refused by the method where it is none
            await self.command(
                recoveries.find,
                customer=customer,
                slug=newest.slug,
                plan=plan,
                region=newest.region,
                snapshot_at=newest.snapshot_at,
            )
            self.progress.customers[customer] = Recovered(newest.slug, newest.plan, manifests)

    async def _ask(self, customer: UUID, one: Recovered) -> None:
        """The newest copy that was not tried yet."""
        if not one.copies:
            one.error = one.error or "There is no copy of it in this store."
            return
        newest = one.copies.pop(0)
        one.rpo = (self.app.clock.now() - newest.snapshot_at).total_seconds()
        self.asked[customer] = await self.command(
            recoveries.queue, customer=customer, copy=newest.copy, snapshot_at=newest.snapshot_at
        )
        one.error = ""

    async def _work(self) -> None:
        """The queue, as a provisioner does it, and older copies of those whose newest is not whole."""
        while not all(one.over for one in self.progress.customers.values()):
            await restorer(self.app).work()
            await self._look()
            for customer, one in self.progress.customers.items():
                if one.error and one.copies:
                    await self._ask(customer, one)
            await asyncio.sleep(POLL)

    async def _look(self) -> None:
        for customer, restore in self.asked.items():
            one = self.progress.customers[customer]
            if one.over:
                continue
            row = await self.command(restores.progress, restore=restore)
            if row.state == "done":
                one.rto = time.monotonic() - self.began
            elif row.state == "failed":
                one.error = row.error
        self.told(self.progress)
