"""How often something may be asked for that costs more to count than to answer: each process counts for itself, and
tells the others now and then.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

# Counters in memory: of more subjects the one that came least lately is forgotten.
MOST_SUBJECTS = 50_000
# A process tells of one in so many: it may let so many more through than the rate says, and no more.
STEPS = 20
# A sum is good for so long; for the shorter time where more than this share of the room is taken.
LONG, SHORT, ROOMY = timedelta(minutes=1), timedelta(seconds=10), 0.9


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in so much time, for each subject."""

    name: str
    most: int
    span: timedelta

    @property
    def step(self) -> int:
        return max(1, self.most // STEPS)


@dataclass(frozen=True, slots=True)
class Count:
    """What one process has counted and nobody else knows of yet."""

    rate: Rate
    subject: str
    count: int


@dataclass(slots=True)
class _Counter:
    since: datetime
    count: int = 0
    refused_until: datetime | None = None


# Adds counts to what all processes know, and answers for each how many seconds its subject has to wait.
Tell = Callable[[Sequence[Count]], Awaitable[Sequence[int]]]


class Rates:
    """The counters of a process."""

    def __init__(self, most_subjects: int = MOST_SUBJECTS) -> None:
        self._counters: OrderedDict[tuple[Rate, str], _Counter] = OrderedDict()
        self._most = most_subjects

    async def take(self, asked: Collection[tuple[Rate, str]], now: datetime, tell: Tell) -> int:
        """Count one for each; answers the seconds to wait, 0 where it may be done now. What reaches the rate is let
        through: what comes after it is not.
        """
        due: list[Count] = []
        wait = 0
        for rate, subject in asked:
            counter = self._counter(rate, subject, now)
            if counter.refused_until is not None:
                wait = max(wait, _seconds(counter.refused_until - now))
                continue
            counter.count += 1
            if counter.count >= rate.step:
                due.append(Count(rate, subject, counter.count))
                counter.count = 0
        for told, seconds in zip(due, await tell(due) if due else (), strict=True):
            if seconds:
                self._counter(told.rate, told.subject, now).refused_until = now + timedelta(seconds=seconds)
        return wait

    def _counter(self, rate: Rate, subject: str, now: datetime) -> _Counter:
        counter = self._counters.get((rate, subject))
        over = counter is None or now - counter.since >= rate.span
        if counter is None or over or (counter.refused_until is not None and counter.refused_until <= now):
            counter = self._counters[rate, subject] = _Counter(now)
        self._counters.move_to_end((rate, subject))
        if len(self._counters) > self._most:
            self._counters.popitem(last=False)
        return counter


def _seconds(left: timedelta) -> int:
    return max(1, int(left.total_seconds()))


class Sums:
    """What each customer keeps, in bytes, as a process has summed it up a moment ago: over many rows that takes long.

    The moment is short where nearly all of the room is taken: so little is let in that there was no room for.
    """

    def __init__(self, most_subjects: int = MOST_SUBJECTS) -> None:
        self._sums: OrderedDict[UUID, tuple[int, datetime]] = OrderedDict()
        self._most = most_subjects

    def known(self, customer: UUID, room: int, now: datetime) -> int | None:
        """None where it has to be summed up again."""
        if customer not in self._sums:
            return None
        kept, at = self._sums[customer]
        return kept if now - at < (LONG if kept < ROOMY * room else SHORT) else None

    def note(self, customer: UUID, kept: int, now: datetime) -> None:
        self._sums[customer] = kept, now
        self._sums.move_to_end(customer)
        if len(self._sums) > self._most:
            self._sums.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often in a minute: searches of one person, and calls of one person's programs. In an hour: mails of one
    author, and sign-ins of one account. 0 is without a bound.
    """

    searches: int = 0
    calls: int = 0
    mails: int = 0
    sign_ins: int = 0
    counters: Rates = field(default_factory=Rates)
    sums: Sums = field(default_factory=Sums)
