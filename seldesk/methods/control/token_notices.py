"""What the operator's log and a customer are told of tokens that a command of the operator made."""

from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models

PROGRAMS = (rpc.Kind.JOB,)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def made(caller: Caller, customer: UUID, token: UUID) -> None:
    """Write down that there is one, and mail the customer's primary address. In whose name it acts stands in the
    customer's own audit.
    """
    models.OperatorEntry.record(
        "token made",
        customer_id=customer,
        objects={"token": str(token)},
        facts={"address": caller.address, "request": caller.request_id},
    )
    await models.Outbox.post_token(customer)
