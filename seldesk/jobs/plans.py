"""The limits of plans: owners are told before a trial ends and when storage fills, and a trial that is over ends."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import structlog

import rpc
from seldesk.methods.control import plan_limits
from seldesk.methods.desk import plans
from seldesk.methods.desk.plans import News

log = structlog.get_logger()
Door = Callable[[UUID], rpc.Call | None]
FULL = 100  # percent


class Plans:
    """A job of each day. Cut off anywhere it goes on where it was: whoever is told twice gets one letter."""

    def __init__(self, control: rpc.Call, door: Door, now: Callable[[], datetime]) -> None:
        self.control, self.door, self.now = control, door, now

    async def look(self, still_at_it: Callable[[], Awaitable[None]]) -> None:
        """Nobody's trial ends who was not told. One whose database is away just now is told the next day, and its
        trial goes on until then.
        """
        for trial in await self.control(plan_limits.ending):
            await still_at_it()
            if await self._told(trial.id, "trial_ends", trial.ends_at):
                await self.control(plan_limits.announced, customer=trial.id, ends_at=trial.ends_at)
        await self.control(plan_limits.end)
        for trial in await self.control(plan_limits.over):
            await still_at_it()
            if await self._told(trial.id, "trial_over", trial.ends_at):
                await self.control(plan_limits.ended, customer=trial.id)
        for one in await self.control(plan_limits.filling):
            await still_at_it()
            news: News = "storage_full" if one.percent == FULL else "storage_nearly"
            if await self._told(one.id, news, self.now()):
                await self.control(plan_limits.filled, customer=one.id, percent=one.percent)

    async def _told(self, customer: UUID, news: News, about: datetime) -> bool:
        if (call := self.door(customer)) is None:
            return False
        try:
            await call(plans.tell, news=news, about=about)
        except rpc.Error as error:
            log.warning("plans.not_told", customer=str(customer), news=news, code=error.code)
            return False
        return True
