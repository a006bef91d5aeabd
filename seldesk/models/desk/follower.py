from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models.desk.event import Event
from seldesk.models.desk.ticket import Ticket
from seldesk.surroundings import surroundings


class Follower(orm.Model, table="followers", schema="app"):
    """An agent who is told what a requester answers in a ticket, though it is not theirs."""

    ticket_id: orm.Column[UUID] = orm.reference("app.tickets.id", primary=True, delete="cascade")
    person_id: orm.Column[UUID] = orm.reference("app.people.id", primary=True, delete="cascade")
    created_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def begin(cls, caller: Caller, ticket: Ticket) -> None:
        """Only oneself: whoever could add others could have them mailed."""
        if await cls.add_all(ticket.id, [caller.id]):
            Event.record(caller, ticket.id, "followed", {}, {})

    @classmethod
    async def end(cls, caller: Caller, ticket: Ticket) -> None:
        if await cls.where(cls.ticket_id == ticket.id, cls.person_id == caller.id).delete():
            Event.record(caller, ticket.id, "unfollowed", {}, {})

    @classmethod
    async def add_all(cls, ticket: UUID, people: Iterable[UUID]) -> int:
        """How many of them are new."""
        now = surroundings().now
        added = [
            await orm.insert_or_skip(cls, {"ticket_id": ticket, "person_id": person, "created_at": now})
            for person in people
        ]
        return sum(added)

    @classmethod
    def of(cls, ticket: Any) -> Any:
        """The ids of a ticket's followers, for in_(). ticket is an id or a column."""
        return cls.where(cls.ticket_id == ticket).column(cls.person_id)
