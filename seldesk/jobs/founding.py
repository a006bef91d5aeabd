"""Gives new customers their first owner, once their database is open."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import structlog

import rpc
from seldesk.jobs.turns import turns
from seldesk.methods.control import sign_ups
from seldesk.methods.control.sign_ups import Founding
from seldesk.methods.desk import founding

log = structlog.get_logger()


class Founder:
    """Killed between the two databases, it does the same again: the second time changes nothing."""

    def __init__(self, control: rpc.Call, customer: Callable[[UUID], rpc.Call | None], *, poll: float = 5.0) -> None:
        self.control, self.customer, self.poll = control, customer, poll
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """A customer may have become active."""
        self._rung.set()

    async def run(self) -> None:
        await turns("founding", self.work, self.poll, self._rung)

    async def work(self) -> None:
        """Found all that wait for it."""
        while due := await self.control(sign_ups.unfounded):
            for one in due:
                await self._found(one)

    async def _found(self, one: Founding) -> None:
        call = self.customer(one.customer)
        try:
            if call is None:
                raise rpc.Unavailable("This process does not know the customer yet.")
            await call(founding.begin, email=one.email, name=one.name)
            await self.control(sign_ups.founded, sign_up=one.sign_up)
        except rpc.Error as error:
            # It is handed out again when its time is over.
            log.warning("founding.put_off", customer=str(one.customer), code=error.code)
