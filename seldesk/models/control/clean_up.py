from datetime import datetime
from typing import TypeVar

import orm
from seldesk.models.control.customer import Customer
from seldesk.models.control.erasure import Erasure
from seldesk.models.control.leaving import begin_due, last_clean_up
from seldesk.models.control.leaving_person import LeavingPerson
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")


class CleanUp(orm.Model, table="clean_ups", schema="control"):
    """One of the two clean-ups of a year: when it was due, begun and finished, and what it erased."""

    due_at: orm.Column[datetime] = orm.time(primary=True)
    begun_at: orm.Column[datetime] = orm.time()
    # When those who go were chosen.
    chosen_at: orm.Column[datetime | None] = orm.time(optional=True)
    finished_at: orm.Column[datetime | None] = orm.time(optional=True)
    customers: orm.Column[int] = orm.integer(default=0)
    people: orm.Column[int] = orm.integer(default=0)

    @classmethod
    async def begin(cls) -> datetime:
        """The one that is due. Begun again after a crash it goes on where it was."""
        now = surroundings().now
        due_at = last_clean_up(now)
        await orm.insert_or_skip(cls, {"due_at": due_at, "begun_at": now, "customers": 0, "people": 0})
        return due_at

    @classmethod
    async def choose(cls, due_at: datetime) -> tuple[int, int]:
        """The customers that go, how many, and how many must wait; chosen is chosen."""
        chosen = await begin_due()
        await cls.where(cls.due_at == due_at, cls.chosen_at.is_(None)).update(chosen_at=surroundings().now)
        await cls.report()
        return chosen

    @classmethod
    async def report(cls) -> None:
        """Of those in which nobody is left who was to go."""
        for one in await cls.where(cls.finished_at.is_(None), cls.chosen_at.is_not(None)).lock().all():
            left = Customer.where(Customer.state.in_(("terminated", "purging")), Customer.erase_at <= one.due_at)
            people = LeavingPerson.where(LeavingPerson.erase_at <= one.due_at, LeavingPerson.returned_at.is_(None))
            if await left.exists() or await people.exists():
                continue
            one.finished_at = surroundings().now
            since = Erasure.where(Erasure.erased_at >= one.begun_at, Erasure.kind == "customer")
            one.customers = await since.count_up_to(1_000_000)
            # They are another job's, which may have been quicker.
            within = Erasure.where(Erasure.erased_at >= one.due_at, Erasure.kind == "person")
            one.people = await within.count_up_to(1_000_000)

    @classmethod
    async def newest(cls, shape: type[Shape], limit: int) -> list[Shape]:
        newest = cls.query().order_by(cls.due_at.desc()).limit(limit)
        return await newest.into(
            shape,
            due_at=cls.due_at,
            begun_at=cls.begun_at,
            finished_at=cls.finished_at,
            customers=cls.customers,
            people=cls.people,
        )
