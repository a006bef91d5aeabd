from datetime import datetime
from uuid import UUID

import orm
from rpc import Kind
from seldesk.caller import Caller
from seldesk.models.desk.ticket import Ticket
from seldesk.surroundings import surroundings


class Seen(orm.Model, table="seen", schema="app"):
    """When a person last opened a ticket, and its newest message then: one that came later is unread."""

    person_id: orm.Column[UUID] = orm.reference("app.people.id", primary=True, delete="cascade")
    ticket_id: orm.Column[UUID] = orm.reference("app.tickets.id", primary=True, delete="cascade")
    # The message and not the time tells what is unread: one written before may be committed after it.
    message_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    seen_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def mark(cls, caller: Caller, ticket: UUID, message: UUID | None) -> None:
        await _marked().send(person_id=caller.id, ticket_id=ticket, message_id=message, seen_at=surroundings().now)

    @classmethod
    def unread(cls, caller: Caller) -> orm.Expression:
        """For a row of tickets: whether something came since this person last opened it. Programs read nothing."""
        if caller.kind is not Kind.PERSON:
            return orm.literal(False)
        read = cls.where(
            cls.person_id == caller.id, cls.ticket_id == Ticket.id, cls.message_id == Ticket.last_message_id
        )
        return Ticket.last_message_id.is_not(None) & ~orm.exists(read)


@orm.kept
def _marked() -> orm.PreparedInsert:
    key, read = ("person_id", "ticket_id"), ("message_id", "seen_at")
    return orm.PreparedInsert(Seen, *key, *read, on=key, set=read)
