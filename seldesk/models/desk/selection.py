from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

import msgspec

import orm
from seldesk import zones
from seldesk.models.desk.person import Person, normalised
from seldesk.models.desk.ticket import Ticket

# The greatest first: newest change, newest ticket, or most urgent.
ORDERS = {"updated": ("updated_at", "id"), "created": ("created_at", "id"), "priority": ("urgency", "updated_at", "id")}


@dataclass(frozen=True, slots=True)
class Outline:
    """A selection without its values, which are parameters: one statement serves all that differ in nothing else."""

    view: str
    sort: str
    named: frozenset[str]

    def conditions(self, ticket: type[Ticket] = Ticket) -> list[orm.Condition]:
        whose = Person.where(Person.email == orm.parameter("requester", Person.email))
        chosen = {
            "status": ticket.status == orm.parameter("status", Ticket.status),
            "assignee": ticket.assignee_id == orm.parameter("assignee", Ticket.assignee_id),
            "team": ticket.team_id == orm.parameter("team", Ticket.team_id),
            "tags": orm.contains_all(ticket.tags, orm.parameter("tags", Ticket.tags)),
            "requester": ticket.requester_id == whose.column(Person.id),
            "person": ticket.requester_id == orm.parameter("person", Ticket.requester_id),
            "channel": ticket.channel == orm.parameter("channel", Ticket.channel),
            "created_from": ticket.created_at >= orm.parameter("created_from", Ticket.created_at),
            "created_until": ticket.created_at < orm.parameter("created_until", Ticket.created_at),
        }
        return [condition for name, condition in chosen.items() if name in self.named]

    def order(self, ticket: type[Ticket] = Ticket) -> tuple[Any, ...]:
        return tuple(getattr(ticket, name) for name in ORDERS[self.sort])


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

    def values(self, zone: str) -> dict[str, Any]:
        """What its tickets must have, by the names in its outline; zone is the one whose days are meant."""
        wanted: dict[str, Any] = {
            "status": self.status,
            "assignee": self.assignee,
            "team": self.team,
            "tags": None if self.tag is None else [self.tag],
            "person": self.person,
            "channel": self.channel,
        }
        if self.requester is not None:
            wanted["requester"] = normalised(self.requester, "requester")
        if self.created_from is not None:
            wanted["created_from"] = zones.begins(self.created_from, zone)
        if self.created_until is not None:
            wanted["created_until"] = zones.ends(self.created_until, zone)
        return {name: value for name, value in wanted.items() if value is not None}

    def outline(self, values: Collection[str]) -> Outline:
        return Outline(self.view, self.sort, frozenset(values))

    def kept(self) -> dict[str, Any]:
        """The fields that choose something, as `of` reads them again."""
        if self.requester is not None:
            normalised(self.requester, "requester")
        kept: dict[str, Any] = msgspec.to_builtins(self)
        return {name: value for name, value in kept.items() if value is not None}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        return msgspec.convert(kept, cls)
