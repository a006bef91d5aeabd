from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import orm
from seldesk.models.control.customer import Customer
from seldesk.surroundings import OPERATOR, surroundings

Shape = TypeVar("Shape")
KEPT = timedelta(days=90)
WORST = 20


class SecurityCount(orm.Model, table="security_counts", schema="control"):
    """How often something happened to the security of one customer in one hour; to that of the operator's own door,
    where it is the operator's id. Never who it was.
    """

    hour: orm.Column[datetime] = orm.time(primary=True)
    customer_id: orm.Column[UUID] = orm.identifier(primary=True)
    what: orm.Column[str] = orm.text(primary=True)
    count: orm.Column[int] = orm.big()

    @classmethod
    async def add_all(cls, counts: Iterable[tuple[datetime, UUID, str, int]]) -> None:
        for hour, customer, what, count in counts:
            values = {"hour": hour, "customer_id": customer, "what": what, "count": count}
            on = ("hour", "customer_id", "what")
            await orm.upsert(cls, values, on=on, set={"count": cls.count + count})

    @classmethod
    async def days(cls, shape: type[Shape], since: datetime) -> list[Shape]:
        """By day, whether it was the operator's door, and what."""
        day, own = orm.truncated("day", cls.hour), cls.customer_id == OPERATOR.id
        columns: dict[str, Any] = {"day": day, "staff": own, "what": cls.what, "count": orm.total(cls.count)}
        listed = cls.where(cls.hour >= since).group_by(day, own, cls.what).order_by(day)
        return await listed.limit(1000).into(shape, **columns)

    @classmethod
    async def worst(cls, shape: type[Shape], since: datetime) -> list[Shape]:
        """The customers with the most, the worst first."""
        total = orm.total(cls.count)
        of = cls.where(cls.hour >= since).join(Customer, Customer.id == cls.customer_id)
        listed = of.group_by(Customer.slug, Customer.name, cls.what).order_by(total.desc(), Customer.slug)
        return await listed.limit(WORST).into(shape, slug=Customer.slug, name=Customer.name, what=cls.what, count=total)

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.hour < surroundings().now - KEPT).delete()
