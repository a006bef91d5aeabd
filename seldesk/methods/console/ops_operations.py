"""What the operator's people do with a customer as a whole. Each act stands in their events and in the customer's own
audit; each needs a fresh proof of who does it.
"""

from typing import Literal
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.control import copies, endings, moves, plan_limits, restores, rotations, sides
from seldesk.methods.control.customers import Plan
from seldesk.methods.control.endings import Erasing
from seldesk.methods.control.moves import Minutes
from seldesk.methods.control.rotations import What
from seldesk.models import control as models

STAFF = (rpc.Kind.STAFF,)
Kind = Literal["aside", "live"]
UNCONFIRMED = "Tick this too: nobody can take it back for you."


@rpc.public("console.customers.suspend", kinds=STAFF, realm="control")
async def suspend(caller: Caller, slug: rpc.Line, reason: rpc.Line) -> None:
    """Make a customer read-only. Everybody there is told the reason."""
    await endings.suspended(caller, slug, reason)


@rpc.public("console.customers.suspend", kinds=STAFF, realm="control")
async def reactivate(caller: Caller, slug: rpc.Line) -> None:
    """End a suspension, or take back a termination before the data is erased."""
    await endings.reactivated(caller, slug)


@rpc.public("console.customers.suspend", kinds=STAFF, realm="control")
async def plan(caller: Caller, slug: rpc.Line, plan: Plan) -> None:
    """Give a customer another plan; a trial begins anew. What the end of a trial had closed is open again."""
    await plan_limits.changed(caller, slug, plan)


@rpc.public("console.customers.operate", kinds=STAFF, realm="control")
async def move(caller: Caller, slug: rpc.Line, cluster: rpc.Line, notice: Minutes = 10) -> None:
    """Move a customer to another cluster. For so many minutes before its doors close its agents are told."""
    await moves.asked_for(caller, slug, cluster, notice)


@rpc.public("console.customers.operate", kinds=STAFF, realm="control")
async def copy(caller: Caller, slug: rpc.Line) -> None:
    """Copy a customer now."""
    await copies.asked_for(caller, slug)


@rpc.public("console.customers.rotate", kinds=STAFF, realm="control")
async def rotate(caller: Caller, slug: rpc.Line, what: What = "passwords") -> None:
    """Give a customer's roles new passwords, or its files a new key."""
    await rotations.asked_for(caller, slug, what)


@rpc.public("console.restores", kinds=STAFF, realm="control")
async def restore(
    caller: Caller,
    slug: rpc.Line,
    kind: Kind,
    copy: UUID | None = None,
    writable: bool = False,
    confirmed: bool = False,
) -> None:
    """Restore a copy, the newest where none is named: beside the living helpdesk, or in its place, which must be
    confirmed. What is there is copied before anything takes its place.
    """
    if kind == "live" and not confirmed:
        raise rpc.Invalid(fields={"confirmed": UNCONFIRMED})
    await restores.asked_for(caller, slug, kind, copy, writable=writable and kind == "aside", safe=True)


@rpc.public("console.restores", kinds=STAFF, realm="control")
async def close_side(caller: Caller, side: rpc.Line) -> None:
    """What stands on the side at this address is not needed any more."""
    await sides.left(caller, side)


@rpc.public("console.customers.erase", kinds=STAFF, realm="control")
async def erase(
    caller: Caller, slug: rpc.Line, name: rpc.Line, erasing: Erasing = "clean-up", confirmed: bool = False
) -> None:
    """Close a customer; its data is erased at the next clean-up, within 30 days, or at once, which nobody can take
    back. Its name is typed, and then it is confirmed once more.
    """
    customer = await models.Customer.named(slug)
    if name.strip() != customer.name:
        raise rpc.Invalid(fields={"name": f"Type the name as it stands here: {customer.name}"})
    if not confirmed:
        raise rpc.Invalid(fields={"confirmed": UNCONFIRMED})
    await endings.terminated(caller, slug, erasing)
