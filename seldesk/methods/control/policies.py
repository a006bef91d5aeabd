"""What owners ask of their people before they come in. It stands where each process has it in memory."""

from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control")
async def demand(caller: Caller, customer: UUID, second_factor: str) -> None:
    """Who must have a second factor, as an owner chose it at the customer's own door."""
    (await models.Customer.get(customer)).second_factor = second_factor
    await models.Customer.announce(customer)
