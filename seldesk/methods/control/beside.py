"""Copies on the side, as a customer's owners ask for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.errors import Busy, NoSuchCopy, TooManySides
from seldesk.models import control as models
from seldesk.surroundings import surroundings

PROGRAMS = (rpc.Kind.JOB,)
SHOWN, SHOWN_FOR = 10, timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Beside:
    """One that was asked for. waiting: begun says whether anybody is at it, and step what is done of it. open: at the
    address of this slug, until `until`.
    """

    id: UUID
    snapshot_at: datetime
    state: Literal["waiting", "open", "done", "failed"]
    begun: bool
    step: str
    slug: str
    writable: bool
    asked_at: datetime
    until: datetime | None


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def want(caller: Caller, customer: UUID, copy: UUID, writable: bool) -> UUID:
    """For an owner who was asked for their password. The queue does it as it does all restores."""
    row = await models.Customer.get(customer)
    try:
        asked = await models.Restore.ask(row, "aside", copy, writable=writable)
    except NoSuchCopy:
        raise NoSuchCopy("This copy is not there any more. Choose another one.") from None
    except TooManySides:
        raise TooManySides("So many copies stand on the side already. Remove one first.") from None
    await models.Customer.announce(row.id)
    return asked.id


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def of(caller: Caller, customer: UUID) -> list[Beside]:
    """Those that wait or stand, and what became of others in the last days; the newest first."""
    restore, since = models.Restore, surroundings().now - SHOWN_FOR
    theirs = restore.where(restore.customer_id == customer, restore.kind == "aside", restore.asked_at > since)
    lease = await models.Lease.standing(customer)
    step = lease.step if lease and lease.kind == "restore" else ""
    target = lease.target if lease and lease.kind == "restore" else ""
    return [
        Beside(
            one.id,
            one.snapshot_at,
            one.state,  # type: ignore[arg-type]  # one of them, as its column holds no other
            one.began_at is not None,
            step if target == str(one.id) else "",
            one.slug,
            one.writable,
            one.asked_at,
            one.until,
        )
        for one in await theirs.order_by(restore.asked_at.desc(), restore.id.desc()).limit(SHOWN).all()
    ]


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def give_up(caller: Caller, customer: UUID, restore: UUID) -> None:
    """Nobody comes in there any more, and what is left of it is dropped. Busy while it is being made."""
    one = (
        await models.Restore.where(
            models.Restore.id == restore, models.Restore.customer_id == customer, models.Restore.kind == "aside"
        )
        .lock()
        .one()
    )
    if one.state == "waiting" and one.began_at is not None:
        raise Busy("It is being made. Remove it when that is done.")
    if one.state in ("waiting", "open"):
        one.end("done")
    await models.Customer.announce(one.customer_id)
