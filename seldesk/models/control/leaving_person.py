from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import orm
from seldesk.models.control.customer import Customer
from seldesk.models.control.job import Job
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
SOONEST = 50
# Longer than any call: what is noted before the customer's commit must outlive it.
GRACE = timedelta(minutes=1)


class LeavingPerson(orm.Model, table="leaving_people", schema="control"):
    """Where somebody is to be erased, and when: so that customers without such people are never asked. Who they are,
    and whether they are back, is known in the customer's database alone.
    """

    person_id: orm.Column[UUID] = orm.identifier(primary=True)
    customer_id: orm.Column[UUID] = orm.reference("control.customers.id", delete="cascade")
    erase_at: orm.Column[datetime] = orm.time(index=True)
    noted_at: orm.Column[datetime] = orm.time()
    returned_at: orm.Column[datetime | None] = orm.time(optional=True)

    @classmethod
    async def note(cls, customer: UUID, person: UUID, erase_at: datetime) -> None:
        """Before the customer's commit. What is due is looked for at once."""
        now = surroundings().now
        when = {"erase_at": erase_at, "noted_at": now, "returned_at": None}
        await orm.upsert(cls, {"customer_id": customer, "person_id": person, **when}, on=("person_id",), set=when)
        if erase_at <= now:
            await Job.ask_for("people", f"{person}:{now.isoformat()}")

    @classmethod
    async def returned(cls, customer: UUID, person: UUID) -> None:
        """Before the customer's commit too, which may fail: so it is kept, and asked when its day comes."""
        theirs = cls.where(cls.customer_id == customer, cls.person_id == person)
        await theirs.update(returned_at=surroundings().now)

    @classmethod
    async def due(cls, shape: type[Shape]) -> list[Shape]:
        due = cls.where(cls.erase_at <= surroundings().now).order_by(cls.erase_at, cls.person_id).limit(10_000)
        return await due.into(shape, customer=cls.customer_id, person=cls.person_id)

    @classmethod
    async def settle(cls, customer: UUID, person: UUID, erase_at: datetime | None) -> bool:
        """The customer was asked: they go then, or they are gone or back. False while the answer may be too early:
        who noted it may have committed after the look.
        """
        theirs = cls.where(cls.customer_id == customer, cls.person_id == person)
        if erase_at is not None:
            await theirs.update(erase_at=erase_at)
            return True
        await theirs.where(cls.noted_at <= surroundings().now - GRACE).delete()
        return not await theirs.exists()

    @classmethod
    async def gone(cls, customer: UUID, person: UUID) -> None:
        """Erased, or their whole customer is."""
        await cls.where(cls.customer_id == customer, cls.person_id == person).delete()

    @classmethod
    async def counted(cls, shape: type[Shape], until: datetime) -> list[Shape]:
        """How many go until then, by customer: of those where the first goes soonest."""
        left = cls.where(cls.erase_at <= until, cls.returned_at.is_(None)).join(
            Customer, Customer.id == cls.customer_id
        )
        first = orm.minimum(cls.erase_at)
        grouped = left.group_by(Customer.slug, Customer.name).order_by(first, Customer.slug).limit(SOONEST)
        return await grouped.into(shape, slug=Customer.slug, name=Customer.name, people=orm.count(), first_at=first)

    @classmethod
    async def until(cls, shape: type[Shape], until: datetime) -> list[Shape]:
        """Who goes until then, the first to go first."""
        left = cls.where(cls.erase_at <= until, cls.returned_at.is_(None)).join(
            Customer, Customer.id == cls.customer_id
        )
        listed = left.order_by(cls.erase_at, cls.person_id).limit(100_000)
        return await listed.into(shape, slug=Customer.slug, person=cls.person_id, erase_at=cls.erase_at)
