from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orm
from seldesk.surroundings import surroundings

# One for each customer, when a store is away.
MOST, AT_ONCE = 100_000, 1000


@dataclass(frozen=True, slots=True)
class _Known:
    id: UUID
    subject: str
    detail: str


class Alert(orm.Model, table="alerts", schema="control"):
    """Something that a check has found and that a person must look at. It goes when the check finds it no more."""

    id: orm.Column[UUID] = orm.key()
    check: orm.Column[str] = orm.text()
    subject: orm.Column[str] = orm.text()
    detail: orm.Column[str] = orm.text()
    since: orm.Column[datetime] = orm.time()

    indexes = (orm.unique("check", "subject", "detail"),)

    @classmethod
    async def report(cls, check: str, found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """All that a check has found: subject and detail of each. Answers those that are new."""
        wanted, over = dict.fromkeys(found), list[UUID]()
        columns = {"id": cls.id, "subject": cls.subject, "detail": cls.detail}
        for alert in await cls.where(cls.check == check).limit(MOST).into(_Known, **columns):
            if (alert.subject, alert.detail) in wanted:
                del wanted[alert.subject, alert.detail]
            else:
                over.append(alert.id)
        for start in range(0, len(over), AT_ONCE):
            await cls.where(cls.id.in_(over[start : start + AT_ONCE])).delete()
        for subject, detail in wanted:
            cls.add(check=check, subject=subject, detail=detail, since=surroundings().now)
        return list(wanted)
