from datetime import datetime
from typing import Self
from uuid import UUID

import orm
from seldesk.errors import NotLikeThis, TooLateToReturn
from seldesk.models.desk.entry import Entry
from seldesk.models.desk.invitation import Invitation
from seldesk.models.desk.mailed_link import MailedLink
from seldesk.models.desk.member import Member
from seldesk.models.desk.person import WORKERS, Person
from seldesk.models.desk.session import Session
from seldesk.models.desk.token import Token
from seldesk.surroundings import surroundings


class Departure(orm.Model, table="departures", schema="app"):
    """Somebody whose account is closed: back until the day on which what is known of them is erased, or gone."""

    person_id: orm.Column[UUID] = orm.reference("app.people.id", primary=True)
    left_at: orm.Column[datetime] = orm.time()
    erase_at: orm.Column[datetime] = orm.time()
    # Whether they were kept out before: then they still are when they come back.
    was_disabled: orm.Column[bool] = orm.flag()
    # The point of no return, and the entry in the ledger that was chosen with it.
    erasing_at: orm.Column[datetime | None] = orm.time(optional=True)
    erasure: orm.Column[UUID | None] = orm.identifier(optional=True)
    erased_at: orm.Column[datetime | None] = orm.time(optional=True)

    @classmethod
    async def begin(cls, person: UUID, erase_at: datetime) -> Self:
        """Out, at once. Of somebody who has left already, what is known can be made to go sooner."""
        held = await _held(person)
        known = await cls.where(cls.person_id == person).lock().first()
        if known is not None:
            if known.erasing_at is not None or known.erase_at <= erase_at:
                raise NotLikeThis("This account is closed already.")
            known.erase_at = erase_at
            return known
        was_disabled = held.disabled_at is not None
        await _shut(held)
        now = surroundings().now
        return cls.add(person_id=person, left_at=now, erase_at=erase_at, was_disabled=was_disabled)

    @classmethod
    async def take_back(cls, person: UUID) -> None:
        """As it was, with the password they had. Sessions, tokens and links do not come back."""
        held = await _held(person)
        left = await cls.where(cls.person_id == person).lock().first()
        if left is None:
            raise NotLikeThis("This account is not closed.")
        if left.erasing_at is not None:
            raise TooLateToReturn("What is known of this person is being erased, or is erased already.")
        if not left.was_disabled:
            held.disabled_at = None
        await left.delete()

    @classmethod
    async def due(cls, person: UUID) -> Self | None:
        """For the erasing: the point of no return, passed once, when the day has come. None for who is back, and
        where nothing is left to do.
        """
        now = surroundings().now
        left = await cls.where(cls.person_id == person, cls.erased_at.is_(None)).lock().first()
        if left is not None and left.erasing_at is None and left.erase_at <= now:
            left.erasing_at, left.erasure = now, orm.uuid7()
        return left

    @classmethod
    async def done(cls, person: UUID) -> None:
        """Also for somebody who, in an older copy of this database, had not even left."""
        now = surroundings().now
        gone = {"erased_at": now}
        first = {"person_id": person, "left_at": now, "erase_at": now, "was_disabled": False, "erasing_at": now}
        await orm.upsert(cls, first | gone, on=("person_id",), set=gone)


async def _held(person: UUID) -> Person:
    """Of who works here, all owners are held with them: of the last two who leave at the same time one stays."""
    found = await Person.get(person)
    if found.role in WORKERS:
        return (await Member.of(person)).person
    held = await Person.query().lock().get(person)
    surroundings().trail.about(person)
    surroundings().trail.knowing(name=held.name, email=held.email)
    return held


async def _shut(person: Person) -> None:
    if person.role in WORKERS and person.disabled_at is None:
        await (await Member.of(person.id)).disable()
    person.disabled_at = person.disabled_at or surroundings().now
    for door in (Session, Entry, Token, Invitation, MailedLink):
        await door.where(door.person_id == person.id).delete()
