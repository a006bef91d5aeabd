"""Whose storage is nearly full, or full, by what was measured of it last."""

from typing import TypeVar
from uuid import UUID

import orm
from seldesk.models.control.customer import SERVED, Customer
from seldesk.models.control.figures import CustomerFigures
from seldesk.offer import Plan
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
# In percent: its owners are told once at each line, and anew when it has been below the first one.
FORGOTTEN, NEARLY, FULL = 75, 90, 100


async def untold(shape: type[Shape]) -> list[Shape]:
    """percent is the line that was passed."""
    found: list[Shape] = []
    for plan in surroundings().offer.plans.values():
        theirs = Customer.where(Customer.id == CustomerFigures.customer_id, Customer.plan == plan.code)
        emptied = CustomerFigures.where(CustomerFigures.told_percent > 0, orm.not_(_passed(plan, FORGOTTEN)))
        await emptied.where(orm.exists(theirs)).update(told_percent=0)
        found += await _at(plan, FULL, shape, _passed(plan, FULL))
        found += await _at(plan, NEARLY, shape, _passed(plan, NEARLY), orm.not_(_passed(plan, FULL)))
    return found


async def told(customer: UUID, percent: int) -> None:
    await CustomerFigures.where(CustomerFigures.customer_id == customer).update(told_percent=percent)


async def _at(plan: Plan, percent: int, shape: type[Shape], *conditions: orm.Condition) -> list[Shape]:
    there = CustomerFigures.query().join(Customer, Customer.id == CustomerFigures.customer_id)
    waiting = there.where(
        *conditions, Customer.plan == plan.code, Customer.state.in_(SERVED), CustomerFigures.told_percent < percent
    )
    columns = {"id": Customer.id, "slug": Customer.slug, "percent": orm.literal(percent)}
    return await waiting.order_by(Customer.id).limit(1000).into(shape, **columns)


def _passed(plan: Plan, percent: int) -> orm.Condition:
    return CustomerFigures.stored_bytes >= plan.storage_bytes * percent // 100
