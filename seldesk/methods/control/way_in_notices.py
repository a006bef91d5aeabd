"""What the operator's log and a customer are told of ways in that a command of the operator made or changed."""

from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models

PROGRAMS = (rpc.Kind.JOB,)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def tell(caller: Caller, customer: UUID, what: models.WayIn, about: UUID) -> None:
    """Write it down, and mail the customer's primary address. about is the token, or whose way in it is; the rest
    stands in the customer's own audit.
    """
    models.OperatorEntry.record(
        what,
        customer_id=customer,
        objects={"token" if what == "token made" else "person": str(about)},
        facts={"address": caller.address, "request": caller.request_id},
    )
    await models.Outbox.post_way_in(what, customer)
