from datetime import datetime, timedelta
from typing import Literal, TypeVar
from uuid import UUID

import orm
from rpc import Kind
from seldesk.caller import Caller
from seldesk.models.control.staff import Staff
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
KEPT = timedelta(days=400)
StaffDeed = Literal[
    "added",
    "link made",
    "password chosen",
    "password changed",
    "password refused",
    "factor refused",
    "signed in",
    "proved again",
    "signed out",
    "session ended",
    "factor added",
    "factor removed",
    "recovery code used",
    "recovery codes made",
    "roles changed",
    "factors reset",
    "disabled",
    "enabled",
    "job asked for",
    "customer operated",
    "placing changed",
]


class StaffEvent(orm.Model, table="staff_events", schema="control"):
    """What happened with the credentials of one of the staff, and what they did. Written once, never changed."""

    id: orm.Column[UUID] = orm.key()
    staff_id: orm.Column[UUID] = orm.reference("control.staff.id", index=True)
    # Who did it: themselves, another of the staff, or None for a command on the machine.
    by_id: orm.Column[UUID | None] = orm.reference("control.staff.id", optional=True, index=False)
    what: orm.Column[str] = orm.text()
    detail: orm.Column[str] = orm.text(default="")
    address: orm.Column[str] = orm.text()
    request_id: orm.Column[str] = orm.text()
    at: orm.Column[datetime] = orm.time(index=True)

    @classmethod
    def note(cls, caller: Caller, staff: UUID, what: StaffDeed, detail: str = "") -> None:
        """Whoever signs in is nobody yet: what they do is put down to the account they name."""
        by = None if caller.kind is Kind.COMMAND else caller.actor or staff
        cls.add(
            staff_id=staff,
            by_id=by,
            what=what,
            detail=detail,
            address=caller.address,
            request_id=caller.request_id,
            at=surroundings().now,
        )

    @classmethod
    async def newest(cls, staff: UUID, shape: type[Shape], limit: int = 30) -> list[Shape]:
        newest = cls.where(cls.staff_id == staff).join(Staff, Staff.id == cls.by_id, optional=True)
        columns = {"what": cls.what, "detail": cls.detail, "address": cls.address, "at": cls.at}
        by = orm.coalesce(Staff.name, "A command")
        return await newest.order_by(cls.id.desc()).limit(limit).into(shape, **columns, by=by)

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.at < surroundings().now - KEPT).delete()
