"""Measures from outside, once a minute, whether the service answers. It needs no database and no other process."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog

from seldesk.clock import Clock
from seldesk.storage import Minutes

log = structlog.get_logger()
SECONDS = 10.0
MINUTE = timedelta(minutes=1)
# Longer than a year and the one before, which the page shows.
KEPT = timedelta(days=740)
WRITTEN_EVERY = 5  # minutes
ALARMED = 2  # bad minutes in a row


@dataclass(frozen=True, slots=True)
class Probe:
    """One door. http and https: it answers with a status below 400; smtp: it greets."""

    component: str
    url: str

    @staticmethod
    def read(said: str) -> "Probe":
        """From "component=address"; ValueError."""
        component, _, url = said.partition("=")
        if not component or urlsplit(url).scheme not in ("http", "https", "smtp") or not urlsplit(url).hostname:
            raise ValueError(f"{said} is no probe: write component=address, as in pages=https://desk.example/readyz")
        return Probe(component, url)

    async def answers(self, seconds: float = SECONDS) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await self._asked()
        except (OSError, TimeoutError, ValueError):
            return False

    async def _asked(self) -> bool:
        url = urlsplit(self.url)
        port = url.port or {"https": 443, "http": 80, "smtp": 25}[url.scheme]
        reader, writer = await asyncio.open_connection(url.hostname, port, ssl=url.scheme == "https" or None)
        try:
            if url.scheme == "smtp":
                return (await reader.readline()).startswith(b"220")
            writer.write(f"GET {url.path or '/'} HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
            line = await reader.readline()
            return line.startswith(b"HTTP/1.") and line[9:12].isdigit() and int(line[9:12]) < 400
        finally:
            writer.close()


class Probing:
    """Each minute once, at its beginning; write brings the page up to date, at each change and every few minutes."""

    def __init__(
        self, probes: Sequence[Probe], minutes: Minutes, clock: Clock, write: Callable[[], Awaitable[None]]
    ) -> None:
        self.probes, self.minutes, self.clock, self.write = probes, minutes, clock, write
        self._last: dict[str, bool] = {}
        self._bad = dict[str, int]()

    async def run(self) -> None:
        while True:
            await self.measure()
            now = self.clock.now()
            await asyncio.sleep((_minute(now) + MINUTE - now).total_seconds())

    async def measure(self) -> None:
        """A component is good when all of its doors are."""
        at = _minute(self.clock.now())
        answered = await asyncio.gather(*(probe.answers() for probe in self.probes))
        found = dict[str, bool]()
        for probe, good in zip(self.probes, answered, strict=True):
            found[probe.component] = found.get(probe.component, True) and good
        for component, good in found.items():
            self.minutes.note(component, at, good=good)
            self._tell(component, good=good)
        if found != self._last or at.minute % WRITTEN_EVERY == 0:
            await self.write()
        if at.hour == at.minute == 0:
            self.minutes.forget((at - KEPT).date())
        self._last = found

    def _tell(self, component: str, *, good: bool) -> None:
        if self._last.get(component, good) != good:
            log.warning("probe.changed", component=component, good=good)
        self._bad[component] = 0 if good else self._bad.get(component, 0) + 1
        if self._bad[component] == ALARMED:
            log.error("alert", check="probe", subject=component, detail="It does not answer from outside.")


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
