"""The erasing of people, as programs do it: the ledger first, then what is known of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import desk as models
from seldesk.surroundings import surroundings

PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Due:
    """Of somebody who has left: the day on which they go; or, once there is no way back, their entry in the ledger."""

    erase_at: datetime
    erasure: UUID | None
    since: datetime | None


@rpc.public("work", kinds=PROGRAMS)
async def begin(caller: Caller, person: UUID) -> Due | None:
    """From here on there is no way back for somebody whose day has come. None for who is back, or gone already."""
    left = await models.Departure.due(person)
    surroundings().trail.repeats = left is None or left.erasure is None
    return Due(left.erase_at, left.erasure, left.erasing_at) if left else None


@rpc.public("work", kinds=PROGRAMS)
async def erase(caller: Caller, person: UUID) -> bool:
    """Erase some of what is known of them, and answer whether nothing is left; called again until it is so. Their
    entry lies in the ledger already. It asks for nothing else: so a copy from before can be made to forget them again.
    """
    gone = await models.erasing.erase(person)
    surroundings().trail.repeats = not gone
    return gone
