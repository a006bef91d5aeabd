from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import orm
from seldesk.models.desk import trying
from seldesk.models.desk.password import Verifier
from seldesk.models.desk.person import Person
from seldesk.surroundings import surroundings

GOOD_FOR = timedelta(hours=72)


class Invitation(orm.Model, table="invitations", schema="secret"):
    """A one-time link that sets a person's first password.

    The link is signed and kept nowhere: the mail that brings it is written, and written again, from this row.
    """

    id: orm.Column[UUID] = orm.key()
    person_id: orm.Column[UUID] = orm.reference("app.people.id", unique=True)
    expires_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def issue(cls, person: Person) -> Self:
        """An earlier one of this person stops working."""
        await cls.where(cls.person_id == person.id).delete()
        return cls.add(person_id=person.id, expires_at=surroundings().now + GOOD_FOR)

    @classmethod
    async def open(cls, secret: str) -> Self:
        """NotFound when it was used, replaced or is too old. Locked: of two at once one redeems it."""
        now = surroundings().now
        named = UUID(surroundings().signer.read("invitation", secret, now)["id"])
        return await cls.where(cls.id == named, cls.expires_at > now).lock().one()

    @classmethod
    async def of_owner(cls, email: str) -> Self | None:
        """The one by which this owner can still choose a password."""
        owner = cls.where(cls.expires_at > surroundings().now).join(Person, Person.id == cls.person_id)
        return await owner.where(Person.email == email, Person.role == "owner").first()

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.expires_at < surroundings().now).delete()

    @property
    def link(self) -> str:
        around = surroundings()
        secret = around.signer.sign("invitation", {"id": str(self.id)}, self.expires_at)
        return f"{around.addresses.customer(around.customer.slug)}/welcome/{secret}"

    async def redeem(self, password: str) -> Person:
        person = await Person.get(self.person_id)
        await Verifier.put(person.id, password, (person.name, person.email))
        await trying.anew(person.email, person.id)
        await type(self).where(type(self).id == self.id).delete()
        return person
