"""How a trial ends: its owners are told before, then it can only be read until one of them chooses a plan."""

from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import orm
from seldesk.errors import NotLikeThis
from seldesk.models.control.customer import SERVED, Customer
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
NOTICE = timedelta(days=7)
# From being told to the end, also where nobody could be told in time.
LEAST = timedelta(days=3)
REASON = "The trial ended on {day}. An owner opens it again by choosing a plan: Settings, Data & account."


async def ending(shape: type[Shape]) -> list[Shape]:
    """Those that end within a week and whose owners are still to be told. None of them ends sooner than in three days
    from now.
    """
    now = surroundings().now
    soon = Customer.where(Customer.trial == "runs", Customer.state.in_(SERVED), Customer.trial_ends_at <= now + NOTICE)
    if await soon.where(Customer.trial_ends_at < now + LEAST).update(trial_ends_at=now + LEAST):
        await Customer.announce()
    return await soon.order_by(Customer.trial_ends_at).limit(1000).into(shape, **_columns())


async def announced(customer: UUID, ends_at: datetime) -> None:
    """Its owners are told that it ends then."""
    told = Customer.where(Customer.id == customer, Customer.trial == "runs", Customer.trial_ends_at == ends_at)
    await told.update(trial="announced")


async def end() -> int:
    """All that are over can only be read from now on. What its owner has paused is over too; answers how many."""
    now = surroundings().now
    open_now = (Customer.state == "active") | ((Customer.state == "suspended") & (Customer.suspended_by == "owner"))
    over = Customer.where(Customer.trial == "announced", Customer.trial_ends_at <= now, open_now)
    found = await over.limit(1000).lock().all()
    for customer in found:
        customer.state, customer.suspended_by, customer.trial = "suspended", "trial", "over"
        customer.suspended_for = REASON.format(day=_day(customer.trial_ends_at or now))
    if found:
        await Customer.announce()
    return len(found)


async def over(shape: type[Shape]) -> list[Shape]:
    """Those that have ended and whose owners are still to be told."""
    ended = Customer.where(Customer.trial == "over", Customer.state.in_(SERVED))
    return await ended.order_by(Customer.trial_ends_at).limit(1000).into(shape, **_columns())


async def ended(customer: UUID) -> None:
    await Customer.where(Customer.id == customer, Customer.trial == "over").update(trial="ended")


async def choose(customer: UUID, plan: str) -> str:
    """Another plan from now on; what a trial's end had closed is open again. Answers the plan before it."""
    held = await Customer.where(Customer.id == customer).lock().one()
    if held.state not in SERVED:
        raise NotLikeThis("Only a helpdesk that is there can have another plan.")
    before, held.plan = held.plan, plan
    held.begin_trial(surroundings().now)
    if held.suspended_by == "trial":
        held.state, held.suspended_for, held.suspended_by = "active", "", ""
    await Customer.announce(held.id)
    return before


def _columns() -> dict[str, orm.Expression]:
    return {"id": Customer.id, "slug": Customer.slug, "ends_at": Customer.trial_ends_at}


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
