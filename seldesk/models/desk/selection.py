from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import orm
from seldesk import zones
from seldesk.models.desk.person import Person, normalised
from seldesk.models.desk.ticket import Ticket

_FIRST = date(1, 1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which tickets of a view, and in which order. Both days belong to it."""

    view: str
    status: str | None = None
    assignee: UUID | None = None
    tag: str | None = None
    requester: str | None = None
    channel: str | None = None
    created_from: date | None = None
    created_until: date | None = None
    sort: str = "updated"

    def conditions(self, zone: str) -> list[orm.Condition]:
        """zone is the one whose days are meant."""
        chosen: list[orm.Condition] = []
        if self.status is not None:
            chosen.append(Ticket.status == self.status)
        if self.assignee is not None:
            chosen.append(Ticket.assignee_id == self.assignee)
        if self.tag is not None:
            chosen.append(orm.any_of(Ticket.tags, self.tag))
        if self.requester is not None:
            whose = Person.where(Person.email == normalised(self.requester, "requester"))
            chosen.append(Ticket.requester_id == whose.column(Person.id))
        if self.channel is not None:
            chosen.append(Ticket.channel == self.channel)
        if self.created_from is not None:
            chosen.append(Ticket.created_at >= _midnight(self.created_from, zone))
        if self.created_until is not None and self.created_until < date.max:
            chosen.append(Ticket.created_at < _midnight(self.created_until + timedelta(days=1), zone))
        return chosen

    def order(self) -> tuple[Any, ...]:
        """The greatest first: newest change, newest ticket, or most urgent."""
        return {
            "updated": (Ticket.updated_at, Ticket.id),
            "created": (Ticket.created_at, Ticket.id),
            "priority": (Ticket.urgency, Ticket.updated_at, Ticket.id),
        }[self.sort]


def _midnight(day: date, zone: str) -> datetime:
    """When the day begins there, also where a clock change leaves out its first hour or repeats it."""
    # The very first day of the calendar begins before it, seen from the east.
    return datetime.combine(max(day, _FIRST), time(tzinfo=zones.zone(zone))).astimezone(UTC)
