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
    """So many customers leave until then: items are a page of them, the first to go first. people are those inside
    customers that stay, where the first of them goes soonest; done the last clean-ups, the newest first.
    """

    frame: Frame
    next_at: datetime
    leaving: int
    items: list[Leaving]
    next: str | None
    previous: str | None
    people: list[People]
    done: list[CleanUp]


@rpc.public("console.clean_ups", kinds=(rpc.Kind.STAFF,), realm="control", reads=True)
async def page(caller: Caller, cursor: str | None = None) -> CleanUpsPage:
    """All that the page of the clean-up shows."""
    next_at = models.leaving.next_clean_up(surroundings().now)
    found = await models.leaving.page_of_leaving(Leaving, next_at, cursor)
    return CleanUpsPage(
        frame(caller),
        next_at,
        await models.leaving.number_leaving(next_at),
        found.items,
        found.next,
        found.previous,
        await models.LeavingPerson.counted(People, next_at),
        await models.CleanUp.newest(CleanUp, 20),
    )
