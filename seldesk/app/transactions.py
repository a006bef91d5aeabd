"""What a call happens in: one transaction, with its surroundings beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

import orm
import rpc
from rpc import Credential, Kind, Method
from seldesk.app.directory import Directory, read_only
from seldesk.app.seen import Seen
from seldesk.app.tracing import Tracing
from seldesk.app.witness import acting
from seldesk.errors import CustomerMoving, TooManyTries
from seldesk.methods import denied, seal, strange
from seldesk.methods.admission import admit
from seldesk.methods.control import leases, wakeups
from seldesk.surroundings import OPERATOR, Customer, Surroundings, standing_in
from seldesk.trail import Trail

log = structlog.get_logger()
CONTROL = "control"
# One statement each, and many of them: before every commit that leaves work, and at each step of an operation.
SINGLE = (wakeups.note, leases.keep, leases.stepped, leases.release)
REFUSED_SIGN_IN = "28P01"
RUNG_WITHIN = 2.0  # seconds
# To be told that something is not for one, or that there is no such thing, where there is one.
DENIALS = (rpc.Forbidden, rpc.MethodNotFound)


@asynccontextmanager
async def _watched(customer: Customer) -> AsyncIterator[None]:
    """A sign-in that fails while nobody rotates says that somebody has changed the role's password."""
    try:
        yield
    except orm.Unavailable as error:
        if error.sqlstate == REFUSED_SIGN_IN:
            log.error("alert", check="sign-in", subject=customer.slug, detail="the database refuses our password")
        raise


@dataclass(slots=True)
class Transactions:
    """Opens a call's transaction, on the control database or on its customer's."""

    control: orm.Tenants
    customers: orm.Tenants
    directory: Directory
    surroundings: Callable[[Customer], Surroundings]
    seen: Seen
    traces: Tracing
    dispatcher: rpc.Dispatcher | None = None
    # Hashes are made one after the other. Who waits for one holds no connection meanwhile, or those who work would
    # wait with them: all but the one whose turn it is, and two who are before or behind it.
    _passwords: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(3))

    @asynccontextmanager
    async def __call__(self, method: Method[..., Any], credential: Credential) -> AsyncIterator[None]:
        turn = self._passwords if method.signature.takes("password") else nullcontext()
        with self.traces.call(method.name, str(credential.kind)):
            async with turn, self._opened(method, credential):
                yield

    @asynccontextmanager
    async def _opened(self, method: Method[..., Any], credential: Credential) -> AsyncIterator[None]:
        if (method.realm == CONTROL or credential.kind is Kind.STAFF) and credential.place is not None:
            # The operator has doors of its own: no customer's door leads there, and staff stand at none.
            raise rpc.MethodNotFound
        if method.realm == CONTROL:
            async with self._controlled(method):
                yield
            return
        customer = self._customer(method, credential)
        around, database = self.surroundings(customer), customer.slug
        if credential.acting:
            around = replace(around, acting=acting())
            database = read_only(customer.slug) if acting().scope == "read" else database
        try:
            async with _watched(customer), self.customers.transaction(database) as opened:
                with standing_in(around):
                    yield
                await orm.flush()
                if opened.woken is not None and customer.side is None:
                    # Before the commit: who dies in between leaves a wake-up too many, never one too few.
                    await self._worker()(wakeups.note, customer=customer.id, due=opened.woken)
                # The last statement: whoever else writes into the audit waits from here to the commit.
                await seal(around.trail)
        except DENIALS:
            await self._deny(method, around)
            raise
        except rpc.Unauthenticated:
            if credential.kind is Kind.TOKEN:
                await self._count(credential, around)
            raise
        self.seen.done(customer, around.trail, around.now)
        news = around.news.payload(customer.room)
        # What is due later is found when it is due, by its wake-up: whoever came now would find nothing.
        work = opened.woken is not None and opened.woken <= around.now and customer.side is None
        if work or news:
            await self._ring(customer, news, work=work)

    @asynccontextmanager
    async def _controlled(self, method: Method[..., Any]) -> AsyncIterator[None]:
        around = self.surroundings(OPERATOR)
        try:
            async with self.control.transaction(CONTROL, single=method in SINGLE):
                with standing_in(around):
                    yield
                if around.trail.operators:
                    await orm.flush()
                    await seal(around.trail)
            self.seen.done(OPERATOR, around.trail, around.now)
        except DENIALS:
            await self._deny(method, around)
            raise

    async def _deny(self, method: Method[..., Any], refused: Surroundings) -> None:
        """What was refused is undone, so that it is written down in a transaction of its own."""
        known = refused.trail.caller
        if known is None or known.actor is None or known.acting is not None:
            return
        self.seen.denied(refused.customer, refused.now)
        around = replace(refused, trail=Trail())
        controlled = method.realm == CONTROL
        database, name = (self.control, CONTROL) if controlled else (self.customers, refused.customer.slug)
        try:
            async with database.transaction(name):
                with standing_in(around):
                    await denied(refused.trail.caller, method)
                await orm.flush()
                await seal(around.trail)
        except orm.Error as error:
            log.error("audit.unwritten", customer=refused.customer.slug, method=method.name, error=str(error))

    async def _count(self, credential: Credential, refused: Surroundings) -> None:
        """A token that nobody has: the call is undone, so that it is counted in a transaction of its own."""
        around, wait = replace(refused, trail=Trail()), 0
        try:
            async with self.customers.transaction(refused.customer.slug):
                with standing_in(around):
                    wait = await strange(credential)
        except orm.Error as error:
            log.error("token.uncounted", customer=refused.customer.slug, error=str(error))
        self.seen.done(refused.customer, around.trail, around.now)
        if wait:
            raise TooManyTries(retry_after=wait)

    def _customer(self, method: Method[..., Any], credential: Credential) -> Customer:
        customer = self.directory.find(credential.place or "")
        if customer is None:
            raise rpc.NotFound("There is no such helpdesk.")
        admit(customer, method, credential.kind)
        if customer.back_at is not None:
            raise CustomerMoving(retry_after=self._seconds_until(customer))
        return customer

    def _seconds_until(self, customer: Customer) -> int:
        now, back_at = self.surroundings(customer).now, customer.back_at
        return max(1, round((back_at - now).total_seconds())) if back_at else 1

    async def _ring(self, customer: Customer, news: str, *, work: bool) -> None:
        """The wake-up stands already, and pages read anew later: a bell that nobody hears only makes it later."""
        bells = {"live": news, "wakeups": str(customer.id) if work else ""}
        with suppress(orm.Error, TimeoutError):
            async with asyncio.timeout(RUNG_WITHIN):
                await self.control.tell(CONTROL, *((channel, told) for channel, told in bells.items() if told))

    def _worker(self) -> rpc.Call:
        if self.dispatcher is None:
            raise RuntimeError("The dispatcher is set right after it was built with this.")
        return self.dispatcher.calling(Credential(kind=Kind.JOB))
