"""What happened to security lately: counts, and what of it was staff's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.methods.console.ops_audit import LogEntry
from seldesk.models import control as models
from seldesk.models.control.operator_listing import Filter
from seldesk.surroundings import surroundings

DAYS = timedelta(days=13)


@dataclass(frozen=True, slots=True)
class DayCount:
    """So often on one day, at the console's door (staff) or at the customers'."""

    day: datetime
    staff: bool
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class AtCustomer:
    slug: str
    name: str
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class SecurityPage:
    """since is the first of the days; worst the customers with the most in them; refused the newest of staff's."""

    frame: Frame
    since: datetime
    days: list[DayCount]
    worst: list[AtCustomer]
    refused: list[LogEntry]


@rpc.public("console.security", kinds=(rpc.Kind.STAFF,), realm="control", reads=True)
async def page(caller: Caller) -> SecurityPage:
    """All that the page of security shows, of fourteen days."""
    since = surroundings().now.replace(hour=0, minute=0, second=0, microsecond=0) - DAYS
    counts = models.SecurityCount
    return SecurityPage(
        frame(caller),
        since,
        await counts.days(DayCount, since),
        await counts.worst(AtCustomer, since),
        (await models.operator_listing.page(LogEntry, Filter("refused"), None)).items,
    )
