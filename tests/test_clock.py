from datetime import UTC, datetime, timedelta, timezone

import pytest

from seldesk.clock import Clock, SetClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_clock_tells_the_time_in_utc() -> None:
    before = datetime.now(UTC)
    assert before <= Clock().now() <= datetime.now(UTC)
    assert Clock().now().tzinfo is UTC


def test_a_set_clock_stands_still_until_it_is_moved() -> None:
    clock = SetClock(NOON)
    assert clock.now() == clock.now() == NOON
    clock.move(timedelta(days=183))
    assert clock.now() == datetime(2026, 9, 1, 12, tzinfo=UTC)


def test_a_set_clock_is_in_utc_wherever_the_time_was_told() -> None:
    clock = SetClock(datetime(2026, 3, 2, 14, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        SetClock(datetime(2026, 3, 2, 12))  # noqa: DTZ001 - what the test is about
