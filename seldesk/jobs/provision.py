"""Makes the databases of new customers. The only process with the right to."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

import rpc
from seldesk.methods.control import customers
from seldesk.methods.control.customers import Claim, CustomerRow

log = structlog.get_logger()
OnStep = Callable[[str], Awaitable[None]]
Create = Callable[[CustomerRow, OnStep], Awaitable[None]]


class Provisioner:
    """Takes one unfinished customer after the other. Killed anywhere, it goes on where it was."""

    def __init__(self, control: rpc.Call, create: Create, *, poll: float = 5.0) -> None:
        self.control, self.create, self.poll = control, create, poll
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Somebody asked for a customer."""
        self._rung.set()

    async def run(self) -> None:
        while True:
            self._rung.clear()
            try:
                await self.work()
            except rpc.Error as error:
                log.warning("provision.control_unavailable", code=error.code)
            try:
                async with asyncio.timeout(self.poll):
                    await self._rung.wait()
            except TimeoutError:
                pass

    async def work(self) -> None:
        """Make all that was asked for."""
        while claim := await self.control(customers.claim):
            await self._provision(claim)

    async def _provision(self, claim: Claim) -> None:
        customer, fence = claim.customer, claim.fence

        async def on_step(step: str) -> None:
            await self.control(customers.stepped, customer=customer.id, fence=fence, step=step)

        try:
            await self.create(customer, on_step)
            await self.control(customers.activate, customer=customer.id, fence=fence)
            log.info("provision.active", customer=customer.slug)
        except rpc.Conflict:
            log.warning("provision.taken_over", customer=customer.slug)
        except Exception as error:
            # The customer stays unfinished and is claimed again when its lease ends.
            log.exception("provision.failed", customer=customer.slug)
            reason = f"{type(error).__name__} after step {customer.step or 'none'}"
            await self.control(customers.failed, customer=customer.id, fence=fence, error=reason)
