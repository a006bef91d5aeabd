from datetime import datetime, timedelta
from typing import Literal, TypeVar
from uuid import UUID

import orm
from rpc import Kind
from seldesk.caller import Caller
from seldesk.models.control.copy import EXISTING
from seldesk.models.control.customer import Customer
from seldesk.models.control.job import Job
from seldesk.models.control.operator_log import OperatorEntry
from seldesk.models.control.restore import Restore
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
KEPT = timedelta(days=400)
LONGEST = 255
# Of the job that tells customers.
TELLING = "acts"
Deed = Literal[
    "suspend",
    "reactivate",
    "terminate",
    "plan",
    "move",
    "rotate",
    "copy",
    "restore",
    "restore-aside",
    "close-side",
    "mail-again",
    "export",
    "import",
]


class Act(orm.Model, table="acts", schema="control"):
    """What the operator did with a customer as a whole. It stands in the customer's own audit from told_at on."""

    id: orm.Column[UUID] = orm.key()
    customer_id: orm.Column[UUID] = orm.identifier()
    what: orm.Column[str] = orm.text()
    detail: orm.Column[str] = orm.text(default="")
    # Who of the staff; None for a command on the machine.
    staff_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    by: orm.Column[str] = orm.text(default="")
    address: orm.Column[str] = orm.text(default="")
    request_id: orm.Column[str] = orm.text(default="")
    at: orm.Column[datetime] = orm.time(index=True)
    told_at: orm.Column[datetime | None] = orm.time(optional=True)

    indexes = (
        orm.index("acts_customer", "customer_id", "id"),
        orm.index("acts_untold", "id", where="told_at IS NULL"),
    )

    @classmethod
    async def note(cls, caller: Caller, customer: Customer, what: Deed, detail: str = "") -> None:
        """In the transaction of the act itself: neither stands without the other. The customer is told after it."""
        staff, now = caller.actor if caller.kind is Kind.STAFF else None, surroundings().now
        act = cls.add(
            customer_id=customer.id,
            what=what,
            detail=detail[:LONGEST],
            staff_id=staff,
            by=caller.name if staff else "",
            address=caller.address,
            request_id=caller.request_id,
            at=now,
        )
        if staff is not None:
            # Without a name: this outlives the customer.
            told = f"{what}, customer {customer.id}"
            OperatorEntry.note(caller, staff, "customer operated", told, customer=customer.id, act=act.id)
        await Job.ask_for(TELLING, str(act.id))

    @classmethod
    async def untold(cls, shape: type[Shape]) -> list[Shape]:
        """The oldest first. While a copy is to take a customer's place, what would be written there would be lost."""
        replaced = Restore.where(
            Restore.customer_id == cls.customer_id, Restore.kind == "live", Restore.state == "waiting"
        )
        waiting = (
            cls.where(cls.told_at.is_(None), ~orm.exists(replaced))
            .join(Customer, Customer.id == cls.customer_id)
            .where(Customer.state.in_(EXISTING))
        )
        return (
            await waiting.order_by(cls.id)
            .limit(1000)
            .into(
                shape,
                id=cls.id,
                customer=cls.customer_id,
                what=cls.what,
                detail=cls.detail,
                staff=cls.staff_id,
                by=cls.by,
                address=cls.address,
                request_id=cls.request_id,
                at=cls.at,
            )
        )

    @classmethod
    async def told(cls, act: UUID) -> None:
        await cls.where(cls.id == act).update(told_at=surroundings().now)

    @classmethod
    async def tell_again(cls, customer: UUID, since: datetime) -> None:
        """What was written since is not in the copy that takes the place. Telling it twice writes it once."""
        await cls.where(cls.customer_id == customer, cls.at >= since).update(told_at=None)

    @classmethod
    async def newest(cls, customer: UUID, shape: type[Shape], limit: int = 30) -> list[Shape]:
        newest = cls.where(cls.customer_id == customer).order_by(cls.id.desc()).limit(limit)
        columns = {"what": cls.what, "detail": cls.detail, "by": cls.by, "at": cls.at, "told_at": cls.told_at}
        return await newest.into(shape, **columns)

    @classmethod
    async def forget_words(cls, customer: UUID) -> None:
        """Of a customer that was erased: that something was done with it stays, what was said of it goes."""
        await cls.where(cls.customer_id == customer).update(detail="")

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.at < surroundings().now - KEPT).delete()
