"""Of when the newest good copy of a customer is: for a row of customers, and for all of them in figures."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

import orm
from seldesk.models.control.copy import EXISTING, Copy
from seldesk.models.control.customer import Customer
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")


def newest_copy() -> Any:
    """Of when its newest copy is that every store has whole."""
    return good_copies().column(orm.maximum(Copy.snapshot_at))


def covered_since() -> Any:
    """Of when that is, or since when there should be one."""
    return orm.coalesce(newest_copy(), Customer.active_at, Customer.created_at)


def good_copies() -> "orm.Query[Copy]":
    return Copy.where(Copy.customer_id == Customer.id, Copy.verified_at.is_not(None), Copy.damaged_at.is_(None))


def existing() -> "orm.Query[Customer]":
    """Those that have a database, and so copies."""
    return Customer.where(Customer.state.in_(EXISTING))


async def ages(bounds: Sequence[timedelta]) -> orm.Histogram:
    """How old the newest good copies of all that exist are. bounds rise; the oldest come first: those that are older
    than the last of bounds. least is since when the worst of them is not covered.
    """
    now = surroundings().now
    return await orm.histogram(existing(), covered_since(), [now - bound for bound in reversed(bounds)])


async def oldest(shape: type[Shape], limit: int) -> list[Shape]:
    """Those whose copies are the oldest."""
    columns: dict[str, Any] = {"since": covered_since(), "copied_at": newest_copy()}
    listed = existing().order_by(covered_since(), Customer.slug).limit(limit)
    return await listed.into(shape, slug=Customer.slug, plan=Customer.plan, **columns)
