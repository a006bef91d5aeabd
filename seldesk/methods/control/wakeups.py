from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models

PROGRAMS = (rpc.Kind.JOB,)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def take(caller: Caller, limit: rpc.Int4 = 50) -> list[UUID]:
    """Customers whose outbox has something due, each handed to one worker for a minute."""
    return [wakeup.customer_id for wakeup in await models.Wakeup.take(limit)]


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def settle(caller: Caller, customer: UUID, next_due: datetime | None = None) -> None:
    """This customer's outbox is empty until then."""
    await models.Wakeup.settle(customer, next_due)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def note(caller: Caller, customer: UUID, due: datetime) -> None:
    """This customer's outbox will have something due."""
    await models.Wakeup.note(customer, due)
