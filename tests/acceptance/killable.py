"""`seldesk` as processes that are killed, beside a test that goes on."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.acceptance.processes import environment
from tests.world import World


class Process:
    """One command of `seldesk`, started again and again."""

    def __init__(self, command: str, given: Mapping[str, str], log: Path) -> None:
        self.command, self.given, self.log = command, given, log
        self.kills = 0
        self._running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self._running = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "seldesk", self.command, env=dict(self.given), stdout=log, stderr=log
            )

    @property
    def number(self) -> int | None:
        return None if self._running is None else self._running.pid

    def kill(self) -> None:
        """At once, from wherever this is called: nothing is awaited."""
        if self._running is not None and self._running.returncode is None:
            self._running.send_signal(signal.SIGKILL)
            self.kills += 1

    async def ended(self) -> int:
        if self._running is None:
            return 0
        async with asyncio.timeout(60):
            return await self._running.wait()

    async def end(self) -> None:
        """Killed, and gone."""
        self.kill()
        await self.ended()

    async def stop(self) -> int:
        """As an operator stops it; answers its exit status."""
        if self._running is not None and self._running.returncode is None:
            self._running.terminate()
        return await self.ended()


def place(world: World, **given: str) -> dict[str, str]:
    """The environment of a process that stands beside this world's own."""
    server = world.server.superuser
    found = {
        "SELDESK_DATABASE__EMBEDDED": "false",
        "SELDESK_DATABASE__HOST": server.host,
        "SELDESK_DATABASE__PORT": str(server.port),
        "SELDESK_UNDO_SECONDS": "0",
        # One program calls here as fast as it can.
        "SELDESK_LIMITS__CALLS_PER_MINUTE": "0",
        # A copy that is being made would make others wait.
        "SELDESK_BACKUPS__AT_ONCE": "0",
    }
    return environment(world.app.settings.home, **{**found, **given})


@asynccontextmanager
async def process(world: World, command: str, folder: Path, **given: str) -> AsyncIterator[Process]:
    """Not started yet; killed at the end."""
    one = Process(command, place(world, **given), folder / f"{command}.log")
    try:
        yield one
    finally:
        await one.end()
