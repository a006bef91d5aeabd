"""How a customer stops and goes: suspended, terminated, taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models
from seldesk.models.control import register
from seldesk.surroundings import surroundings

Erasing = Literal["clean-up", "asked", "at once"]
ASKED, next_clean_up = models.leaving.ASKED, models.leaving.next_clean_up
OPERATOR = (rpc.Kind.COMMAND,)
PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something of a customer lies, and when it is gone after the end, in words."""

    name: str
    says: str
    gone: str


def places() -> list[Place]:
    return [Place(one.name, one.says, _gone(one.life)) for one in register.PLACES]


def _gone(life: timedelta) -> str:
    if not life.days:
        return "gone at once"
    return f"gone within {life.days} days" if life.days > 1 else "gone within a day"


@dataclass(frozen=True, slots=True)
class Leaving:
    """A customer that has left. asked: erasing it was asked for, so that it does not wait for a clean-up."""

    id: UUID
    slug: str
    name: str
    state: str
    terminated_at: datetime
    erase_at: datetime
    asked: bool


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def suspend(caller: Caller, slug: str, reason: rpc.Line) -> None:
    """Make a customer read-only. Everybody there is told the reason."""
    await suspended(caller, slug, reason)


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def reactivate(caller: Caller, slug: str) -> None:
    """End a suspension, or take back a termination before the clean-up has begun."""
    await reactivated(caller, slug)


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def terminate(caller: Caller, slug: str, erasing: Erasing = "clean-up") -> datetime:
    """Close a customer: nothing of it can be reached any more. Answers when its data is erased: at the next clean-up,
    within 30 days as asked for, or at once, which nobody can take back. One that is closed can be erased sooner.
    """
    return await terminated(caller, slug, erasing)


async def suspended(caller: Caller, slug: str, reason: str) -> None:
    customer = await models.Customer.named(slug)
    await models.leaving.suspend(customer.id, reason, "operator")
    await models.Act.note(caller, customer, "suspend", reason)


async def reactivated(caller: Caller, slug: str) -> None:
    customer = await models.Customer.named(slug)
    await models.leaving.reactivate(customer.id, "operator")
    await models.Act.note(caller, customer, "reactivate")


async def terminated(caller: Caller, slug: str, erasing: Erasing) -> datetime:
    customer = await models.Customer.named(slug)
    erased_at = await models.leaving.terminate(customer.id, erasing)
    await models.Act.note(caller, customer, "terminate", f"erased on {erased_at:%Y-%m-%d}")
    return erased_at


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def pause(caller: Caller, customer: UUID, reason: rpc.Line) -> None:
    """The owner wants it to be read only for a while."""
    await models.leaving.suspend(customer, reason, "owner")


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def resume(caller: Caller, customer: UUID) -> None:
    """The owner's own pause ends."""
    await models.leaving.reactivate(customer, "owner")


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def leave(caller: Caller, customer: UUID, erasing: Erasing) -> datetime:
    """The owner has terminated it, at the customer's own door."""
    return await models.leaving.terminate(customer, erasing)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def take_back(caller: Caller, customer: UUID, terminated_at: datetime) -> None:
    """The owner has come back by the link of that termination."""
    await models.leaving.take_back(customer, terminated_at)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def unclosed(caller: Caller) -> list[Leaving]:
    """Terminated customers whose sessions are still to be ended, and whose owners are still to be told."""
    return await models.leaving.unclosed(Leaving)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def closed(caller: Caller, customer: UUID, terminated_at: datetime) -> None:
    await models.leaving.closed(customer, terminated_at)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def unnoticed(caller: Caller) -> list[Leaving]:
    """Terminated customers that are erased within 14 days and were not told yet."""
    return await models.leaving.unnoticed(Leaving)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def noticed(caller: Caller, customer: UUID, terminated_at: datetime) -> None:
    await models.leaving.noticed(customer, terminated_at)


@rpc.public("operate", kinds=OPERATOR, realm="control", reads=True)
async def preview(caller: Caller, until: datetime | None = None) -> list[Leaving]:
    """Who goes until then, the next clean-up included when nothing is said, and why."""
    return await models.leaving.leaving(Leaving, until or models.leaving.next_clean_up(surroundings().now))
