"""Whoever acts in somebody else's name is seen: each such call is written down before it is made, and after it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

import rpc
from rpc import Credential, Kind, Method
from rpc.dispatcher import unwitnessed
from seldesk.app.directory import Directory
from seldesk.caller import Acting
from seldesk.errors import NoAccess, ProofNeeded, Unaudited
from seldesk.methods.console import ops_access
from seldesk.methods.control import accesses
from seldesk.methods.control.accesses import Called, Outcome
from seldesk.methods.desk import staff_access
from seldesk.methods.under_access import admit_acting
from seldesk.surroundings import Customer

log = structlog.get_logger()
REFUSALS = (rpc.Forbidden, rpc.MethodNotFound, rpc.Unauthenticated)
MOST_NAMED = 15
_current: ContextVar[Acting] = ContextVar("acting")


def acting() -> Acting:
    """Who acts in the running call. Without a witness nobody does."""
    found = _current.get(None)
    if found is None:
        raise rpc.Unauthenticated
    return found


@dataclass(slots=True)
class Witness:
    """An attempt is committed before the call, its outcome after it; where either cannot be, no answer leaves."""

    directory: Directory
    dispatcher: rpc.Dispatcher | None = None

    def __call__(
        self, method: Method[..., Any], credential: Credential, arguments: Mapping[str, object]
    ) -> AbstractAsyncContextManager[None]:
        if not credential.acting:
            if credential.kind is Kind.STAFF and method.name == ops_access.start.name:
                return self._started(credential, str(arguments["slug"]))
            return unwitnessed(method, credential, arguments)
        return self._witnessed(method, credential, arguments)

    @asynccontextmanager
    async def _witnessed(
        self, method: Method[..., Any], credential: Credential, arguments: Mapping[str, object]
    ) -> AsyncIterator[None]:
        customer = self.directory.find(credential.place or "")
        if customer is None or customer.side is not None or credential.kind is not Kind.PERSON:
            raise rpc.Unauthenticated
        named, calls = dict(_objects(arguments)), (self._job(credential), self._job(credential, customer.slug))
        seen = _Seen(method.name, named, customer, *calls)
        who = await seen.enter(credential.secret)
        token = _current.set(who)
        became: Outcome = "failed"
        gone = False
        try:
            admit_acting(method, who.scope)
            yield
            became = "done"
        except REFUSALS as error:
            became, gone = "denied", isinstance(error, rpc.Unauthenticated)
            raise
        finally:
            _current.reset(token)
            await _surely(seen.leave(who, became, gone=gone))

    @asynccontextmanager
    async def _started(self, credential: Credential, slug: str) -> AsyncIterator[None]:
        """Who is not let as far as the method, which tells of all other refusals, has tried as well."""
        try:
            yield
        except NoAccess:
            raise
        except rpc.Forbidden as error:
            why = "proof" if isinstance(error, ProofNeeded) else "role"
            told = self._job(credential)(ops_access.turned_away, session=credential.secret, slug=slug, why=why)
            try:
                await _surely(told)
            except rpc.Error as unwritten:
                log.error("access.unwritten", customer=slug, method=ops_access.start.name, code=unwritten.code)
            raise

    def _job(self, credential: Credential, place: str | None = None) -> rpc.Call:
        if self.dispatcher is None:
            raise RuntimeError("The dispatcher is set right after it was built with this.")
        job = Credential(kind=Kind.JOB, place=place)
        return self.dispatcher.calling(job).relayed(credential.address, credential.request_id)


@dataclass(slots=True)
class _Seen:
    """One call on its way: written down in the operator's log and in the customer's audit, each time on both sides."""

    method: str
    objects: dict[str, str]
    customer: Customer
    control: rpc.Call
    door: rpc.Call
    attempt: UUID | None = None

    async def enter(self, secret: str) -> Acting:
        try:
            who = await self.control(
                accesses.enter, customer=self.customer.id, secret=secret, method=self.method, objects=self.objects
            )
        except rpc.Unauthenticated:
            raise
        except rpc.Error as error:
            raise self._unwritten(error) from error
        told = False
        try:
            self.attempt = await self.door(
                staff_access.attempt,
                access=who.access,
                staff=who.staff_id,
                name=who.staff,
                subject=who.subject,
                reason=who.reason,
                method=self.method,
                objects=self.objects,
            )
            told = True
        except rpc.Error as error:
            raise self._unwritten(error) from error
        finally:
            # Also when nobody waits any more: an attempt that stands on one side only was never made.
            if not told:
                await _surely(self._give_up(who))
        return who

    async def _give_up(self, who: Acting) -> None:
        try:
            await self.control(accesses.give_up, call=self._call(who))
        except rpc.Error as error:
            self._unwritten(error)

    def _call(self, who: Acting) -> Called:
        """As the operator's log names it."""
        return Called(who.staff_id, self.customer.id, who.access, who.subject, self.method, self.objects)

    async def leave(self, who: Acting, became: Outcome, *, gone: bool) -> None:
        """gone: there is nobody any more in whose name one could act."""
        try:
            await self.door(
                staff_access.outcome,
                access=who.access,
                staff=who.staff_id,
                name=who.staff,
                subject=who.subject,
                method=self.method,
                attempt=self.attempt or who.access,
                became=became,
            )
            await self.control(accesses.leave, call=self._call(who), outcome=became)
            if gone and await self.control(accesses.end, access=who.access, why="subject"):
                await self.door(
                    staff_access.ended,
                    access=who.access,
                    staff=who.staff_id,
                    name=who.staff,
                    subject=who.subject,
                    why="subject",
                )
        except rpc.Error as error:
            raise self._unwritten(error) from error

    def _unwritten(self, error: rpc.Error) -> Unaudited:
        log.error("access.unwritten", customer=self.customer.slug, method=self.method, code=error.code)
        return Unaudited()


async def _surely(work: Any) -> None:
    """Also when nobody waits for the answer any more."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _objects(arguments: Mapping[str, object]) -> list[tuple[str, str]]:
    """What a call names: ids and numbers, and nothing that was written."""
    named = [(name, _named(value)) for name, value in arguments.items()]
    return [(name, text[:200]) for name, text in named if text][:MOST_NAMED]


def _named(value: object) -> str:
    if isinstance(value, UUID) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    if isinstance(value, list) and value and all(isinstance(one, UUID | int) for one in value):
        return ", ".join(map(str, value))
    return ""
