"""Erases customers for whom there is no way back. The only process with the right to."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

import rpc
from seldesk.methods.control import purges
from seldesk.methods.control.purges import Purge

log = structlog.get_logger()
# What is done, by name: each may be done twice, and again after it was cut off anywhere.
Step = tuple[str, Callable[[Purge], Awaitable[None]]]


class Purger:
    """Takes one customer after the other. Killed anywhere, it or another goes on."""

    def __init__(self, control: rpc.Call, steps: Sequence[Step], *, poll: float = 5.0) -> None:
        self.control, self.steps, self.poll = control, steps, poll
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Some customer's time has come, perhaps."""
        self._rung.set()

    async def run(self) -> None:
        while True:
            self._rung.clear()
            try:
                await self.work()
            except rpc.Error as error:
                log.warning("purge.control_unavailable", code=error.code)
            try:
                async with asyncio.timeout(self.poll):
                    await self._rung.wait()
            except TimeoutError:
                pass

    async def work(self) -> None:
        while purge := await self.control(purges.claim):
            await self._purge(purge)

    async def _purge(self, purge: Purge) -> None:
        customer, fence, name = purge.customer, purge.fence, ""
        try:
            for name, act in self.steps:
                # Before each: who was taken over from while it slept does nothing more.
                await self.control(purges.step, customer=customer, fence=fence, step=name)
                await act(purge)
            await self.control(purges.finish, customer=customer, fence=fence)
            log.info("purge.done", customer=str(customer))
        except rpc.Conflict:
            log.warning("purge.taken_over", customer=str(customer))
        except Exception as error:
            # It stays as it is, and is claimed again when its lease ends.
            log.exception("purge.failed", customer=str(customer), step=name)
            reason = f"{type(error).__name__} in step {name}"
            await self.control(purges.failed, customer=customer, fence=fence, error=reason)
