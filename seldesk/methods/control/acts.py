"""What the operator did with customers, on its way into their own audits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models

PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Act:
    """One that its customer is still to be told of. staff and by say who; None and "" for a command."""

    id: UUID
    customer: UUID
    what: models.Deed
    detail: str
    staff: UUID | None
    by: str
    address: str
    request_id: str
    at: datetime


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def untold(caller: Caller) -> list[Act]:
    """Those of customers that have an audit to write into, the oldest first."""
    return await models.Act.untold(Act)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def told(caller: Caller, act: UUID) -> None:
    """It stands in the customer's audit."""
    await models.Act.told(act)
