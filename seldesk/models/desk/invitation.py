import secrets
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import orm
from seldesk.models.desk.password import Verifier
from seldesk.models.desk.person import Person
from seldesk.models.desk.session import fingerprint
from seldesk.surroundings import surroundings

GOOD_FOR = timedelta(hours=72)


class Invitation(orm.Model, table="invitations", schema="secret"):
    """A one-time link that sets a person's first password."""

    id: orm.Column[UUID] = orm.key()
    fingerprint: orm.Column[bytes] = orm.binary(unique=True)
    person_id: orm.Column[UUID] = orm.reference("app.people.id", unique=True)
    expires_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def issue(cls, person: Person) -> str:
        """The link's address. An earlier one of this person stops working."""
        secret = secrets.token_urlsafe(32)
        around = surroundings()
        await cls.where(cls.person_id == person.id).delete()
        cls.add(fingerprint=fingerprint(secret), person_id=person.id, expires_at=around.now + GOOD_FOR)
        return f"{around.addresses.customer(around.customer.slug)}/welcome/{secret}"

    @classmethod
    async def open(cls, secret: str) -> Self:
        """NotFound when it was used, replaced or is too old. Locked: of two at once one redeems it."""
        return await cls.where(cls.fingerprint == fingerprint(secret), cls.expires_at > surroundings().now).lock().one()

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.expires_at < surroundings().now).delete()

    async def redeem(self, password: str) -> Person:
        person = await Person.get(self.person_id)
        await Verifier.put(person.id, password)
        await type(self).where(type(self).id == self.id).delete()
        return person
