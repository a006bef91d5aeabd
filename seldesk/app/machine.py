"""What the processes of a machine stand on: looked at every few minutes, and told at once, also when what is away is
the control database, in which alerts stand otherwise.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from seldesk.app import doctor_host as host
from seldesk.clock import Clock
from seldesk.layers import SettingsError
from seldesk.settings import Settings

log = structlog.get_logger()
EVERY = 300.0  # seconds
# What stands for so long is told once more.
AGAIN = timedelta(days=1)
Check = Callable[[], Awaitable[object]]


@dataclass(slots=True)
class Machine:
    """reached answers whether the control database does."""

    settings: Settings
    clock: Clock
    reached: Callable[[], Awaitable[bool]]
    name: str = field(default_factory=socket.gethostname)
    _told: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Tell what is new, and what has stood for a day."""
        now, found = self.clock.now(), {check: text async for check, text in self._wrong()}
        self._told = {check: said for check, said in self._told.items() if found.get(check) == said[0]}
        for check, text in found.items():
            if check not in self._told or now - self._told[check][1] >= AGAIN:
                self._told[check] = text, now
                log.error("alert", check=check, subject=self.name, detail=text)

    async def _wrong(self) -> AsyncIterator[tuple[str, str]]:
        for check, asked in self._checks().items():
            try:
                await asked()
            except (SettingsError, OSError) as error:
                yield check, str(error)

    def _checks(self) -> Mapping[str, Check]:
        return {
            "control database": self._control,
            "disk": partial(host.disk, self.settings),
            "mail": partial(host.relay, self.settings),
            "certificate": partial(host.certificate, self.settings, self.clock.now()),
        }

    async def _control(self) -> None:
        if not await self.reached():
            raise SettingsError(
                "It does not answer, or is not at this version: nobody new comes in, and nothing is changed."
            )
