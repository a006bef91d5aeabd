"""What a plan is for, and who is told: trials that end, storage that fills."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.control.customers import Plan
from seldesk.models import control as models

OPERATOR = (rpc.Kind.COMMAND,)
PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Trial:
    """A customer whose trial ends, or has ended, then."""

    id: UUID
    slug: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Filled:
    """A customer of whose storage more than so many percent are in use."""

    id: UUID
    slug: str
    percent: int


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def ending(caller: Caller) -> list[Trial]:
    """Trials that end within seven days, and in three at the soonest, of which nobody was told yet."""
    return await models.trial.ending(Trial)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def announced(caller: Caller, customer: UUID, ends_at: datetime) -> None:
    """The owners were told that it ends then."""
    await models.trial.announced(customer, ends_at)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def end(caller: Caller) -> int:
    """Whoever was told and whose time is over can only be read from now on; answers how many."""
    return await models.trial.end()


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def over(caller: Caller) -> list[Trial]:
    """Trials that have ended, of which nobody was told yet."""
    return await models.trial.over(Trial)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def ended(caller: Caller, customer: UUID) -> None:
    """The owners were told that it has ended."""
    await models.trial.ended(customer)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def filling(caller: Caller) -> list[Filled]:
    """Whose storage has come to 90 or 100 percent, as it was measured last, and whose owners were not told yet."""
    return await models.filling.untold(Filled)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def filled(caller: Caller, customer: UUID, percent: rpc.Int4) -> None:
    """The owners were told."""
    await models.filling.told(customer, percent)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def choose(caller: Caller, customer: UUID, plan: Plan) -> None:
    """An owner wants another plan, at the customer's own door."""
    await models.trial.choose(customer, plan)


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def change(caller: Caller, slug: str, plan: Plan) -> None:
    """Give a customer another plan; a trial begins anew. What the end of a trial had closed is open again."""
    await changed(caller, slug, plan)


async def changed(caller: Caller, slug: str, plan: Plan) -> None:
    customer = await models.Customer.named(slug)
    before = await models.trial.choose(customer.id, plan)
    await models.Act.note(caller, customer, "plan", f"{before} to {plan}")
