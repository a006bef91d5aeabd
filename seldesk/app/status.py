"""The status page as files: what is told of incidents, and the pages that are made of that and of the minutes.

Each file is written beside its name and renamed: whoever reads finds a whole one, whatever else is away.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import msgspec

from rpc import Kind
from seldesk.app.alarming import tell_alarms
from seldesk.app.build import Application
from seldesk.clock import Clock
from seldesk.jobs.probing import Probe, Probing
from seldesk.layers import SettingsError
from seldesk.methods.control import incidents
from seldesk.resources import folder
from seldesk.service import Service, Told
from seldesk.settings import Settings
from seldesk.storage import Minutes
from seldesk.web.site.status import FEED, MINUTES, PAGE
from seldesk.web.site.status_page import StatusPages
from seldesk.web.static import Static

TOLD = "told.json"


class StatusFiles:
    """Written by workers and by the probe alike; of two at once the later one wins, and each is whole."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.folder, self.clock, self.service = settings.status.folder, clock, Service.load()
        self.minutes = Minutes(self.folder / MINUTES)
        static = Static(folder("static"), development=settings.development)
        self.pages = StatusPages(folder("templates"), static.address, settings.url(settings.base))

    def told(self) -> list[Told]:
        """As it was written last."""
        try:
            return msgspec.json.decode((self.folder / TOLD).read_bytes(), type=list[Told])
        except FileNotFoundError:
            return []

    def write(self, told: list[Told] | None = None) -> None:
        """told is what is new; without it the pages are made anew of what was told before."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if told is not None:
            self._put(TOLD, msgspec.json.encode(told))
        known, now = told if told is not None else self.told(), self.clock.now()
        self._put(PAGE, self.pages.page(known, self.minutes, self.service, now).encode())
        self._put(FEED, self.pages.feed(known, now).encode())

    def _put(self, name: str, content: bytes) -> None:
        _write(self.folder / name, content)


async def write_status(app: Application, files: StatusFiles, _: Callable[[], Awaitable[None]]) -> None:
    """The worker's job."""
    told = await app.program(Kind.JOB)(incidents.told)
    await asyncio.to_thread(files.write, told)


async def probe(settings: Settings, clock: Clock) -> None:
    """Measure until the task is cancelled."""
    files = StatusFiles(settings, clock)
    probing = Probing(probes(settings), files.minutes, clock, partial(asyncio.to_thread, files.write))
    async with asyncio.TaskGroup() as group:
        group.create_task(probing.run())
        group.create_task(tell_alarms(settings, clock))


def probes(settings: Settings) -> list[Probe]:
    """Those of the settings, else this machine's own doors."""
    door = settings.smtp_in
    here = (f"pages=http://{settings.listen}:{settings.port}/readyz", f"mail=smtp://{door.host}:{door.port}")
    try:
        found = [Probe.read(said) for said in settings.status.probes or here]
    except ValueError as error:
        raise SettingsError(f"status.probes: {error}") from None
    unknown = {one.component for one in found} - Service.load().components.keys()
    if unknown:
        raise SettingsError(f"status.probes: service.toml has no component {', '.join(sorted(unknown))}.")
    return found


def _write(place: Path, content: bytes) -> None:
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(place)
