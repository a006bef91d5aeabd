"""Everything anew on an empty cluster, from one store alone: what it says of itself is all there is."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import orm
import rpc
from orm.provision import customers_databases, drop_replaced, remark, remark_on, rows_in
from rpc import Kind
from seldesk.app import installation
from seldesk.app.build import Application, opened
from seldesk.app.fleet import Cluster
from seldesk.app.ledger import take_in
from seldesk.app.own_copies import copies_in, only, put_back
from seldesk.app.restores import restorer
from seldesk.app.stores import archive
from seldesk.clock import Clock
from seldesk.errors import SlugTaken
from seldesk.methods.control import recoveries, restores
from seldesk.methods.control.alerts import Found
from seldesk.methods.control.customers import Plan
from seldesk.methods.control.recoveries import Awaited
from seldesk.settings import Settings
from seldesk.storage import Archive, Manifest
from seldesk.surroundings import OPERATOR

POLL = 0.2  # seconds
# Stands on the control database from the moment at which it has its place until everybody is there again. It is in no
# copy, and nothing else writes it: drills, restores and customers may be there without any recovery.
BEGUN = "seldesk recover has begun, and is not at its end"
NOT_EMPTY = (
    "There are customers on this cluster already, and recovering needs an empty one. Where only the control database is"
    " lost, its newest copy comes back with `seldesk backup restore-control`."
)


class NotEmpty(Exception):
    """There are customers on this cluster already, and nothing was touched."""


@dataclass(slots=True)
class Recovered:
    """A customer: how much of its work is lost at most (rpo), and how long it was away since this began (rto), in
    seconds. error says why it is not there; "" for one that is, or is still waited for. there: an earlier try has
    brought it back, and it was left as it is.
    """

    slug: str
    plan: str
    copies: list[Manifest] = field(default_factory=list)
    rpo: float = 0.0
    rto: float | None = None
    error: str = ""
    there: bool = False

    @property
    def over(self) -> bool:
        return self.there or self.rto is not None or bool(self.error)


@dataclass(slots=True)
class Progress:
    """What was found and how far it is. again: an earlier try has brought the control database back. forged: manifests
    that are not the operator's; strange: names in the ledger that are not.
    """

    customers: dict[UUID, Recovered] = field(default_factory=dict)
    control_at: datetime | None = None
    forged: int = 0
    strange: Sequence[Found] = ()
    again: bool = False


async def recover(
    settings: Settings,
    where: Cluster,
    superuser: orm.Address,
    *,
    store: str,
    told: Callable[[Progress], None] = lambda _: None,
    clock: Clock | None = None,
) -> Progress:
    """Rebuilds all customers, paid ones first, from their newest copies that are whole. NotEmpty.

    Begun again before all are there, it goes on with those that are not.
    """
    begun = await _begun(settings, superuser)
    alone = only(settings, store)
    progress, places = Progress(again=begun), archive(alone)
    copies, progress.forged = await copies_in(places)
    operators = copies.pop(OPERATOR.id, [])
    if begun:
        await installation.make_control(alone, superuser)
    else:
        await _control(alone, superuser, places, operators, progress)
    async with opened(alone, where, clock) as app:
        await _Recovery(app, progress, told).run(copies)
    if not any(one.error for one in progress.customers.values()):
        await remark(superuser, settings.database.control, "")
    return progress


async def _begun(settings: Settings, superuser: orm.Address) -> bool:
    """Whether the control database is of an earlier try that has not come to its end; NotEmpty."""
    name = settings.database.control
    if await remark_on(superuser, name) == BEGUN:
        return True
    # Of a control database that is lost nothing is known, and all customers may be there all the same.
    if await customers_databases(superuser) or await rows_in(superuser, name, recoveries.CUSTOMERS):
        raise NotEmpty(NOT_EMPTY)
    return False


async def _control(
    settings: Settings, superuser: orm.Address, places: Archive, copies: list[Manifest], progress: Progress
) -> None:
    """The operator's own database from its newest copy that opens; an empty one where there is none."""
    await installation.prepare_another(settings, superuser)
    await installation.make_control(settings, superuser)
    emptied = recoveries.EMPTIED
    found = await put_back(settings, superuser, places, copies, emptied=emptied, remark=BEGUN)
    progress.control_at = found.snapshot_at if found else None
    await remark(superuser, settings.database.control, BEGUN)
    # The empty one that was made above.
    await drop_replaced(superuser, settings.database.control)


class _Recovery:
    def __init__(self, app: Application, progress: Progress, told: Callable[[Progress], None]) -> None:
        self.app, self.progress, self.told = app, progress, told
        self.command = app.program(Kind.COMMAND)
        self.began = time.monotonic()
        self.asked: dict[UUID, UUID] = {}

    async def run(self, copies: dict[UUID, list[Manifest]]) -> None:
        await self._know(copies)
        for customer, one in sorted(self.progress.customers.items(), key=lambda item: item[1].plan != "paid"):
            if not one.over and customer not in self.asked:
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
        self.progress.strange = await take_in(self.app)
        for known in await self.command(recoveries.begin):
            await self._await(known, copies.get(known.id, []))
        newest_first = sorted(copies.items(), key=lambda item: item[1][0].snapshot_at, reverse=True)
        for customer, manifests in newest_first:
            if customer not in self.progress.customers:
                await self._find(customer, manifests)

    async def _await(self, known: Awaited, manifests: list[Manifest]) -> None:
        """It is left alone where its database has its place: what is in it is newer than any copy."""
        one = self.progress.customers[known.id] = Recovered(known.slug, known.plan, manifests)
        if known.restore is not None:
            self.asked[known.id] = known.restore
            one.rpo = self._ago(known.snapshot_at or self.app.clock.now())
        else:
            makes = installation.provisioner(self.app.settings, self.app.fleet.named(known.cluster))
            one.there = await makes.exists(known.database)

    async def _find(self, customer: UUID, manifests: list[Manifest]) -> None:
        """One of which only its copies tell. What is odd about it is its own matter, and holds up nobody else."""
        newest = manifests[0]
        plan: Plan = newest.plan  # type: ignore[assignment]  # refused by the method where it is none
        one = Recovered(newest.slug, newest.plan, manifests)
        try:
            found = await self.command(
                recoveries.find,
                customer=customer,
                slug=newest.slug,
                plan=plan,
                region=newest.region,
                snapshot_at=newest.snapshot_at,
            )
        except (SlugTaken, rpc.Invalid) as error:
            found, one.copies = True, []
            taken = isinstance(error, SlugTaken)
            one.error = f"Its copies {customer} wait: " + ("another customer has its address." if taken else str(error))
        if found:
            self.progress.customers[customer] = one

    async def _ask(self, customer: UUID, one: Recovered) -> None:
        """The newest copy that was not tried yet."""
        if not one.copies:
            one.error = one.error or "There is no copy of it in this store."
            return
        newest = one.copies.pop(0)
        one.rpo = self._ago(newest.snapshot_at)
        self.asked[customer] = await self.command(
            recoveries.queue, customer=customer, copy=newest.copy, snapshot_at=newest.snapshot_at
        )
        one.error = ""

    def _ago(self, at: datetime) -> float:
        return (self.app.clock.now() - at).total_seconds()

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
