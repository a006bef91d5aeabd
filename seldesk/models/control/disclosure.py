from datetime import UTC, datetime, time
from datetime import date as Day
from typing import Any, Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.models.control.customer import SERVED, Customer
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
CHECK = "disclosures"


class NoticeNeeded(rpc.Conflict):
    """Nothing may be handed over: the customer was not told, and no law that forbids it is recorded."""

    code = "notice_needed"


class Disclosure(orm.Model, table="disclosures", schema="control"):
    """An authority wants a customer's data. The customer is told before anything is handed over, unless a law forbids
    that; and without one of the two nothing is.
    """

    id: orm.Column[UUID] = orm.key()
    # None when even its address is forgotten.
    customer_id: orm.Column[UUID | None] = orm.reference("control.customers.id", optional=True, delete="set null")
    authority: orm.Column[str] = orm.text()
    # Of the order or the court, by which it can be found again.
    reference: orm.Column[str] = orm.text()
    wanted: orm.Column[str] = orm.text()
    opened_by: orm.Column[UUID] = orm.reference("control.staff.id", index=False)
    opened_at: orm.Column[datetime] = orm.time()
    # When and how the customer was told.
    noticed_at: orm.Column[datetime | None] = orm.time(optional=True)
    notice: orm.Column[str] = orm.text(default="")
    # What forbids it, and until when; None is without an end.
    barred_at: orm.Column[datetime | None] = orm.time(optional=True)
    bar: orm.Column[str] = orm.text(default="")
    bar_until: orm.Column[datetime | None] = orm.time(optional=True)
    # When the export was begun, which is written down before anything is read, and when it was whole.
    begun_at: orm.Column[datetime | None] = orm.time(optional=True)
    exported_at: orm.Column[datetime | None] = orm.time(optional=True)
    sha256: orm.Column[str] = orm.text(default="")
    closed_at: orm.Column[datetime | None] = orm.time(optional=True)
    outcome: orm.Column[str] = orm.text(default="")

    @classmethod
    async def open(cls, slug: str, authority: str, reference: str, wanted: str, by: UUID) -> Self:
        customer = await Customer.where(Customer.slug == slug.strip().lower(), Customer.state.in_(SERVED)).one()
        return cls.add(
            customer_id=customer.id,
            authority=authority,
            reference=reference,
            wanted=wanted,
            opened_by=by,
            opened_at=surroundings().now,
        )

    @classmethod
    async def locked(cls, disclosure: UUID) -> Self:
        return await cls.where(cls.id == disclosure, cls.closed_at.is_(None)).lock().one()

    def record_notice(self, how: str) -> None:
        self.noticed_at, self.notice = surroundings().now, how

    def record_bar(self, basis: str, until: Day | None) -> None:
        self.barred_at, self.bar = surroundings().now, basis
        self.bar_until = datetime.combine(until, time(), UTC) if until else None

    @property
    def barred(self) -> bool:
        """A law forbids telling the customer, today still."""
        now = surroundings().now
        return self.barred_at is not None and (self.bar_until is None or now < self.bar_until)

    def begin_export(self) -> None:
        """NoticeNeeded before the customer was told or the bar is recorded, and once the bar is over."""
        if self.noticed_at is None and not self.barred:
            raise NoticeNeeded
        self.begun_at = surroundings().now

    def close(self, outcome: str) -> None:
        self.closed_at, self.outcome = surroundings().now, outcome

    @classmethod
    async def forget_words(cls, customer: UUID) -> None:
        """Who asked, under which reference, and the hash of what they got, is the operator's own. What was wanted, and
        what was said of it, is about the customer.
        """
        await cls.where(cls.customer_id == customer).update(wanted="", notice="", bar="", outcome="")

    @classmethod
    async def owed(cls) -> list[tuple[str, str]]:
        """Customers who are still to be told, now that nothing forbids it, as subject and detail of an alert."""
        over = cls.where(cls.customer_id.is_not(None), cls.noticed_at.is_(None), cls.bar_until <= surroundings().now)
        rows = await over.limit(1000).all()
        return [(str(row.id), f"The bar of {row.reference} is over, and the customer was not told.") for row in rows]

    @classmethod
    async def listed(cls, shape: type[Shape], cursor: str | None) -> orm.Page[Shape]:
        named = cls.query().join(Customer, Customer.id == cls.customer_id, optional=True)
        return await named.page(shape, by=(cls.id,), size=50, cursor=cursor, **cls._facts())

    @classmethod
    async def one(cls, disclosure: UUID, shape: type[Shape]) -> Shape:
        return (
            await cls.where(cls.id == disclosure)
            .join(Customer, Customer.id == cls.customer_id, optional=True)
            .one_into(shape, **cls._facts())
        )

    @classmethod
    def _facts(cls) -> dict[str, Any]:
        return {
            "id": cls.id,
            "slug": orm.coalesce(Customer.slug, ""),
            "name": orm.coalesce(Customer.name, ""),
            "authority": cls.authority,
            "reference": cls.reference,
            "wanted": cls.wanted,
            "opened_at": cls.opened_at,
            "noticed_at": cls.noticed_at,
            "notice": cls.notice,
            "barred_at": cls.barred_at,
            "bar": cls.bar,
            "bar_until": cls.bar_until,
            "begun_at": cls.begun_at,
            "exported_at": cls.exported_at,
            "sha256": cls.sha256,
            "closed_at": cls.closed_at,
            "outcome": cls.outcome,
        }
