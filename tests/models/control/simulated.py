"""Years of copies, some of them missed or bad: which are there on any day, and how old the newest one is."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from seldesk.models.control.copy import EVERY
from seldesk.models.control.keeping import Taken, kept

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CYCLE = EVERY
MISSED, BAD = 0.05, 0.02
PROMISED = timedelta(days=90)
# What is there after a cycle, and why.
Shelf = dict[Taken, str]


def shelves(
    days: int, seed: int, away: Callable[[int], bool] = lambda day: False, *, gone_on: int = 10**6
) -> Iterator[tuple[datetime, Shelf]]:
    """Each cycle's end. A copy that is missed or bad is none; on days that are away none is taken."""
    chance, there = random.Random(seed), list[Taken]()
    for cycle in range(days * 2):
        now, day = START + cycle * CYCLE + timedelta(minutes=chance.randrange(45)), cycle // 2
        good = chance.random() >= MISSED and chance.random() >= BAD
        if good and not away(day) and day < gone_on:
            there.append(Taken(UUID(int=cycle), now))
        stay = kept(there, now, gone=day >= gone_on)
        there = [one for one in there if one.id in stay]
        yield now, {one: stay[one.id] for one in there}


def oldest(shelf: Shelf, now: datetime) -> timedelta:
    return max((now - one.snapshot_at for one in shelf), default=timedelta())


def of_the_24(shelf: Shelf) -> int:
    return sum(rule in ("daily", "weekly") for rule in shelf.values())


def worst_age(failures: float, retry: timedelta, seed: int) -> timedelta:
    """In one week: how long ago the newest good copy was taken, at most. One that fails is tried again after that."""
    chance, week = random.Random(seed), 7 * DAY
    good, due = [timedelta()], EVERY
    while due < week:
        done = chance.random() >= failures
        if done:
            good.append(due)
        due += EVERY if done else retry
    return max(later - earlier for earlier, later in zip(good, [*good[1:], week], strict=True))
