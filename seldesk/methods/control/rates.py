"""What processes have counted, each for itself, put together."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models
from seldesk.models.limit import Window

PROGRAMS = (rpc.Kind.JOB,)
Positive = Annotated[int, Meta(ge=1, le=10**9)]


@dataclass(frozen=True, slots=True)
class Told:
    """So many of this subject, of `most` in so many seconds."""

    name: rpc.Line
    most: Positive
    seconds: Positive
    subject: rpc.Line
    count: Positive


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def tell(caller: Caller, told: Annotated[list[Told], Meta(max_length=10)]) -> list[int]:
    """Count these; answers the seconds that each has to wait, 0 where there is room left."""
    # In one order, so that two processes with the same counters do not wait for each other.
    waits = {}
    for one in sorted(told, key=lambda each: (each.name, each.subject)):
        window = Window(one.name, one.most, timedelta(seconds=one.seconds))
        waits[one] = await models.Limit.spend(window, one.subject, one.count)
    return [waits[one] for one in told]
