"""Writes down which accesses of staff have ended by themselves: first in the customer's audit, then in control."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

import rpc
from seldesk.methods.control import accesses
from seldesk.methods.desk import staff_access

log = structlog.get_logger()


async def sweep(
    control: rpc.Call, door: Callable[[UUID], rpc.Call | None], still_at_it: Callable[[], Awaitable[None]]
) -> None:
    """None of them opens anything any more: every call looks for itself. One of a customer that is away is left for the
    next time.
    """
    for one in await control(accesses.over):
        await still_at_it()
        call = door(one.customer)
        try:
            if call is not None:
                await call(
                    staff_access.ended,
                    access=one.id,
                    staff=one.staff,
                    name=one.name,
                    subject=one.subject,
                    why=one.why,
                )
        except rpc.Error as error:
            log.warning("access.unwritten", customer=str(one.customer), code=error.code)
            continue
        await control(accesses.end, access=one.id, why=one.why)
    await control(accesses.watch)
