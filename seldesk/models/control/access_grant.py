from datetime import datetime, timedelta
from typing import Any, Literal, Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.models.control.staff import Staff
from seldesk.models.control.staff_made import demand_two
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
Span = Literal["hour", "day", "week"]
SPANS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
# What two of the staff decide without the owner is short; what one asks for and nobody approves is forgotten sooner.
BROKEN, ASKED = timedelta(hours=1), timedelta(hours=1)
KEPT = timedelta(days=400)
Asker, Approver = Staff.alias("asker"), Staff.alias("approver")


class AccessGrant(orm.Model, table="access_grants", schema="control"):
    """For how long staff may come into a customer's account, and who has allowed it: the owner; or, in an emergency or
    because an authority has asked by law, two of the staff, which the owner is told at once.
    """

    id: orm.Column[UUID] = orm.key()
    customer_id: orm.Column[UUID] = orm.identifier(index=True)
    kind: orm.Column[str] = orm.choice("owner", "emergency", "authority")
    # One of the customer's people, of whom nothing but this is known here.
    owner_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    asked_by: orm.Column[UUID | None] = orm.reference("control.staff.id", optional=True, index=False)
    approved_by: orm.Column[UUID | None] = orm.reference("control.staff.id", optional=True, index=False)
    reason: orm.Column[str] = orm.text(default="")
    legal_reference: orm.Column[str] = orm.text(default="")
    asked_at: orm.Column[datetime] = orm.time()
    # None until it was approved.
    until: orm.Column[datetime | None] = orm.time(optional=True)
    revoked_at: orm.Column[datetime | None] = orm.time(optional=True)

    @classmethod
    def turn_on(cls, customer: UUID, owner: UUID, span: Span) -> Self:
        now = surroundings().now
        return cls.add(customer_id=customer, kind="owner", owner_id=owner, asked_at=now, until=now + SPANS[span])

    @classmethod
    async def turn_off(cls, customer: UUID) -> int:
        """All that stand, whoever gave them, and all that were asked for: the next call under them is refused."""
        now = surroundings().now
        standing = orm.or_(cls.until.is_(None), cls.until > now)
        return await cls.where(cls.customer_id == customer, cls.revoked_at.is_(None), standing).update(revoked_at=now)

    @classmethod
    def ask(cls, customer: UUID, staff: UUID, reason: str, legal_reference: str) -> Self:
        return cls.add(
            customer_id=customer,
            kind="authority" if legal_reference else "emergency",
            asked_by=staff,
            reason=reason,
            legal_reference=legal_reference,
            asked_at=surroundings().now,
        )

    @classmethod
    async def asked(cls, grant: UUID, staff: UUID) -> Self:
        """One that waits for somebody else's word. Locked."""
        found = await cls.where(cls.id == grant, *cls.waiting_at(surroundings().now)).lock().first()
        if found is None:
            raise rpc.NotFound("This is not asked for any more.")
        if found.asked_by == staff:
            raise rpc.Forbidden("Somebody else must approve what you have asked for.")
        if found.asked_by is not None:
            await demand_two(found.asked_by, staff)
        return found

    def approve(self, staff: UUID) -> None:
        self.approved_by, self.until = staff, surroundings().now + BROKEN

    @classmethod
    def waiting_at(cls, now: datetime) -> tuple[orm.Condition, ...]:
        """For somebody else's word."""
        return cls.until.is_(None), cls.revoked_at.is_(None), cls.asked_at > now - ASKED

    @classmethod
    def open_at(cls, now: datetime) -> tuple[orm.Condition, ...]:
        return cls.revoked_at.is_(None), cls.until > now

    @classmethod
    async def open_for(cls, customer: UUID) -> Self | None:
        """The one that lasts longest; one that an authority asked for only where there is no other."""
        now = surroundings().now
        found = cls.where(cls.customer_id == customer, *cls.open_at(now))
        return await found.order_by(cls.kind == "authority", cls.until.desc()).first()

    @classmethod
    async def listed(cls, customer: UUID, shape: type[Shape]) -> list[Shape]:
        """The newest 20."""
        newest = (
            cls.where(cls.customer_id == customer)
            .join(Asker, Asker.id == cls.asked_by, optional=True)
            .join(Approver, Approver.id == cls.approved_by, optional=True)
            .order_by(cls.id.desc())
            .limit(20)
        )
        return await newest.into(shape, **cls._columns())

    @classmethod
    def _columns(cls) -> dict[str, Any]:
        now = surroundings().now
        return {
            "id": cls.id,
            "kind": cls.kind,
            "owner": cls.owner_id,
            "asked_by": orm.coalesce(Asker.name, ""),
            "approved_by": orm.coalesce(Approver.name, ""),
            "reason": cls.reason,
            "legal_reference": cls.legal_reference,
            "asked_at": cls.asked_at,
            "until": cls.until,
            "revoked_at": cls.revoked_at,
            "state": orm.case(
                (cls.revoked_at.is_not(None), "revoked"),
                (cls.until > now, "open"),
                (cls.until.is_(None) & (cls.asked_at > now - ASKED), "asked"),
                otherwise="over",
            ),
        }

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.asked_at < surroundings().now - KEPT).delete()
