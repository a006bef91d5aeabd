"""Work that is looked for again and again, as long as a process lives."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

import rpc

log = structlog.get_logger()


async def turns(
    name: str, work: Callable[[], Awaitable[object]], poll: float, bell: asyncio.Event | None = None
) -> None:
    """A turn at once, then one at each ring, and every `poll` seconds. What the control database refuses waits for
    the next.
    """
    bell = bell or asyncio.Event()
    while True:
        bell.clear()
        try:
            await work()
        except rpc.Error as error:
            log.warning(f"{name}.control_unavailable", code=error.code)
        await rung(bell, poll)


def seldom(act: Callable[[], Awaitable[None]], seconds: float) -> Callable[[], Awaitable[None]]:
    """Does it every so many seconds at most, however often it is asked; the first time when so many have passed."""
    last = time.monotonic()

    async def at_times() -> None:
        nonlocal last
        if time.monotonic() - last >= seconds:
            last = time.monotonic()
            await act()

    return at_times


async def rung(bell: asyncio.Event, seconds: float) -> None:
    """Returns at the next ring, or after so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await bell.wait()
