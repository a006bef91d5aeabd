"""Who sits before open pages, and what they may be told: one statement for all pages of a customer."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models.desk.message import Message
from seldesk.models.desk.person import WORKERS, Person
from seldesk.models.desk.session import Session
from seldesk.models.desk.ticket import Ticket
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
JUST_NOW = timedelta(minutes=1)


async def of(sessions: Collection[UUID], tickets: Collection[UUID], shape: type[Shape]) -> list[Shape]:
    """Each session that is not over and whose person works here, once for each of the tickets that this person
    sees, and once without a ticket when that is none of them.
    """
    demanded = [role for role in WORKERS if surroundings().demands_factor(role)]
    seen = orm.and_(Ticket.id.in_(tickets), Ticket.visible_to_worker())
    here = Session.not_over().where(Session.id.in_(sessions), Session.ticket_id.is_(None), Person.role.in_(WORKERS))
    if demanded:
        here = here.where(orm.or_(Session.factor != "", Person.role.not_in(demanded)))
    return await (
        here.join(Ticket, seen, optional=True)
        .limit(len(sessions) * max(len(tickets), 1))
        .into(
            shape,
            session=Session.id,
            role=Person.role,
            ticket=Ticket.id,
            number=Ticket.number,
            message=Ticket.last_message_id,
            changed_at=Ticket.updated_at,
        )
    )


async def names(people: Iterable[UUID]) -> dict[UUID, str]:
    wanted = set(people)
    return await Person.names(wanted) if wanted else {}


async def arrivals(caller: Caller, numbers: Collection[int], shape: type[Shape]) -> list[Shape]:
    """What requesters said just now in those of these tickets that are the caller's, their teams' or nobody's yet."""
    earlier = Message.alias("earlier")
    first: Any = ~orm.exists(earlier.where(earlier.ticket_id == Ticket.id, earlier.id != Message.id))
    concerns = orm.or_(Ticket.within_reach(caller.id), Ticket.assignee_id.is_(None))
    return await (
        Ticket.seen_by(caller)
        .where(Ticket.number.in_(numbers), Ticket.removed.is_(None), concerns)
        .where(Message.side == "requester", Message.created_at > surroundings().now - JUST_NOW)
        .join(Message, Message.id == Ticket.last_message_id)
        .join(Person, Person.id == Message.author_id)
        .order_by(Ticket.updated_at.desc())
        .limit(10)
        .into(shape, number=Ticket.number, subject=Ticket.subject, author=Message.written_by(), opened=first)
    )
