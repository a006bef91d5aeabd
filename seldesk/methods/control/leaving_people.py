"""People inside customers who have left, and are to be erased: in ids alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models
from seldesk.surroundings import surroundings

PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Due:
    customer: UUID
    person: UUID


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody of this customer who goes at this time."""

    slug: str
    person: UUID
    erase_at: datetime


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def note(caller: Caller, customer: UUID, person: UUID, erase_at: datetime) -> None:
    """Somebody there leaves, and goes then: said before it stands in the customer's database."""
    await models.LeavingPerson.note(customer, person, erase_at)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def returned(caller: Caller, customer: UUID, person: UUID) -> None:
    """They are back, if the customer's database says so too."""
    await models.LeavingPerson.returned(customer, person)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def due(caller: Caller) -> list[Due]:
    """Those whose day has come."""
    return await models.LeavingPerson.due(Due)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def settle(caller: Caller, customer: UUID, person: UUID, erase_at: datetime | None = None) -> bool:
    """Their customer was asked, and says that they go later, or not at all. False: ask again in a minute."""
    return await models.LeavingPerson.settle(customer, person, erase_at)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def gone(caller: Caller, customer: UUID, person: UUID) -> None:
    """Nothing is left of them."""
    await models.LeavingPerson.gone(customer, person)
    await models.CleanUp.report()


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,), realm="control", reads=True)
async def preview(caller: Caller, until: datetime | None = None) -> list[Leaving]:
    """Who goes until then, the next clean-up included when nothing is said."""
    return await models.LeavingPerson.until(Leaving, until or models.leaving.next_clean_up(surroundings().now))
