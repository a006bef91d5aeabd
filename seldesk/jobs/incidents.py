"""Tells those of an incident who are not told by the operator's own mail: people inside customers, and webhooks."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import structlog

import rpc
from seldesk.jobs.schedule import PutOff
from seldesk.jobs.webhook import NotTold, Posting, Webhook
from seldesk.methods.control import incidents
from seldesk.methods.control.incidents import ForPeople, ForWebhook
from seldesk.methods.desk import announcements

log = structlog.get_logger()
Door = Callable[[UUID], rpc.Call | None]
StillAtIt = Callable[[], Awaitable[None]]


class SomeAreAway(PutOff):
    """A customer's database or a webhook does not answer."""


class Telling:
    """A job that may be cut off anywhere and is begun again: whoever was told is not told again.

    now -- when a webhook is told, which is part of its signature
    """

    def __init__(
        self,
        control: rpc.Call,
        door: Door,
        webhooks: Sequence[Webhook],
        posting: Posting,
        now: Callable[[], datetime],
    ) -> None:
        self.control, self.door, self.posting, self.now = control, door, posting, now
        # Two at one host are told apart by their place in the settings.
        hosts = [one.host for one in webhooks]
        self.webhooks = {
            f"{one.host} ({place})" if hosts.count(one.host) > 1 else one.host: one
            for place, one in enumerate(webhooks, 1)
        }

    async def tell(self, still_at_it: StillAtIt) -> None:
        away = 0
        for one in await self.control(incidents.for_people):
            await still_at_it()
            away += not await self._people(one)
        for due in await self.control(incidents.for_webhooks, hosts=[*self.webhooks]) if self.webhooks else ():
            await still_at_it()
            away += not await self._webhook(due)
        if away:
            raise SomeAreAway(f"{away} could not be told")

    async def _people(self, one: ForPeople) -> bool:
        call = self.door(one.customer)
        counts = announcements.Counts(0, len(one.named), 0, 0)
        if call is not None:
            try:
                counts = await call(
                    announcements.tell,
                    incident=one.incident,
                    update=one.update,
                    title=one.title,
                    before=one.before,
                    text=one.text,
                    named=one.named,
                )
            except rpc.Error as error:
                log.warning("incidents.people_put_off", customer=str(one.customer), code=error.code)
                return False
        await self.control(
            incidents.counted,
            delivery=one.delivery,
            found=counts.found,
            missing=counts.missing,
            sent=counts.sent,
            failed=counts.failed,
        )
        return True

    async def _webhook(self, due: ForWebhook) -> bool:
        body = msgspec.json.encode({"incident": due.told, "delivery": str(due.delivery)})
        error = ""
        try:
            await self.posting.post(self.webhooks[due.host], body, at=int(self.now().timestamp()))
        except NotTold as refused:
            error = str(refused)
            log.warning("incidents.webhook_put_off", host=due.host, reason=error)
        await self.control(incidents.posted, delivery=due.delivery, error=error)
        return not error
