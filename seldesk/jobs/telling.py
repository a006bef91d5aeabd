"""Writes what the operator did with customers into their own audits."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

import rpc
from seldesk.jobs.schedule import PutOff
from seldesk.methods.control import acts
from seldesk.methods.desk import operated

log = structlog.get_logger()


class SomeAreAway(PutOff):
    """Some customers cannot be told yet."""


async def tell(
    control: rpc.Call, door: Callable[[UUID], rpc.Call | None], still_at_it: Callable[[], Awaitable[None]]
) -> None:
    """One whose database is away does not hold up the others. Cut off anywhere, nothing is written twice."""
    left = 0
    for act in await control(acts.untold):
        await still_at_it()
        call = door(act.customer)
        try:
            if call is None:
                raise rpc.Unavailable("This process does not know the customer yet.")
            await call(
                operated.note,
                act=act.id,
                what=act.what,
                detail=act.detail,
                staff=act.staff,
                by=act.by,
                address=act.address,
                request_id=act.request_id,
                at=act.at,
            )
            await control(acts.told, act=act.id)
        except rpc.Error as error:
            log.warning("acts.put_off", customer=str(act.customer), code=error.code)
            left += 1
    if left:
        raise SomeAreAway(f"{left} acts wait")
