import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orm
from seldesk.models.control.customer import Customer
from seldesk.surroundings import surroundings

# One for each customer, when a store is away.
MOST, AT_ONCE = 100_000, 1000
# What a subject names: a database, which roles are named after too, or an id.
DATABASE = re.compile(r"c_[a-z0-9]+")
ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


@dataclass(frozen=True, slots=True)
class _Known:
    id: UUID
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Named:
    id: UUID
    slug: str
    database: str


class Alert(orm.Model, table="alerts", schema="control"):
    """Something that a check has found and that a person must look at. It goes when the check finds it no more."""

    id: orm.Column[UUID] = orm.key()
    check: orm.Column[str] = orm.text()
    subject: orm.Column[str] = orm.text()
    detail: orm.Column[str] = orm.text()
    since: orm.Column[datetime] = orm.time()
    # Whom it is about, where its subject names a customer.
    customer_id: orm.Column[UUID | None] = orm.identifier(optional=True, index=True)

    indexes = (orm.unique("check", "subject", "detail"),)

    @classmethod
    async def report(
        cls, check: str, found: Iterable[tuple[str, str]], subject: str | None = None
    ) -> list[tuple[str, str]]:
        """All that a check has found, or all of one subject: subject and detail of each. Answers those that are new."""
        wanted, over = dict.fromkeys(found), list[UUID]()
        columns = {"id": cls.id, "subject": cls.subject, "detail": cls.detail}
        known = cls.where(cls.check == check)
        known = known if subject is None else known.where(cls.subject == subject)
        for alert in await known.limit(MOST).into(_Known, **columns):
            if (alert.subject, alert.detail) in wanted:
                del wanted[alert.subject, alert.detail]
            else:
                over.append(alert.id)
        for start in range(0, len(over), AT_ONCE):
            await cls.where(cls.id.in_(over[start : start + AT_ONCE])).delete()
        whose, now = await _whose({named for named, _ in wanted}), surroundings().now
        for named, detail in wanted:
            cls.add(check=check, subject=named, detail=detail, since=now, customer_id=whose.get(named))
        return list(wanted)


async def _whose(subjects: Collection[str]) -> dict[str, UUID]:
    """Subject -> the customer whose database, id or address it names."""
    names = {subject: [subject, *DATABASE.findall(subject), *ID.findall(subject)] for subject in subjects}
    wanted = sorted({name for found in names.values() for name in found})
    known = dict[str, UUID]()
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        ids = [UUID(name) for name in some if ID.fullmatch(name)]
        named = orm.or_(Customer.slug.in_(some), Customer.database.in_(some), Customer.id.in_(ids))
        columns = {"id": Customer.id, "slug": Customer.slug, "database": Customer.database}
        for one in await Customer.where(named).limit(AT_ONCE).into(_Named, **columns):
            known |= dict.fromkeys((one.slug, one.database, str(one.id)), one.id)
    return {subject: known[name] for subject, found in names.items() for name in found if name in known}
