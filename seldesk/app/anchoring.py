"""What a process has seen, told to the control database every few minutes: where the audits that have moved end, and
what happened to security.
"""

import asyncio
from collections.abc import Callable
from uuid import UUID

import structlog

import rpc
from seldesk.app.seen import Seen
from seldesk.methods.control import operator_log, security
from seldesk.methods.control.operator_log import End
from seldesk.methods.control.security import Counted
from seldesk.methods.desk import audits

log = structlog.get_logger()
EVERY = 300.0  # seconds
AT_ONCE = 500


class Anchoring:
    """Each process looks after the entries that it wrote itself: so a quiet customer is never asked. What a process
    that dies takes along is anchored with the next entry, or by the check of the night, which asks everybody.
    """

    def __init__(
        self, control: rpc.Call, customer: Callable[[UUID], rpc.Call | None], seen: Seen, every: float = EVERY
    ) -> None:
        self._control, self._customer, self._seen, self._every = control, customer, seen, every

    async def run(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            await self.take()
            await self.tell()

    async def take(self) -> None:
        """Write down all ends that have moved; those that cannot be asked now are asked next time."""
        moved = [*self._seen.moved]
        self._seen.moved.clear()
        for at in range(0, len(moved), AT_ONCE):
            some = moved[at : at + AT_ONCE]
            ends = [end for customer in some if (end := await self._end(customer))]
            try:
                if ends:
                    await self._control(operator_log.anchor, ends=ends)
            except rpc.Error as error:
                self._seen.moved.update(some)
                log.warning("audits.not_anchored", customers=len(some), code=error.code)

    async def tell(self) -> None:
        """Add up what happened to security."""
        counts, keys = self._seen.counts, [*self._seen.counts][:AT_ONCE]
        told = [Counted(hour, customer, what, counts[hour, customer, what]) for hour, customer, what in keys]
        try:
            if told:
                await self._control(security.count, counted=told)
        except rpc.Error as error:
            log.warning("security.not_counted", code=error.code)
            return
        # What was counted meanwhile stays for the next time.
        for one in told:
            counts[one.hour, one.customer, one.what] -= one.count
            if not counts[one.hour, one.customer, one.what]:
                del counts[one.hour, one.customer, one.what]

    async def _end(self, customer: UUID) -> End | None:
        call = self._customer(customer)
        if call is None:
            return None
        try:
            head = await call(audits.head)
        except rpc.Error as error:
            self._seen.moved.add(customer)
            log.warning("audits.not_anchored", customer=str(customer), code=error.code)
            return None
        return End(customer, head.count, head.hash)
