"""How mail goes in and out: counts per customer, no addresses and no words of anybody."""

from dataclasses import dataclass
from datetime import datetime

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.models import control as models
from seldesk.models.control.mail_health import AGES

STAFF = (rpc.Kind.STAFF,)


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all customers, as they were measured; own_ are the operator's own mails, as they are now. `health.read` says
    more.
    """

    waiting: int
    refused: int
    failed: int
    bounced: int
    unread: int
    failing: int
    mailboxes: int
    waiting_since: datetime | None
    measured_at: datetime | None
    own_due: int
    own_dead: int
    own_done: int
    own_since: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many customers have mail that waits for less than `minutes`; None: for longer than all before."""

    minutes: int | None
    customers: int


@dataclass(frozen=True, slots=True)
class MailLine:
    """One customer with whom something is wrong."""

    slug: str
    name: str
    waiting: int
    refused: int
    failed: int
    bounced: int
    unread: int
    failing: int
    mailboxes: int
    waiting_since: datetime | None
    received_at: datetime | None
    measured_at: datetime


@dataclass(frozen=True, slots=True)
class MailPage:
    frame: Frame
    totals: Totals
    ages: list[Waiting]
    items: list[MailLine]
    next: str | None
    previous: str | None


@rpc.public("console.mail", kinds=STAFF, realm="control", reads=True)
async def page(caller: Caller, cursor: str | None = None) -> MailPage:
    """All that the page of mail shows; the customers with most trouble first."""
    found = await models.mail_health.troubled(MailLine, cursor)
    minutes = [*(int(age.total_seconds() // 60) for age in AGES), None]
    ages = [Waiting(*one) for one in zip(minutes, await models.mail_health.ages(), strict=True)]
    totals = Totals(**await models.mail_health.totals())
    return MailPage(frame(caller), totals, ages, found.items, found.next, found.previous)
