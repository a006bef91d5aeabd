"""Whom an agent may look up: those who work here and those who ask."""

from typing import Any, TypeVar
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models.desk.person import WORKERS, Person, normalised
from seldesk.models.desk.ticket import Ticket

Shape = TypeVar("Shape")
LONGEST = 100


def seen_by(caller: Caller) -> orm.Query[Person]:
    """Who is limited knows only those requesters whose tickets they see."""
    known = Person.where(Person.disabled_at.is_(None))
    if caller.role != "limited":
        return known
    asked = Ticket.seen_by(caller).where(Ticket.requester_id == Person.id)
    return known.where(orm.or_(Person.role.in_(WORKERS), orm.exists(asked)))


async def begun(caller: Caller, text: str, shape: type[Shape], most: int) -> list[Shape]:
    """Those whose name, last name or address begins so, by name."""
    beginning = " ".join(text.lower().split())[:LONGEST]
    if not beginning:
        return []
    # As in the indexes of people, which serve nothing that is written otherwise.
    last_name = orm.function("regexp_replace", Person.name, orm.constant("^.* "), orm.constant(""))
    found = orm.or_(
        orm.lower(Person.name).startswith(beginning, autoescape=True),
        orm.lower(last_name).startswith(beginning, autoescape=True),
        Person.email.startswith(beginning, autoescape=True),
    )
    listed = seen_by(caller).where(found).order_by(Person.name, Person.id).limit(most)
    return await listed.into(shape, **_columns())


async def shown(caller: Caller, person: UUID, shape: type[Shape]) -> Shape:
    return await seen_by(caller).where(Person.id == person).one_into(shape, **_columns())


async def name_of(caller: Caller, email: str) -> str:
    """What whoever has this address is called; "" where the caller knows of nobody."""
    found = await seen_by(caller).where(Person.email == normalised(email)).first() if email.strip() else None
    return found.name if found else ""


def _columns() -> dict[str, Any]:
    return {
        "id": Person.id,
        "name": Person.name,
        "email": Person.email,
        "works_here": Person.role.in_(WORKERS),
        "organisation": Person.organisation_id,
    }
