"""Copies and restores of all customers: how old the newest copies are, who waits, and what the tests found."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.models import control as models
from seldesk.models.control import coverage, covered
from seldesk.surroundings import surroundings

STAFF = (rpc.Kind.STAFF,)
OLDEST = 20
# Ages in hours: each bar of the picture ends at one of these, and the last one has no end.
HOURS = (2, 4, 6, 8, 10, 12, 14, 16, 18)


@dataclass(frozen=True, slots=True)
class Bar:
    """So many customers whose newest good copy is at most `hours` old and older than the bar before; hours is None for
    all that are older.
    """

    hours: int | None
    customers: int


@dataclass(frozen=True, slots=True)
class Old:
    """since is of when the newest good copy is or, without one (copied_at is None), since when there should be one."""

    slug: str
    plan: str
    since: datetime
    copied_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ages:
    """warned and promised are bounds in hours, with how many customers are over each; worst is the age in seconds of
    the oldest newest copy.
    """

    customers: int
    bars: list[Bar]
    worst: int
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
    """oldest are the few whose newest copies are the oldest. waiting are restores in the order in which they are done;
    recent what stands on the side, then what ended.
    """

    frame: Frame
    ages: Ages
    oldest: list[Old]
    waiting: list[RestoreRow]
    recent: list[RestoreRow]
    drills: Drills


@rpc.public("console.backups", kinds=STAFF, realm="control", reads=True)
async def page(caller: Caller) -> BackupsPage:
    """All that the page of backups and restores shows."""
    return BackupsPage(
        frame(caller),
        await ages(),
        await covered.oldest(Old, OLDEST),
        await models.queue.waiting(RestoreRow),
        await models.queue.recent(RestoreRow),
        Drills(**await models.queue.drills()),
    )


async def ages() -> Ages:
    """Counted by the database, however many they are."""
    now, found = surroundings().now, await covered.ages([timedelta(hours=hours) for hours in HOURS])
    bars = [Bar(hours, count) for hours, count in zip((*HOURS, None), reversed(found.counts), strict=True)]
    over = [_over(bars, bound) for bound in (coverage.WARNED, coverage.PROMISED)]
    return Ages(found.total, bars, int((now - (found.least or now)).total_seconds()), *over)


def _over(bars: list[Bar], bound: timedelta) -> int:
    """A bound that matters is the end of a bar."""
    return sum(bar.customers for bar in bars if bar.hours is None or timedelta(hours=bar.hours) > bound)
