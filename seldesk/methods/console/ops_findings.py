"""The register of findings: what is weak, who mends it and by when, and what mended it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.models import control as models

STAFF = (rpc.Kind.STAFF,)
PERMISSION = "console.findings"
State = Literal["open", "patched", "accepted"]
Source = models.Source
Weight = models.Weight
Ending = models.Ending
Detail = Annotated[str, Meta(max_length=10_000)]
Patch = Annotated[str, Meta(min_length=3, max_length=2_000)]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """due_at is a day; patch says what mended it, or why it stays."""

    id: UUID
    title: str
    source: str
    weight: str
    place: str
    detail: str
    owner: UUID
    owner_name: str
    found_at: datetime
    due_at: datetime
    state: str
    patch: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Owner:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """owners are who can be given one."""

    frame: Frame
    items: list[FindingRow]
    next: str | None
    previous: str | None
    owners: list[Owner]
    myself: UUID


@dataclass(frozen=True, slots=True)
class FindingPage:
    frame: Frame
    finding: FindingRow
    owners: list[Owner]


@rpc.public(PERMISSION, kinds=STAFF, realm="control", reads=True)
async def page(caller: Caller, state: State | None = None, cursor: str | None = None) -> FindingsPage:
    """All that the register shows, the first to be due first."""
    found = await models.Finding.listed(FindingRow, state or "", cursor)
    return FindingsPage(frame(caller), found.items, found.next, found.previous, await _owners(), caller.id)


@rpc.public(PERMISSION, kinds=STAFF, realm="control", reads=True)
async def read(caller: Caller, finding: UUID) -> FindingPage:
    """One finding."""
    return FindingPage(frame(caller), await models.Finding.one(finding, FindingRow), await _owners())


@rpc.public(PERMISSION, kinds=STAFF, realm="control")
async def enter(
    caller: Caller,
    title: rpc.Line,
    source: Source,
    weight: Weight,
    place: rpc.Line,
    owner: UUID,
    detail: Detail = "",
    due: date | None = None,
) -> UUID:
    """Write one down. Without a day it is due by its weight: 7, 30, 90 or 180 days from now."""
    made = await models.Finding.enter(
        title=title, source=source, weight=weight, place=place, detail=detail, owner=owner, due=due
    )
    models.OperatorEntry.note(caller, caller.id, "finding entered", title)
    return made.id


@rpc.public(PERMISSION, kinds=STAFF, realm="control")
async def hand_over(caller: Caller, finding: UUID, owner: UUID, due: date) -> None:
    """Another one mends it, or by another day."""
    found = await models.Finding.locked(finding)
    await found.hand_over(owner, due)
    models.OperatorEntry.note(caller, caller.id, "finding handed over", f"{found.title}: {due.isoformat()}")


@rpc.public(PERMISSION, kinds=STAFF, realm="control")
async def close(caller: Caller, finding: UUID, ending: Ending, patch: Patch) -> None:
    """It is mended, or it stays, and this is why."""
    found = await models.Finding.locked(finding)
    found.close(ending, patch)
    models.OperatorEntry.note(caller, caller.id, "finding closed", f"{found.title}: {ending}")


async def _owners() -> list[Owner]:
    staff = models.Staff
    return (
        await staff.where(staff.disabled_at.is_(None))
        .order_by(staff.name, staff.id)
        .limit(1000)
        .into(Owner, id=staff.id, name=staff.name)
    )
