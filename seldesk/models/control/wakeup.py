from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import orm
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
# Longer than any call: a wake-up is written before the customer's commit, and must outlive it.
GRACE = timedelta(minutes=1)


class Wakeup(orm.Model, table="wakeups", schema="control"):
    """When a customer's outbox has something due, so that idle customers are never asked."""

    customer_id: orm.Column[UUID] = orm.reference("control.customers.id", primary=True)
    due_at: orm.Column[datetime] = orm.time(index=True)
    noted_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def note(cls, customer: UUID, due: datetime) -> None:
        """Keep the earlier of the two."""
        await _noted().send(customer_id=customer, due_at=due, noted_at=surroundings().now)

    @classmethod
    async def take(cls, limit: int) -> list["Wakeup"]:
        """Those that are due, put off by the time that a worker may need for them."""
        around = surroundings()
        now = around.now
        due = await cls.where(cls.due_at <= now).order_by(cls.due_at).limit(limit).lock(skip_locked=True).all()
        for wakeup in due:
            wakeup.due_at = now + around.lease
        return due

    @classmethod
    async def settle(cls, customer: UUID, next_due: datetime | None) -> None:
        """The outbox was looked at. Come back when its next row is due, or once the grace is over."""
        wakeup = await cls.where(cls.customer_id == customer).lock().first()
        if wakeup is None:
            return
        over = wakeup.noted_at + GRACE
        if surroundings().now < over:
            # Who noted it may have committed after the look: what was seen there is not all there is.
            wakeup.due_at = min(over, next_due or over)
        elif next_due is not None:
            wakeup.due_at = next_due
        else:
            await cls.where(cls.customer_id == customer).delete()


@orm.kept
def _noted() -> orm.PreparedInsert:
    due, noted = orm.parameter("due_at", Wakeup.due_at), orm.parameter("noted_at", Wakeup.noted_at)
    return orm.PreparedInsert(
        Wakeup,
        "customer_id",
        "due_at",
        "noted_at",
        on=("customer_id",),
        set={"due_at": orm.least(Wakeup.due_at, due), "noted_at": noted},
    )
