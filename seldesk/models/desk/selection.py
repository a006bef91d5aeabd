from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from uuid import UUID

import msgspec

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
    team: UUID | None = None
    tag: str | None = None
    requester: str | None = None
    # The same by an id, which no address in the filters names.
    person: UUID | None = None
    channel: str | None = None
    created_from: date | None = None
    created_until: date | None = None
    sort: str = "updated"

    def conditions(self, zone: str, ticket: type[Ticket] = Ticket) -> list[orm.Condition]:
        """zone is the one whose days are meant."""
        chosen: list[orm.Condition] = []
        if self.status is not None:
            chosen.append(ticket.status == self.status)
        if self.assignee is not None:
            chosen.append(ticket.assignee_id == self.assignee)
        if self.team is not None:
            chosen.append(ticket.team_id == self.team)
        if self.tag is not None:
            chosen.append(orm.any_of(ticket.tags, self.tag))
        if self.requester is not None:
            whose = Person.where(Person.email == normalised(self.requester, "requester"))
            chosen.append(ticket.requester_id == whose.column(Person.id))
        if self.person is not None:
            chosen.append(ticket.requester_id == self.person)
        if self.channel is not None:
            chosen.append(ticket.channel == self.channel)
        if self.created_from is not None:
            chosen.append(ticket.created_at >= _midnight(self.created_from, zone))
        if self.created_until is not None and self.created_until < date.max:
            chosen.append(ticket.created_at < _midnight(self.created_until + timedelta(days=1), zone))
        return chosen

    def kept(self) -> dict[str, Any]:
        """The fields that choose something, as `of` reads them again."""
        if self.requester is not None:
            normalised(self.requester, "requester")
        kept: dict[str, Any] = msgspec.to_builtins(self)
        return {name: value for name, value in kept.items() if value is not None}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        return msgspec.convert(kept, cls)

    def order(self, ticket: type[Ticket] = Ticket) -> tuple[Any, ...]:
        """The greatest first: newest change, newest ticket, or most urgent."""
        return {
            "updated": (ticket.updated_at, ticket.id),
            "created": (ticket.created_at, ticket.id),
            "priority": (ticket.urgency, ticket.updated_at, ticket.id),
        }[self.sort]


def _midnight(day: date, zone: str) -> datetime:
    """When the day begins there, also where a clock change leaves out its first hour or repeats it."""
    # The very first day of the calendar begins before it, seen from the east.
    return datetime.combine(max(day, _FIRST), time(tzinfo=zones.zone(zone))).astimezone(UTC)
