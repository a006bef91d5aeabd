"""Which copies are kept: 14 daily and 10 weekly, none for longer than is promised."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

DAILY, WEEKLY = 14, 10
WANTED = DAILY + WEEKLY
# All are there once copies were taken for so long.
COMPLETE_AFTER = timedelta(days=84)
# A day less than the 90 that are promised: a store may be away for a night.
OLDEST = timedelta(days=89)
# So many of a customer that is there are kept however old they are: an outage must not end with nothing.
LAST = 7
# What somebody asked for, and what was taken for safety before something else, is there for a week besides.
ASKED = timedelta(days=7)
# Copies are taken at midnight and at midday, UTC. A day begins between the two, so that its last one is midnight's.
BEGINS = timedelta(hours=6)

Rule = Literal["midday", "daily", "weekly", "asked", "last"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A good copy, and of when. kind is scheduled, asked or safety."""

    id: UUID
    snapshot_at: datetime
    kind: str = "scheduled"


def kept(copies: Iterable[Taken], now: datetime, *, gone: bool = False) -> dict[UUID, Rule]:
    """Those that stay, newest first, and why; all others go. gone: of a customer that was erased, whose copies end
    with their age.
    """
    newest_first = sorted(copies, key=lambda one: (one.snapshot_at, one.id), reverse=True)
    stay: dict[UUID, Rule] = {}
    # Beyond the 24, until the next one is there.
    if newest_first and _at_midday(newest_first[0].snapshot_at):
        stay[newest_first[0].id] = "midday"
    _choose(newest_first, stay, "daily", _day, DAILY)
    _choose(newest_first, stay, "weekly", _week, WEEKLY)
    for one in newest_first:
        if one.kind != "scheduled" and now - one.snapshot_at < ASKED:
            stay.setdefault(one.id, "asked")
    return dict(_in_time([one for one in newest_first if one.id in stay], stay, now, 0 if gone else LAST))


def _choose(
    newest_first: Sequence[Taken],
    stay: dict[UUID, Rule],
    rule: Rule,
    bucket_of: Callable[[datetime], Hashable],
    most: int,
) -> None:
    """The newest of each bucket, of the newest buckets whose newest no earlier rule has chosen."""
    chosen, last = 0, None
    for one in newest_first:
        bucket = bucket_of(one.snapshot_at)
        if chosen == most:
            return
        if bucket != last and one.id not in stay:
            stay[one.id] = rule
            chosen += 1
        last = bucket


def _in_time(
    staying: Sequence[Taken], stay: dict[UUID, Rule], now: datetime, spared: int
) -> Iterable[tuple[UUID, Rule]]:
    for place, one in enumerate(staying):
        if now - one.snapshot_at < OLDEST:
            yield one.id, stay[one.id]
        elif place < spared:
            yield one.id, "last"


def _day(moment: datetime) -> date:
    return (moment + timedelta(days=1) - BEGINS).date()


def _week(moment: datetime) -> tuple[int, int]:
    year, week, _ = _day(moment).isocalendar()
    return year, week


def _at_midday(moment: datetime) -> bool:
    return BEGINS <= timedelta(hours=moment.hour) < BEGINS + timedelta(hours=12)
