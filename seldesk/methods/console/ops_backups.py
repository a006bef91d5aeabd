"""Copies and restores of all customers: how old the newest copies are, who waits, and what the tests found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.models import control as models
from seldesk.models.control import coverage
from seldesk.models.control.pulse import Covered
from seldesk.surroundings import surroundings

STAFF = (rpc.Kind.STAFF,)
OLDEST = 20
# Ages in hours: each bar of the picture ends at one of these, and the last one has no end.
HOURS = (2, 4, 6, 8, 10, 12, 14, 16, 18)


@dataclass(frozen=True, slots=True)
class Bar:
    """So many customers whose newest good copy is younger than `hours` and no younger than the bar before; hours is
    None for all that are older.
    """

    hours: int | None
    customers: int


@dataclass(frozen=True, slots=True)
class Old:
    """age is in seconds, of the newest good copy or, without one (copied_at is None), of the customer."""

    slug: str
    plan: str
    copied_at: datetime | None
    age: int


@dataclass(frozen=True, slots=True)
class Ages:
    """warned and promised are bounds in hours, with how many customers are over each."""

    customers: int
    bars: list[Bar]
    oldest: list[Old]
    over_warned: int
    over_promised: int
    warned: int = int(coverage.WARNED / timedelta(hours=1))
    promised: int = int(coverage.PROMISED / timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class RestoreRow:
    """customer is an address; slug what it stands at on the side, "" where it takes the customer's place."""

    id: UUID
    customer: str
    plan: str
    kind: str
    state: str
    error: str
    slug: str
    snapshot_at: datetime
    asked_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Drills:
    """Of the last four weeks. seconds is what restoring took on average, longest at most; damaged counts copies that a
    store has lost.
    """

    good: int
    bad: int
    newest: datetime | None
    seconds: float | None
    longest: int | None
    damaged: int


@dataclass(frozen=True, slots=True)
class BackupsPage:
    """waiting are restores in the order in which they are done; recent what stands on the side, then what ended."""

    frame: Frame
    ages: Ages
    waiting: list[RestoreRow]
    recent: list[RestoreRow]
    drills: Drills


@rpc.public("console.backups", kinds=STAFF, realm="control", reads=True)
async def page(caller: Caller) -> BackupsPage:
    """All that the page of backups and restores shows."""
    return BackupsPage(
        frame(caller),
        ages(await models.pulse.covered()),
        await models.queue.waiting(RestoreRow),
        await models.queue.recent(RestoreRow),
        Drills(**await models.queue.drills()),
    )


def ages(covered: Sequence[Covered]) -> Ages:
    """covered -- those first whose copies are the oldest"""
    now = surroundings().now
    found = [now - one.since for one in covered]
    bounds = [*(timedelta(hours=hours) for hours in HOURS), timedelta.max]
    counted = [0] * len(bounds)
    for age in found:
        counted[next(at for at, bound in enumerate(bounds) if age < bound)] += 1
    bars = [Bar(hours, count) for hours, count in zip((*HOURS, None), counted, strict=True)]
    oldest = [
        Old(one.slug, one.plan, one.copied_at, int((now - one.since).total_seconds())) for one in covered[:OLDEST]
    ]
    over = [sum(age > bound for age in found) for bound in (coverage.WARNED, coverage.PROMISED)]
    return Ages(len(found), bars, oldest, *over)
