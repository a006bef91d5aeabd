"""Years of copies, some of them missed or bad: which are there on any day."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from seldesk.models.control.copy import AGAIN, EVERY
from seldesk.models.control.keeping import COMPLETE_AFTER, WANTED, Taken, kept
from tests.models.control.simulated import CYCLE, DAY, HOUR, PROMISED, START, of_the_24, oldest, shelves, worst_age


@pytest.mark.parametrize("seed", range(4))
def test_in_800_days_there_are_always_24_none_older_than_90_days(seed: int) -> None:
    """Each of them had been there all the time: what was dropped never comes back."""
    for now, shelf in shelves(800, seed):
        assert oldest(shelf, now) < PROMISED
        if now - START > COMPLETE_AFTER + DAY:
            assert of_the_24(shelf) == WANTED
            assert timedelta(days=77) - HOUR <= oldest(shelf, now) <= timedelta(days=89)
            assert Counter(shelf.values())["midday"] <= 1


def test_without_a_failure_24_are_there_from_day_84_on() -> None:
    there, complete = list[Taken](), None
    for cycle in range(200):
        now = START + cycle * CYCLE
        there.append(Taken(UUID(int=cycle), now))
        stay = kept(there, now)
        there = [one for one in there if one.id in stay]
        if complete is None and sum(rule != "midday" for rule in stay.values()) == WANTED:
            complete = now - START
    assert complete is not None
    assert timedelta(days=77) <= complete <= COMPLETE_AFTER


def test_a_midday_copy_is_beyond_the_24_and_goes_when_the_next_one_is_good() -> None:
    days = [Taken(UUID(int=day), START + day * DAY) for day in range(3)]
    midday = Taken(UUID(int=100), START + 2 * DAY + CYCLE)
    assert kept([*days, midday], midday.snapshot_at)[midday.id] == "midday"
    after = Taken(UUID(int=101), START + 3 * DAY)
    assert set(kept([*days, midday, after], after.snapshot_at).values()) == {"daily"}
    assert midday.id not in kept([*days, midday, after], after.snapshot_at)


def test_a_midday_copy_stands_in_for_the_midnight_that_failed() -> None:
    first, midday = Taken(UUID(int=1), START), Taken(UUID(int=2), START + CYCLE)
    next_midday = Taken(UUID(int=3), START + DAY + CYCLE)
    stay = kept([first, midday, next_midday], next_midday.snapshot_at)
    assert stay == {next_midday.id: "midday", midday.id: "daily", first.id: "daily"}


@pytest.mark.parametrize("kind", ["asked", "safety"])
def test_what_was_asked_for_is_there_for_a_week_besides(kind: str) -> None:
    asked, midnight = Taken(UUID(int=1), START + CYCLE, kind), Taken(UUID(int=2), START + DAY)
    assert kept([asked, midnight], START + DAY)[asked.id] == "asked"
    assert asked.id not in kept([asked, midnight], START + 8 * DAY)


def test_an_outage_of_ten_days_costs_no_copy_before_its_time() -> None:
    """Fewer than 24 only while what fell out of the 90 days is not yet taken anew."""
    for now, shelf in shelves(500, 7, lambda day: 200 <= day < 210):
        assert oldest(shelf, now) < PROMISED
        if now - START > COMPLETE_AFTER + DAY:
            assert of_the_24(shelf) >= WANTED - 2
    assert of_the_24(shelf) == WANTED


def test_an_outage_of_130_days_leaves_the_newest_seven() -> None:
    fewest = WANTED
    for now, shelf in shelves(600, 3, lambda day: 200 <= day < 330):
        day = (now - START) // DAY
        if day > 100:
            fewest = min(fewest, len(shelf))
        late = [one for one in shelf if now - one.snapshot_at >= PROMISED]
        assert len(late) <= 7
        assert {shelf[one] for one in late} <= {"last"}
        if 290 < day < 330:
            assert len(shelf) == len(late) == 7 or oldest(shelf, now) < PROMISED
    assert fewest == 7
    assert of_the_24(shelf) == WANTED
    assert oldest(shelf, now) < PROMISED


def test_the_copies_of_a_customer_that_is_gone_end_with_their_age() -> None:
    last = max(now for now, shelf in shelves(400, 5, gone_on=200) if shelf)
    assert timedelta(days=280) < last - START < timedelta(days=290)


def test_a_retry_keeps_every_week_under_18_hours() -> None:
    retried = [worst_age(0.07, AGAIN, week) for week in range(300)]
    assert max(retried) <= 18 * HOUR
    alone = [worst_age(0.07, EVERY, week) for week in range(300)]
    assert sum(age > 18 * HOUR for age in alone) > 100
