"""How the operator's log is read."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar, get_args
from uuid import UUID

import orm
from seldesk import zones
from seldesk.models.control import anchors
from seldesk.models.control.customer import Customer
from seldesk.models.control.operator_log import About, By, OperatorEntry, OperatorFacts, StaffDeed
from seldesk.models.control.staff import Staff

Shape = TypeVar("Shape")
SIZE = 50
Group = Literal["credentials", "refused", "access", "staff", "commands", "chains"]
CHAINS = (anchors.ANCHORED, anchors.CHECKED, anchors.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: of one group, by or about one of the staff, with one customer, from and until these days (UTC)."""

    group: Group | None = None
    staff: UUID | None = None
    customer: str = ""
    since: date | None = None
    until: date | None = None

    def conditions(self) -> list[orm.Condition]:
        entry, chosen = OperatorEntry, [_of(self.group)]
        if self.staff is not None:
            chosen.append(orm.or_(entry.staff_id == self.staff, entry.about_id == self.staff))
        if self.customer:
            chosen.append(Customer.slug == self.customer)
        if self.since is not None:
            chosen.append(entry.happened_at >= zones.begins(self.since, zones.UTC))
        if self.until is not None:
            chosen.append(entry.happened_at < zones.ends(self.until, zones.UTC))
        return chosen


async def page(shape: type[Shape], chosen: Filter, cursor: str | None) -> orm.Page[Shape]:
    """The newest first."""
    entry = OperatorEntry
    listed = (
        entry.query()
        .join(By, By.id == entry.staff_id, optional=True)
        .join(About, About.id == entry.about_id, optional=True)
        .join(Customer, Customer.id == entry.customer_id, optional=True)
        .join(OperatorFacts, OperatorFacts.entry_id == entry.id, optional=True)
        .where(*chosen.conditions())
    )
    return await listed.page(
        shape,
        by=(entry.number,),
        size=SIZE,
        cursor=cursor,
        number=entry.number,
        happened_at=entry.happened_at,
        kind=entry.kind,
        outcome=entry.outcome,
        by_staff=By.name,
        about=About.name,
        customer=Customer.slug,
        customer_id=entry.customer_id,
        access_id=entry.access_id,
        objects=entry.objects,
        facts=OperatorFacts.facts,
    )


async def staff(shape: type[Shape]) -> list[Shape]:
    """Whom the page offers to look for."""
    return await Staff.query().order_by(Staff.name, Staff.id).limit(200).into(shape, id=Staff.id, name=Staff.name)


def _of(group: Group | None) -> orm.Condition:
    """Without a group all but the ends of chains, which come every few minutes."""
    entry = OperatorEntry
    methods = entry.kind.contains(".")
    return {
        None: entry.kind != anchors.ANCHORED,
        "credentials": entry.kind.in_(get_args(StaffDeed)),
        "refused": entry.outcome == "denied",
        "access": entry.access_id.is_not(None),
        "staff": entry.staff_id.is_not(None) & methods,
        "commands": entry.staff_id.is_(None) & methods,
        "chains": entry.kind.in_(CHAINS),
    }[group]
