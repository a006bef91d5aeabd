"""Who goes at the next clean-up and why, and what the last ones did."""

from dataclasses import dataclass
from datetime import datetime

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.methods.control.clean_ups import CleanUp
from seldesk.methods.control.endings import Leaving
from seldesk.models import control as models
from seldesk.surroundings import surroundings


@dataclass(frozen=True, slots=True)
class People:
    """So many people inside a customer go until then, the first of them at first_at."""

    slug: str
    name: str
    people: int
    first_at: datetime


@dataclass(frozen=True, slots=True)
class CleanUpsPage:
    """leaving are the first 500 of those who go until then, the first to go first; people those inside customers that
    stay; done the last clean-ups, the newest first.
    """

    frame: Frame
    next_at: datetime
    leaving: list[Leaving]
    people: list[People]
    done: list[CleanUp]


@rpc.public("console.clean_ups", kinds=(rpc.Kind.STAFF,), realm="control", reads=True)
async def page(caller: Caller) -> CleanUpsPage:
    """All that the page of the clean-up shows."""
    next_at = models.leaving.next_clean_up(surroundings().now)
    return CleanUpsPage(
        frame(caller),
        next_at,
        await models.leaving.leaving(Leaving, next_at, 500),
        await models.LeavingPerson.counted(People, next_at),
        await models.CleanUp.newest(CleanUp, 20),
    )
