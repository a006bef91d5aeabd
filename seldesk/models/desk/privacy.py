"""What is known of one person, as they may ask to see it."""

from typing import Any, TypeVar
from uuid import UUID

import orm
from seldesk.models.desk.attachment import Attachment
from seldesk.models.desk.audit import AuditEntry, AuditFacts
from seldesk.models.desk.departure import Departure
from seldesk.models.desk.factor import Factor
from seldesk.models.desk.mail import Mail
from seldesk.models.desk.message import Message
from seldesk.models.desk.person import Person
from seldesk.models.desk.ticket import Ticket
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
MOST = 10_000
LINES, AT_ONCE = 500, 100


async def shown(person: UUID, shape: type[Shape]) -> Shape:
    state = orm.case(
        (Departure.erased_at.is_not(None), "erased"),
        (Departure.erasing_at.is_not(None), "erasing"),
        (Departure.left_at.is_not(None), "left"),
        (Person.disabled_at.is_not(None), "disabled"),
        otherwise="here",
    )
    left = Person.where(Person.id == person).join(Departure, Departure.person_id == Person.id, optional=True)
    return await left.one_into(
        shape,
        id=Person.id,
        name=Person.name,
        email=Person.email,
        role=Person.role,
        state=state,
        left_at=Departure.left_at,
        erase_at=Departure.erase_at,
        tickets=orm.capped(Ticket.where(Ticket.requester_id == Person.id), MOST),
        messages=orm.capped(Message.where(Message.author_id == Person.id), MOST),
        enrolled=orm.exists(Factor.where(Factor.person_id == Person.id)),
    )


def _theirs(person: UUID) -> "orm.Query[Message]":
    """What was said to them and by them as one who asks; notes are what others thought."""
    own = Ticket.where(Ticket.requester_id == person).column(Ticket.id)
    written = orm.and_(Message.author_id == person, Message.side == "requester")
    return Message.where(
        Message.kind == "message", orm.or_(Message.ticket_id.in_(own), Message.merged_from_id.in_(own), written)
    )


async def tickets(person: UUID, shape: type[Shape], after: int) -> list[Shape]:
    """The next 500 of those they asked."""
    asked = Ticket.where(Ticket.requester_id == person, Ticket.number > after).order_by(Ticket.number)
    return await asked.limit(LINES).into(
        shape,
        number=Ticket.number,
        subject=Ticket.subject,
        status=Ticket.status,
        priority=Ticket.priority,
        tags=Ticket.tags,
        channel=Ticket.channel,
        created_at=Ticket.created_at,
        updated_at=Ticket.updated_at,
        solved_at=Ticket.solved_at,
    )


async def messages(person: UUID, shape: type[Shape], file: type[Any], after: UUID | None) -> list[Shape]:
    """The next 100, each with its files, and the mail that it was where they wrote it."""
    files = Attachment.where(Attachment.message_id == Message.id).order_by(Attachment.id).limit(100)
    came = Mail.where(Mail.message_id == Message.id, Message.author_id == person).limit(1)
    said = _theirs(person).where(Message.id > after) if after else _theirs(person)
    listed = said.join(Ticket, Ticket.id == Message.ticket_id).join(Person, Person.id == Message.author_id)
    return (
        await listed.order_by(Message.id)
        .limit(AT_ONCE)
        .into(
            shape,
            id=Message.id,
            ticket=Ticket.number,
            side=Message.side,
            author=orm.case((Message.on_behalf_by.is_not(None), surroundings().customer.name), otherwise=Person.name),
            text=Message.text,
            created_at=Message.created_at,
            mail=came.column(Mail.id),
            files=files.as_list(
                file, id=Attachment.id, name=Attachment.name, type=Attachment.type, size=Attachment.size
            ),
        )
    )


async def acts(person: UUID, shape: type[Shape], after: int) -> list[Shape]:
    """The next 500 of what they did, with where from."""
    entry, beside = AuditEntry, AuditFacts
    theirs = orm.or_(entry.actor_id == person, orm.and_(entry.actor_id.is_(None), entry.person_id == person))
    done = entry.where(theirs, entry.number > after).join(beside, beside.entry_id == entry.id, optional=True)
    return (
        await done.order_by(entry.number)
        .limit(LINES)
        .into(
            shape,
            number=entry.number,
            happened_at=entry.happened_at,
            method=entry.method,
            outcome=entry.outcome,
            address=orm.coalesce(beside.facts["address"].astext, ""),
        )
    )


async def attachment(person: UUID, attachment: UUID) -> Attachment:
    theirs = _theirs(person).column(Message.id)
    return await Attachment.where(Attachment.id == attachment, Attachment.message_id.in_(theirs)).one()


async def mail(person: UUID, mail: UUID) -> Mail:
    written = Message.where(Message.author_id == person).column(Message.id)
    return await Mail.where(Mail.id == mail, Mail.message_id.in_(written)).one()
