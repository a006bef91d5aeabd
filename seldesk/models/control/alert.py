from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import orm
from seldesk.surroundings import surroundings


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
        wanted = dict.fromkeys(found)
        for alert in await cls.where(cls.check == check).limit(10_000).all():
            if (alert.subject, alert.detail) in wanted:
                del wanted[alert.subject, alert.detail]
            else:
                await cls.where(cls.id == alert.id).delete()
        for subject, detail in wanted:
            cls.add(check=check, subject=subject, detail=detail, since=surroundings().now)
        return list(wanted)
