import secrets
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import orm
from seldesk.errors import EntryOver
from seldesk.models.desk.factor import FactorOffer
from seldesk.models.desk.person import Person
from seldesk.models.desk.session import fingerprint
from seldesk.surroundings import surroundings

GOOD_FOR = timedelta(minutes=10)


class Entry(orm.Model, table="entries", schema="secret"):
    """Somebody on the way in: the password was right, or the link, and the second factor is still to come.

    A table of its own, so that no mistake in a query makes a session of it.
    """

    id: orm.Column[UUID] = orm.key()
    fingerprint: orm.Column[bytes] = orm.binary(unique=True)
    person_id: orm.Column[UUID] = orm.reference("app.people.id")
    way: orm.Column[str] = orm.choice("password", "link")
    expires_at: orm.Column[datetime] = orm.time(index=True)

    @classmethod
    def begin(cls, person: UUID, way: str) -> str:
        """The secret for its cookie."""
        secret = secrets.token_urlsafe(32)
        cls.add(fingerprint=fingerprint(secret), person_id=person, way=way, expires_at=surroundings().now + GOOD_FOR)
        return secret

    @classmethod
    async def open(cls, secret: str) -> tuple[Self, Person]:
        """EntryOver when it is too old, was used, or its person was disabled. Locked: one try after the other."""
        found = cls.where(cls.fingerprint == fingerprint(secret), cls.expires_at > surroundings().now)
        entry = await found.lock().first()
        here = Person.where(Person.id == entry.person_id, Person.disabled_at.is_(None)) if entry else None
        person = await here.first() if here else None
        if entry is None or person is None:
            raise EntryOver
        return entry, person

    async def end(self) -> None:
        await FactorOffer.forget(self.id)
        await Entry.where(Entry.id == self.id).delete()

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.expires_at < surroundings().now).delete()
