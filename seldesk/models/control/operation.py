from datetime import datetime, timedelta
from uuid import UUID

import orm
from seldesk.surroundings import surroundings

# Copies and tests of them have lists of their own, and there are many.
KEPT, KEPT_OF_COPIES = timedelta(days=400), timedelta(days=14)
COPIES = ("copy", "drill")


class Operation(orm.Model, table="operations", schema="control"):
    """What was done with a customer as a whole before what is under way now, or was last: that stands in its lease."""

    id: orm.Column[UUID] = orm.key()
    customer_id: orm.Column[UUID] = orm.identifier()
    kind: orm.Column[str] = orm.text()
    target: orm.Column[str] = orm.text(default="")
    asked_at: orm.Column[datetime] = orm.time(index=True)
    # Empty when it never was; ended_at is empty when its worker died and what was left could be forgotten.
    begun_at: orm.Column[datetime | None] = orm.time(optional=True)
    ended_at: orm.Column[datetime | None] = orm.time(optional=True)
    # As in the lease.
    steps: orm.Column[list[str]] = orm.texts()
    error: orm.Column[str] = orm.text(default="")

    indexes = (orm.index("operations_customer", "customer_id", "id"),)

    @classmethod
    async def expire(cls) -> int:
        now = surroundings().now
        gone = (cls.asked_at < now - KEPT) | (cls.kind.in_(COPIES) & (cls.asked_at < now - KEPT_OF_COPIES))
        return await cls.where(gone).delete()
