"""Restores: who waits and in which order, what stands on the side, and how the last ones went."""

from datetime import timedelta
from typing import Any, TypeVar

import orm
from seldesk.models.control.copy import Copy
from seldesk.models.control.customer import Customer
from seldesk.models.control.restore import EACH_WITHIN_NIGHTS, Restore
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
WAITING, STANDING, ENDED = 100, 100, 20


async def waiting(shape: type[Shape]) -> list[Shape]:
    """In the order in which they are done."""
    queue = _with_customer(Restore.where(Restore.state == "waiting"))
    return await queue.order_by(Restore.rank, Restore.asked_at, Restore.id).limit(WAITING).into(shape, **_columns())


async def recent(shape: type[Shape]) -> list[Shape]:
    """What stands on the side, and then what ended last."""
    later = orm.case((Restore.state == "open", 0), otherwise=1)
    over = _with_customer(Restore.where(Restore.state != "waiting"))
    listed = over.order_by(later, Restore.ended_at.desc()).limit(STANDING + ENDED)
    return await listed.into(shape, **_columns())


async def drills() -> dict[str, Any]:
    """Of four weeks, in which every customer has its turn; seconds are what restoring took then."""
    since = surroundings().now - timedelta(days=EACH_WITHIN_NIGHTS)
    tests = Restore.where(Restore.kind == "drill", Restore.ended_at > since)
    took = Copy.where(Copy.restored_at > since)
    return await orm.scalars(
        good=orm.capped(tests.where(Restore.state == "done"), 100_000),
        bad=orm.capped(tests.where(Restore.state == "failed"), 100_000),
        newest=took.column(orm.maximum(Copy.restored_at)),
        seconds=took.column(orm.average(Copy.restore_seconds)),
        longest=took.column(orm.maximum(Copy.restore_seconds)),
        damaged=orm.capped(Copy.where(Copy.damaged_at.is_not(None), Copy.verified_at.is_not(None)), 100_000),
    )


def _with_customer(query: "orm.Query[Restore]") -> "orm.Query[Restore]":
    return query.join(Customer, Customer.id == Restore.customer_id)


def _columns() -> dict[str, Any]:
    return {
        "id": Restore.id,
        "customer": Customer.slug,
        "plan": Customer.plan,
        "kind": Restore.kind,
        "state": Restore.state,
        "error": Restore.error,
        "slug": Restore.slug,
        "snapshot_at": Restore.snapshot_at,
        "asked_at": Restore.asked_at,
        "began_at": Restore.began_at,
        "ended_at": Restore.ended_at,
        "until": Restore.until,
    }
