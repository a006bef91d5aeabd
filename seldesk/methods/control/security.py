"""What happened to security, as the processes have counted it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models


@dataclass(frozen=True, slots=True)
class Counted:
    """So often in this hour, at this customer's door or, with the operator's id, at the console's."""

    hour: datetime
    customer: UUID
    what: str
    count: int


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control")
async def count(caller: Caller, counted: list[Counted]) -> None:
    """Add these to what was counted before."""
    await models.SecurityCount.add_all((one.hour, one.customer, one.what, one.count) for one in counted)
