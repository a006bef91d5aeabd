"""Sends what stands in the customers' outboxes, and in the operator's own."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

import rpc
from seldesk.jobs.relay import Refusal as LeftOut
from seldesk.jobs.relay import Refused, Relay
from seldesk.jobs.turns import rung
from seldesk.methods.control import confirmations, letters, wakeups
from seldesk.methods.desk import outbox
from seldesk.methods.outgoing import Letter, Refusal
from seldesk.surroundings import OPERATOR

log = structlog.get_logger()
LAST_WORK = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class _Box:
    """Who is asked for letters, and by which methods; they take the same arguments for every box."""

    call: rpc.Call
    claim: rpc.Method[..., list[Letter]]
    sent: rpc.Method[..., None]
    failed: rpc.Method[..., None]
    withheld: rpc.Method[..., None]


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
                await rung(self._rung, self.poll)

    async def _due(self) -> set[UUID]:
        self._rung.clear()
        called, self._called = self._called, set()
        try:
            # The operator's own box is looked into each time: it has no wake-up.
            return called | {OPERATOR.id} | set(await self.control(wakeups.take))
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
        """Send all that is due for one customer, or for the operator."""
        if customer == OPERATOR.id:
            await self._empty(_Box(self.control, letters.claim, letters.sent, letters.failed, letters.withheld))
            return
        call = self.customer(customer)
        if call is None:
            return
        await self._empty(_Box(call, outbox.claim, outbox.sent, outbox.failed, outbox.withheld))
        await self.control(wakeups.settle, customer=customer, next_due=await call(outbox.next_due))

    async def _empty(self, box: _Box) -> None:
        # One at a time: a lease runs from the claim, and the letters before it may take long.
        while due := await box.call(box.claim, limit=1):
            for letter in due:
                await self._unbroken(self._send(box, letter))

    @staticmethod
    async def _unbroken(work: Coroutine[Any, Any, None]) -> None:
        """A worker that is told to stop ends what it is sending: else it would go out once more later."""
        task = asyncio.create_task(work)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_WORK):
                    await asyncio.gather(task, return_exceptions=True)
            raise

    async def _send(self, box: _Box, letter: Letter) -> None:
        if await self._over_its_rate(letter):
            reason = "This address has had as many of these for this hour as anybody gets."
            await box.call(box.withheld, letter=letter.id, lease=letter.lease, reason=reason)
            return
        refused = await self._hand_over(letter)
        if not isinstance(refused, Refused):
            left_out = [Refusal(one.address, one.reason, one.permanent) for one in refused]
            await box.call(box.sent, letter=letter.id, lease=letter.lease, refused=left_out)
            return
        reason, permanent = refused.reason, refused.permanent
        await box.call(box.failed, letter=letter.id, lease=letter.lease, reason=reason, permanent=permanent)

    async def _over_its_rate(self, letter: Letter) -> bool:
        """Counted at the first attempt only: a relay that is away must not use up what the address may have."""
        if letter.attempts > 1:
            return False
        if letter.confirms is not None:
            return not await self.control(confirmations.allow, address=letter.confirms)
        if letter.links is not None:
            return not await self.control(confirmations.allow, address=letter.links, what="link")
        return False

    async def _hand_over(self, letter: Letter) -> Refused | Sequence[LeftOut]:
        try:
            return await self.relay.send(letter)
        except Refused as error:
            return error
        except Exception as error:
            log.exception("outbox.relay_failed", letter=str(letter.id))
            return Refused(f"Handing it to the relay failed ({type(error).__name__}).", permanent=False)
