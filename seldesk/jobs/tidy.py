"""Removes what is over: sessions, counters, files that nothing names."""

from collections.abc import Awaitable, Callable, Iterable

import structlog

import rpc
from seldesk.methods.control import upkeep
from seldesk.methods.desk import housekeeping

log = structlog.get_logger()


async def tidy(
    control: rpc.Call, customers: Callable[[], Iterable[rpc.Call]], still_at_it: Callable[[], Awaitable[None]]
) -> None:
    """Customer after customer; one that is away is left for tomorrow."""
    await control(upkeep.tidy)
    for call in customers():
        await still_at_it()
        try:
            await call(housekeeping.tidy)
            await call(housekeeping.sweep)
        except rpc.Error as error:
            log.warning("tidy.skipped", customer=call.credential.place, code=error.code)
