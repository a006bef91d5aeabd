"""Sends what stands in the customers' outboxes."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import structlog

import rpc
from seldesk.jobs.relay import Refused, Relay
from seldesk.methods.control import confirmations, wakeups
from seldesk.methods.desk import outbox
from seldesk.methods.desk.shapes import Letter

log = structlog.get_logger()


class Outboxes:
    """Wakes for customers whose outbox has something due, a few of them at a time."""

    def __init__(
        self,
        control: rpc.Call,
        customer: Callable[[UUID], rpc.Call | None],
        relay: Relay,
        *,
        at_once: int = 4,
        poll: float = 5.0,
    ) -> None:
        self.control, self.customer, self.relay = control, customer, relay
        self.poll = poll
        self._places = asyncio.Semaphore(at_once)
        self._busy: dict[UUID, bool] = {}
        self._rung = asyncio.Event()
        self._called: set[UUID] = set()

    def ring(self, customer: UUID) -> None:
        """Something was committed to this customer's outbox."""
        self._called.add(customer)
        self._rung.set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                for customer in await self._due():
                    group.create_task(self._drain_once(customer))
                try:
                    async with asyncio.timeout(self.poll):
                        await self._rung.wait()
                except TimeoutError:
                    pass

    async def _due(self) -> set[UUID]:
        self._rung.clear()
        called, self._called = self._called, set()
        try:
            return called | set(await self.control(wakeups.take))
        except rpc.Error as error:
            log.warning("outbox.control_unavailable", code=error.code)
            self._called |= called
            return set()

    async def _drain_once(self, customer: UUID) -> None:
        """One drain for each customer at a time; who is called meanwhile goes round once more."""
        if customer in self._busy:
            self._busy[customer] = True
            return
        self._busy[customer] = True
        try:
            while self._busy[customer]:
                self._busy[customer] = False
                async with self._places:
                    await self.drain(customer)
        except rpc.Error as error:
            # The wake-up was put off by a minute when it was taken: it comes again by itself.
            log.warning("outbox.put_off", customer=str(customer), code=error.code)
        finally:
            del self._busy[customer]

    async def drain(self, customer: UUID) -> None:
        """Send all that is due for one customer."""
        call = self.customer(customer)
        if call is None:
            return
        while letters := await call(outbox.claim):
            for letter in letters:
                await self._send(call, letter)
        await self.control(wakeups.settle, customer=customer, next_due=await call(outbox.next_due))

    async def _send(self, call: rpc.Call, letter: Letter) -> None:
        if letter.confirms is not None and not await self.control(confirmations.allow, address=letter.confirms):
            reason = "This address has had its confirmations for this hour."
            await call(outbox.withheld, letter=letter.id, lease=letter.lease, reason=reason)
            return
        try:
            await self.relay.send(letter)
        except Refused as error:
            await call(
                outbox.failed,
                letter=letter.id,
                lease=letter.lease,
                reason=error.reason,
                permanent=error.permanent,
            )
        else:
            await call(outbox.sent, letter=letter.id, lease=letter.lease)
