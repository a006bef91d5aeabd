"""In whose name staff may come into this account, and what the audit knows of what they did there."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models.desk.audit import AuditEntry
from seldesk.models.desk.password import Verifier
from seldesk.models.desk.person import Person
from seldesk.models.desk.session import Session
from seldesk.models.desk.ticket import Ticket
from seldesk.surroundings import surroundings
from seldesk.trail import Outcome

Shape = TypeVar("Shape")
KIND = "access"
AT_ONCE = 200  # calls


async def subject(named: str, never: Collection[str]) -> UUID | None:
    """Whom staff may be here: somebody active who has proved that they are who they are, and none of the staff."""
    try:
        chosen = Person.id == UUID(named)
    except ValueError:
        chosen = Person.email == named.lower()
    proved = orm.or_(
        orm.exists(Verifier.where(Verifier.person_id == Person.id)),
        orm.exists(Session.where(Session.person_id == Person.id, Session.ticket_id.is_(None))),
    )
    active = Person.where(chosen, Person.disabled_at.is_(None), proved)
    found = await active.where(Person.email.not_in(list(never))).first()
    return found.id if found else None


async def has_ticket(number: int) -> bool:
    return await Ticket.where(Ticket.number == number, Ticket.removed.is_(None)).exists()


async def names(people: Iterable[UUID | None]) -> dict[UUID, str]:
    """What those are called today who are not gone."""
    wanted = [one for one in {*people} if one is not None]
    there = Person.where(Person.id.in_(wanted), Person.disabled_at.is_(None))
    return {one.id: one.name for one in await there.limit(200).all()}


def write(
    caller: Caller, staff: UUID, person: UUID, method: str, outcome: Outcome, objects: Mapping[str, str]
) -> UUID | None:
    """A call that is made in a person's name, or what became of it; the entry's id."""
    trail = surroundings().trail
    trail.staff, trail.outcome = staff, outcome
    return AuditEntry.prepare(caller, KIND, method, actor=person, named=objects)


async def attempts(access: UUID, shape: type[Shape], cursor: str | None) -> orm.Page[Shape]:
    """The calls that were made under one access, the newest first."""
    entry, held = AuditEntry, AuditEntry.objects
    theirs = _named("access")
    made = entry.where(entry.kind == KIND, entry.outcome == "attempt", theirs == str(access))
    return await made.page(
        shape,
        by=(entry.number,),
        size=AT_ONCE,
        cursor=cursor,
        id=entry.id,
        number=entry.number,
        at=entry.happened_at,
        method=entry.method,
        objects=held,
    )


async def outcomes(tried: Mapping[UUID, int]) -> dict[UUID, str]:
    """What became of these attempts, which are given with their numbers: each stands behind its own."""
    entry, about = AuditEntry, _named("attempt")
    behind = entry.where(entry.kind == KIND, entry.number > min(tried.values(), default=0))
    found = await behind.where(about.in_([str(one) for one in tried])).limit(AT_ONCE).all()
    return {UUID(one.objects["attempt"]): one.outcome for one in found}


def _named(what: str) -> Any:
    """As the indexes of the audit have it: with the name in the statement's text."""
    return AuditEntry.objects[orm.constant(what)].astext
