from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, Self, TypeVar
from uuid import UUID

import orm
from seldesk.models.control.staff import Staff
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
Source = Literal["scanner", "report", "review", "advisory"]
Weight = Literal["critical", "high", "medium", "low"]
Ending = Literal["patched", "accepted"]
CHECK = "findings"
# Days until it is due, where nobody says another one.
DUE = {"critical": 7, "high": 30, "medium": 90, "low": 180}


class Finding(orm.Model, table="findings", schema="control"):
    """A weakness that somebody or something has found in what is run, who mends it, and by when."""

    id: orm.Column[UUID] = orm.key()
    title: orm.Column[str] = orm.text()
    source: orm.Column[str] = orm.choice("scanner", "report", "review", "advisory")
    weight: orm.Column[str] = orm.choice("critical", "high", "medium", "low")
    # A part of the program, a dependency, a machine.
    place: orm.Column[str] = orm.text()
    detail: orm.Column[str] = orm.text(default="")
    owner_id: orm.Column[UUID] = orm.reference("control.staff.id")
    found_at: orm.Column[datetime] = orm.time()
    # The midnight with which its day begins.
    due_at: orm.Column[datetime] = orm.time()
    state: orm.Column[str] = orm.choice("open", "patched", "accepted", default="open")
    # What mended it, or why it stays.
    patch: orm.Column[str] = orm.text(default="")
    closed_at: orm.Column[datetime | None] = orm.time(optional=True)

    indexes = (orm.index("findings_open", "due_at", where="state = 'open'"),)

    @classmethod
    async def enter(
        cls, *, title: str, source: Source, weight: Weight, place: str, detail: str, owner: UUID, due: date | None
    ) -> Self:
        now = surroundings().now
        day = due or (now + timedelta(days=DUE[weight])).date()
        _ = await Staff.get(owner)
        return cls.add(
            title=title,
            source=source,
            weight=weight,
            place=place,
            detail=detail,
            owner_id=owner,
            found_at=now,
            due_at=_midnight(day),
        )

    @classmethod
    async def locked(cls, finding: UUID) -> Self:
        return await cls.where(cls.id == finding, cls.state == "open").lock().one()

    async def hand_over(self, owner: UUID, due: date) -> None:
        _ = await Staff.get(owner)
        self.owner_id, self.due_at = owner, _midnight(due)

    def close(self, ending: Ending, patch: str) -> None:
        self.state, self.patch, self.closed_at = ending, patch, surroundings().now

    @classmethod
    async def overdue(cls) -> list[tuple[str, str]]:
        """As subject and detail of an alert: those whose day is over."""
        late = cls.where(cls.state == "open", cls.due_at <= surroundings().now - timedelta(days=1))
        rows = await late.order_by(cls.due_at, cls.id).limit(1000).all()
        return [(row.place, f"Not mended by {row.due_at:%Y-%m-%d}: {row.title}") for row in rows]

    @classmethod
    async def listed(cls, shape: type[Shape], state: str, cursor: str | None) -> orm.Page[Shape]:
        """The first to be due first."""
        chosen = cls.where(cls.state == state) if state else cls.query()
        named = chosen.join(Staff, Staff.id == cls.owner_id)
        columns = cls._facts()
        return await named.page(shape, by=(cls.due_at, cls.id), size=50, cursor=cursor, descending=False, **columns)

    @classmethod
    async def one(cls, finding: UUID, shape: type[Shape]) -> Shape:
        named = cls.where(cls.id == finding).join(Staff, Staff.id == cls.owner_id)
        return await named.one_into(shape, **cls._facts())

    @classmethod
    def _facts(cls) -> dict[str, Any]:
        return {
            "id": cls.id,
            "title": cls.title,
            "source": cls.source,
            "weight": cls.weight,
            "place": cls.place,
            "detail": cls.detail,
            "owner": cls.owner_id,
            "owner_name": Staff.name,
            "found_at": cls.found_at,
            "due_at": cls.due_at,
            "state": cls.state,
            "patch": cls.patch,
            "closed_at": cls.closed_at,
        }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
