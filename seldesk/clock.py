"""Time is a value: whatever needs to know what time it is gets it from the clock it was given."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock(Clock):
    """Stands still until it is moved, so that half a year passes in a test."""

    def __init__(self, start: datetime) -> None:
        self.set(start)

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("A clock is set to a time with a zone.")
        self._now = moment.astimezone(UTC)

    def move(self, step: timedelta) -> None:
        self._now += step
