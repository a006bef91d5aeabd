"""Looks whether every chain is whole and still comes as far as it did: the customers', and the operator's own."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

import structlog

import rpc
from seldesk.clock import Clock
from seldesk.jobs.schedule import PutOff
from seldesk.methods.control import operator_log
from seldesk.methods.control.alerts import Found
from seldesk.methods.control.operator_log import CHECK, End
from seldesk.methods.desk import audits
from seldesk.methods.desk.audits import Head
from seldesk.storage import Anchor, Anchors, StoreUnavailable
from seldesk.surroundings import OPERATOR, Customer

log = structlog.get_logger()
AT_ONCE = 500
OWN = "the operator's log"
MONTH = timedelta(days=28)
SAID = {
    "changed": "entry {number} is not as it was written",
    "removed": "entry {number} is missing",
    "added": "entry {number} was not written by Seldesk",
    "names": "what stands beside entry {number} is not what it was written with",
    "cut": "it ended with entry {number} once, and does not come so far any more",
}
StillAtIt = Callable[[], Awaitable[None]]
Ends = dict[int, bytes]


class Auditing:
    """kept are the places outside of the control database that keep where its log ended."""

    def __init__(
        self,
        control: rpc.Call,
        served: Callable[[], Iterable[Customer]],
        customer: Callable[[UUID], rpc.Call | None],
        kept: Anchors,
        clock: Clock,
    ) -> None:
        self._control, self._served, self._customer = control, served, customer
        self._kept, self._clock = kept, clock

    async def anchor(self, _: StillAtIt) -> None:
        """As a job: put down elsewhere where the operator's log ends."""
        head = await self._control(operator_log.head)
        log.info("operator_log.end", count=head.count, hash=head.hash.hex())
        try:
            await self._kept.write(Anchor(self._clock.now(), head.count, head.hash))
        except StoreUnavailable as error:
            raise PutOff(str(error)) from error

    async def check(self, still_at_it: StillAtIt) -> None:
        """As a job: every chain. Those that are whole are anchored at their ends."""
        ends, until = await self._ends()
        found, missed, looked, whole = list[Found](), 0, 0, list[End]()
        for customer in self._served():
            await still_at_it()
            looked += 1
            call = self._customer(customer.id)
            try:
                if call is None:
                    continue
                wrong = await self._wrong(call, ends.get(customer.id, {}))
                if wrong:
                    found.append(Found(customer.slug, wrong))
                else:
                    whole.append(End(customer.id, *_plain(await call(audits.head))))
            except rpc.Error as error:
                missed += 1
                log.warning("audits.skipped", customer=customer.slug, code=error.code)
        found += [Found(OWN, wrong) for wrong in [await self._own_wrong()] if wrong]
        for new in await self._control(operator_log.checked, until=until, looked=looked, missed=missed, found=found):
            log.error("alert", check=CHECK, subject=new.subject, detail=new.detail)
        for at in range(0, len(whole), AT_ONCE):
            await self._control(operator_log.anchor, ends=whole[at : at + AT_ONCE])

    async def _ends(self) -> tuple[dict[UUID, Ends], int]:
        """Where each chain ended since all were found whole, and the entry up to which that is known."""
        ends, until = dict[UUID, Ends](), await self._control(operator_log.since)
        while said := await self._control(operator_log.said, after=until):
            for one in said:
                if one.accepted is not None:
                    ends.pop(one.accepted, None)
                for end in one.ends:
                    known = ends.setdefault(end.customer, {})
                    # Of two ends with one number at most one is true, and the first one was said earlier.
                    known.setdefault(end.count, end.hash)
                until = one.number
        return ends, until

    async def _wrong(self, call: rpc.Call, ends: Ends) -> str:
        until, left = 0, True
        while left:
            found = await call(audits.walk, after=until)
            if found.number is not None:
                return SAID[found.wrong].format(number=found.number)
            until, left = found.until, found.left
        known = [Head(count, hash) for count, hash in ends.items()]
        for at in range(0, len(known), AT_ONCE):
            held = await call(audits.hold, ends=known[at : at + AT_ONCE])
            if held.number is not None:
                return SAID[held.wrong].format(number=held.number)
        return ""

    async def _own_wrong(self) -> str:
        until, left = 0, True
        while left:
            found = await self._control(operator_log.walk, after=until)
            if found.number is not None:
                return SAID[found.wrong].format(number=found.number)
            until, left = found.until, found.left
        for part in await self._own_ends():
            held = await self._control(operator_log.hold, ends=part)
            if held.number is not None:
                return SAID[held.wrong].format(number=held.number)
        return ""

    async def _own_ends(self) -> list[list[End]]:
        """As the stores have kept them for one or two months."""
        since, now = (await self._control(operator_log.head)).since, self._clock.now()
        try:
            kept = await self._kept.of(_months(now))
        except StoreUnavailable as error:
            raise PutOff(str(error)) from error
        ends = [End(OPERATOR.id, one.count, one.hash) for one in kept if since is None or one.at > since]
        return [ends[at : at + AT_ONCE] for at in range(0, len(ends), AT_ONCE)]


def _months(now: datetime) -> tuple[datetime, datetime]:
    return now - MONTH, now


def _plain(head: Head) -> tuple[int, bytes]:
    return head.count, head.hash
