"""Makes new customers' databases, and does all else that needs the provisioner's key: the one process with it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import structlog

import rpc
from seldesk.errors import TakenOver
from seldesk.jobs.turns import turns
from seldesk.methods.control import customers, leases
from seldesk.methods.control.customers import CustomerRow
from seldesk.methods.control.leases import Claim, Operation

log = structlog.get_logger()
AT_ONCE = 4
OnStep = Callable[[str], Awaitable[None]]
Create = Callable[[CustomerRow, OnStep], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Held:
    """An operation that is ours until another takes it over: then each of these raises Conflict."""

    control: rpc.Call
    claim: Claim

    @property
    def id(self) -> UUID:
        return self.claim.customer.id

    async def done(self, step: str) -> None:
        """A step is done."""
        await self.control(leases.stepped, customer=self.id, kind=self.claim.kind, fence=self.claim.fence, step=step)

    async def keep(self) -> None:
        """Asked before what cannot be undone, and at times by what takes long."""
        await self.control(leases.keep, customer=self.id, kind=self.claim.kind, fence=self.claim.fence)

    async def release(self, error: str = "") -> None:
        """The operation is over, well or with an error."""
        await self.control(leases.release, customer=self.id, kind=self.claim.kind, fence=self.claim.fence, error=error)

    async def failed(self, error: str) -> None:
        await self.control(leases.failed, customer=self.id, kind=self.claim.kind, fence=self.claim.fence, error=error)


# Ends with its lease released.
Work = Callable[[Held], Awaitable[None]]


def provisioning(create: Create) -> Work:
    """The work of making a customer's database and serving it."""

    async def work(held: Held) -> None:
        await create(held.claim.customer, held.done)
        await held.control(customers.activate, customer=held.id, fence=held.claim.fence)

    return work


class Provisioner:
    """Does some operations side by side, each with another customer: a long one, a move say, holds up no sign-up.
    Killed anywhere, it goes on where it was.
    """

    def __init__(
        self,
        control: rpc.Call,
        works: Mapping[Operation, Work],
        *,
        poll: float = 5.0,
        beat: float = 20.0,
        claim: Callable[[], Awaitable[Claim | None]] | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        """beat is in seconds, several to a lease. claim takes what is next, where that is not the oldest."""
        self.control, self.works, self.poll, self.beat = control, works, poll, beat
        self._claim = claim or partial(control, leases.claim, kinds=[*works])
        self._bell, self._free = asyncio.Event(), asyncio.Semaphore(at_once)

    def ring(self) -> None:
        """Somebody asked for something."""
        self._bell.set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            await turns("provision", partial(self._begin, group), self.poll, self._bell)

    async def work(self) -> None:
        """Do what was asked for, one after the other, until nothing is left."""
        while claim := await self._claim():
            await self._do(Held(self.control, claim))

    async def _begin(self, group: asyncio.TaskGroup) -> None:
        """What was asked for, until nothing is left or all hands are full. Only one of them looks for more: each look
        is a call, and most find nothing."""
        while True:
            await self._free.acquire()
            claim: Claim | None = None
            try:
                claim = await self._claim()
            finally:
                if claim is None:
                    self._free.release()
            if claim is None:
                return
            group.create_task(self._one(claim))

    async def _one(self, claim: Claim) -> None:
        try:
            await self._do(Held(self.control, claim))
        except rpc.Error as error:
            log.warning("provision.control_unavailable", code=error.code)
        finally:
            self._free.release()
            self.ring()

    async def _do(self, held: Held) -> None:
        kind, customer = held.claim.kind, held.claim.customer.slug
        try:
            await self._kept(held)
            log.info("operation.done", operation=kind, customer=customer)
        except rpc.Conflict:
            log.warning("operation.taken_over", operation=kind, customer=customer)
        except Exception as error:
            # It stays unfinished, and is claimed again when its lease ends.
            log.exception("operation.failed", operation=kind, customer=customer)
            await held.failed(f"{type(error).__name__} after step {held.claim.step or 'none'}")

    async def _kept(self, held: Held) -> None:
        """What takes longer than a lease renews it meanwhile, and is stopped when another has taken over."""

        async def renew() -> None:
            while True:
                await asyncio.sleep(self.beat)
                try:
                    await held.keep()
                except rpc.Conflict:
                    lost.append(True)
                    work.cancel()
                    return
                except rpc.Error as error:
                    log.warning("operation.not_renewed", code=error.code)

        lost: list[bool] = []
        work = asyncio.create_task(self._work(held))
        renewing = asyncio.create_task(renew())
        try:
            await work
        except asyncio.CancelledError:
            if not lost:
                raise
            raise TakenOver from None
        finally:
            renewing.cancel()

    async def _work(self, held: Held) -> None:
        await self.works[held.claim.kind](held)
