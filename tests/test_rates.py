"""How often: what one process counts, and what it knows of the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from seldesk.rates import Count, Rate, Rates

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Shared:
    """What all processes know: a second implementation, in memory."""

    counts: dict[str, int] = field(default_factory=dict)
    times: int = 0

    async def tell(self, counts: Sequence[Count]) -> list[int]:
        self.times += 1
        for one in counts:
            self.counts[one.subject] = self.counts.get(one.subject, 0) + one.count
        return [60 if self.counts[one.subject] >= one.rate.most else 0 for one in counts]


@pytest.mark.parametrize(("most", "processes"), [(20, 1), (20, 3), (120, 1), (120, 2), (3, 2), (1, 1)])
@pytest.mark.asvs("V2.4.1")
async def test_all_processes_together_let_through_what_the_rate_says_and_a_step_of_each(
    most: int, processes: int
) -> None:
    shared, rate = Shared(), Rate("search", most, MINUTE)
    each = [Rates() for _ in range(processes)]
    through = 0
    for at in range(3 * most * processes):
        through += not await each[at % processes].take([(rate, "ann")], NOON, shared.tell)
    assert most <= through <= most + processes * rate.step
    # Whoever is refused costs nothing any more: a process knows it, and asks nobody.
    asked = shared.times
    assert [await one.take([(rate, "ann")], NOON, shared.tell) for one in each] == [60] * processes
    assert shared.times == asked
    assert await each[0].take([(rate, "bo")], NOON, shared.tell) == 0
    shared.counts.clear()
    assert await each[0].take([(rate, "ann")], NOON + MINUTE, shared.tell) == 0


async def test_few_are_told_to_nobody() -> None:
    """What people do by hand costs no question."""
    shared, rates = Shared(), Rates()
    for at in range(5):
        assert await rates.take([(Rate("search", 120, MINUTE), "ann")], NOON + at * MINUTE, shared.tell) == 0
    assert shared.times == 0


async def test_a_process_remembers_only_so_many() -> None:
    shared, rates, rate = Shared(), Rates(most_subjects=10), Rate("search", 20, MINUTE)
    for at in range(1000):
        assert await rates.take([(rate, f"somebody {at}")], NOON, shared.tell) == 0
    assert len(rates._counters) == 10
