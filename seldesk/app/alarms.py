"""What checks find is told at once, by ways that need no database: mail, a webhook, a file.

It is heard from the log: whoever writes a line called "alert" there is heard here, whatever else is broken.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from seldesk.clock import Clock
from seldesk.jobs.relay import Refused
from seldesk.jobs.turns import rung

log = structlog.get_logger()
EVENT = "alert"
HOUR = timedelta(hours=1)
# Seconds: several that come together are told together, and what could not be sent is tried again.
TOGETHER, AGAIN = 5.0, 60.0
MOST = 500  # that wait; what comes beyond is counted
# What was told is not told again for so long: a line that each call writes must not use up the hour.
SAME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Alarm:
    check: str
    subject: str
    detail: str

    def __str__(self) -> str:
        return f"{self.check}: {self.subject}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Told:
    """What is sent in one: alarms, and how many more there were than could be kept."""

    alarms: Sequence[Alarm]
    more: int
    at: datetime

    @property
    def text(self) -> str:
        lines = [str(alarm) for alarm in self.alarms]
        return "\n".join([*lines, *([f"and {self.more} more, which the log names"] if self.more else [])])


class Way(Protocol):
    async def send(self, told: Told) -> None:
        """Raises Refused, OSError or TimeoutError when nobody has it."""


class Alarms(logging.Handler):
    """Hears the process's log while it is open. At most per_hour are sent by each way; the rest waits."""

    def __init__(self, ways: Sequence[Way], clock: Clock, per_hour: int, together: float = TOGETHER) -> None:
        super().__init__(logging.ERROR)
        self._clock, self._together = clock, together
        self._waiting = [_Waiting(way, per_hour) for way in ways]
        self._rung: Callable[[], object] = lambda: None

    def emit(self, record: logging.LogRecord) -> None:
        said = record.msg
        if isinstance(said, dict) and said.get("event") == EVENT:
            alarm = Alarm(*(str(said.get(name, ""))[:500] for name in ("check", "subject", "detail")))
            for each in self._waiting:
                each.add(alarm, self._clock.now())
            self._rung()

    async def run(self) -> None:
        bell, loop = asyncio.Event(), asyncio.get_running_loop()
        self._rung = lambda: loop.call_soon_threadsafe(bell.set)
        logging.getLogger().addHandler(self)
        try:
            while True:
                # Also without a bell: what was over the rate, or failed, is due at some time.
                await rung(bell, AGAIN)
                await asyncio.sleep(self._together)
                bell.clear()
                await self.send()
        finally:
            logging.getLogger().removeHandler(self)

    async def send(self) -> None:
        """All that may be sent now."""
        now = self._clock.now()
        await asyncio.gather(*(each.send(now) for each in self._waiting))


class _Waiting:
    """What one way has still to bring, and when it brought something."""

    def __init__(self, way: Way, per_hour: int) -> None:
        self._way, self._per_hour = way, per_hour
        self._alarms, self._more = deque[Alarm](), 0
        self._sent, self._told = deque[datetime](), dict[Alarm, datetime]()

    def add(self, alarm: Alarm, now: datetime) -> None:
        told = self._told.get(alarm)
        if alarm in self._alarms or (told is not None and now - told < SAME):
            return
        if len(self._alarms) < MOST:
            self._alarms.append(alarm)
        else:
            self._more += 1

    async def send(self, now: datetime) -> None:
        while self._sent and self._sent[0] <= now - HOUR:
            self._sent.popleft()
        if not self._alarms or len(self._sent) >= self._per_hour:
            return
        told, more = [*self._alarms], self._more
        try:
            await self._way.send(Told(told, more, now))
        except (Refused, OSError, TimeoutError) as error:
            log.warning("alarms.not_sent", way=type(self._way).__name__, error=type(error).__name__)
            return
        self._sent.append(now)
        recent = {alarm: at for alarm, at in self._told.items() if now - at < SAME}
        self._told = recent | dict.fromkeys(told, now)
        for _ in told:
            self._alarms.popleft()
        self._more -= more
