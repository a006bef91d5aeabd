"""Asks every customer once an hour how large it is and how its mail does, in counts alone."""

from collections.abc import Awaitable, Callable, Iterable
from uuid import UUID

import rpc
from seldesk.methods.control import figures
from seldesk.methods.control.figures import Measured
from seldesk.methods.desk import health

AT_ONCE = 100


async def measure(
    control: rpc.Call,
    customers: Iterable[UUID],
    door: Callable[[UUID], rpc.Call | None],
    still_at_it: Callable[[], Awaitable[None]],
) -> None:
    """One that is away is written down as that, and holds up nobody."""
    waiting: list[Measured] = []
    for customer in customers:
        if (call := door(customer)) is None:
            continue
        waiting.append(await _of(customer, call))
        if len(waiting) == AT_ONCE:
            await control(figures.put, measured=waiting)
            await still_at_it()
            waiting = []
    await control(figures.put, measured=waiting)


async def _of(customer: UUID, call: rpc.Call) -> Measured:
    try:
        return Measured(customer, await call(health.read))
    except rpc.Error as error:
        return Measured(customer, None, error.code)
