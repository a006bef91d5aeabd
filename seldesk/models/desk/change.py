from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType

from seldesk.caller import Caller
from seldesk.errors import TicketMerged, TicketRemoved
from seldesk.models.desk import notification
from seldesk.models.desk.event import Event
from seldesk.models.desk.person import Person
from seldesk.models.desk.ticket import Ticket

FIELDS = ("status", "assignee_id", "team_id", "priority", "subject", "tags", "removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be set on tickets; what is not given stays as it is."""

    status: str | UnsetType = UNSET
    assignee: UUID | UnsetType | None = UNSET
    team: UUID | UnsetType | None = UNSET
    priority: str | UnsetType = UNSET
    subject: str | UnsetType = UNSET
    tags: Sequence[str] | UnsetType = UNSET
    add_tags: Sequence[str] = ()
    remove_tags: Sequence[str] = ()
    removed: str | UnsetType | None = UNSET

    async def names(self, tickets: Sequence[Ticket]) -> Mapping[UUID, str]:
        """The names of the agents that this is about on these tickets."""
        if self.assignee is UNSET:
            return {}
        return await Person.names((self.assignee, *(ticket.assignee_id for ticket in tickets)))

    async def apply(self, caller: Caller, ticket: Ticket, names: Mapping[UUID, str]) -> bool:
        """Whether anything is different now. What is refused is refused before anything is changed."""
        if ticket.removed == "merged":
            raise TicketMerged
        if ticket.removed is not None and self.removed is UNSET:
            raise TicketRemoved
        before = state(ticket)
        ticket.change(caller, tags=self.tags)
        ticket.tag(caller, add=self.add_tags, remove=self.remove_tags)
        if self.assignee is not UNSET:
            ticket.give(caller, self.assignee, names)
        if self.team is not UNSET:
            await ticket.hand_to(caller, self.team)
        if self.status is not UNSET:
            ticket.turn(caller, self.status)
        ticket.change(caller, priority=self.priority)
        if self.subject is not UNSET:
            await ticket.rename(caller, self.subject)
        if self.removed is not UNSET:
            ticket.put_away(caller, self.removed)
        return state(ticket) != before

    async def make(self, caller: Caller, ticket: Ticket) -> None:
        """Apply it to one ticket, and tell those who have it from now on."""
        had, team = ticket.assignee_id, ticket.team_id
        await self.apply(caller, ticket, await self.names([ticket]))
        if ticket.assignee_id != had:
            await notification.assigned(caller, [ticket])
        if ticket.team_id not in (None, team):
            await notification.opened(caller, ticket)


def put_back(caller: Caller, ticket: Ticket, event: Event, names: Mapping[UUID, str]) -> bool:
    """Take back what this event did; False when the ticket was changed again since."""
    before, after = event.before, event.after
    if ticket.removed == "merged" or (ticket.removed is not None and event.kind != "removed"):
        return False
    match event.kind:
        case "tags":
            had, has = before["tags"], after["tags"]
            ticket.tag(
                caller, add=[tag for tag in had if tag not in has], remove=[tag for tag in has if tag not in had]
            )
            return True
        case "assigned":
            if _id(after) != ticket.assignee_id:
                return False
            ticket.give(caller, _id(before), names)
        case "status":
            if after["status"] != ticket.status:
                return False
            ticket.turn(caller, before["status"])
        case "priority":
            if after["priority"] != ticket.priority:
                return False
            ticket.change(caller, priority=before["priority"])
        case "removed":
            if after["removed"] != ticket.removed:
                return False
            ticket.put_away(caller, before["removed"])
    return True


def person_before(event: Event) -> UUID | None:
    """Who had the ticket before this event gave it to somebody else."""
    return _id(event.before) if event.kind == "assigned" else None


def state(ticket: Ticket) -> tuple[Any, ...]:
    """All that a change can touch, as it is now."""
    return tuple(list(value) if isinstance(value := getattr(ticket, field), list) else value for field in FIELDS)


def _id(taker: Mapping[str, Any]) -> UUID | None:
    return UUID(taker["id"]) if "id" in taker else None
