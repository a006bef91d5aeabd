"""How mail goes in and out of all customers, in counts; nobody's address and nobody's words."""

from datetime import timedelta
from itertools import pairwise
from typing import Any, TypeVar

import orm
from seldesk.models.control.customer import Customer
from seldesk.models.control.figures import CustomerFigures
from seldesk.models.control.outbox import Outbox
from seldesk.models.control.searching import troubled_mail
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
SIZE = 50
# Waiting since less than each of these; then longer.
AGES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=4), timedelta(hours=24))
COUNTED = ("waiting", "refused", "failed", "bounced", "unread", "failing", "mailboxes")


async def measured() -> dict[str, Any]:
    """Of all customers, and when the newest of it was measured."""
    newest = CustomerFigures.query().column(orm.maximum(CustomerFigures.measured_at))
    return await orm.scalars(**_sums(), measured_at=newest)


async def totals() -> dict[str, Any]:
    """Of all customers, and of the operator's own outbox, in one statement."""
    figures, now = CustomerFigures, surroundings().now
    since = {
        "waiting_since": figures.query().column(orm.minimum(figures.waiting_since)),
        "measured_at": figures.query().column(orm.maximum(figures.measured_at)),
    }
    own = {
        "own_due": orm.capped(Outbox.where(Outbox.state.in_(("new", "running")), Outbox.due_at <= now), 100_000),
        "own_dead": orm.capped(Outbox.where(Outbox.state == "dead"), 100_000),
        "own_done": orm.capped(Outbox.where(Outbox.state == "done"), 100_000),
        "own_since": Outbox.where(Outbox.state.in_(("new", "running"))).column(orm.minimum(Outbox.created_at)),
    }
    return await orm.scalars(**_sums(), **since, **own)


async def ages() -> list[int]:
    """How many customers have mail that waits, by how long the oldest of it does: one more than AGES."""
    figures, now = CustomerFigures, surroundings().now
    bounds = [None, *AGES, None]
    counted = {}
    for number, (low, high) in enumerate(pairwise(bounds)):
        waits = figures.where(figures.waiting_since.is_not(None))
        if low is not None:
            waits = waits.where(figures.waiting_since <= now - low)
        if high is not None:
            waits = waits.where(figures.waiting_since > now - high)
        counted[f"age_{number}"] = orm.capped(waits, 100_000)
    return [*(await orm.scalars(**counted)).values()]


async def troubled(shape: type[Shape], cursor: str | None) -> orm.Page[Shape]:
    """Those with whom something is wrong, the most given up first."""
    figures = CustomerFigures
    wrong = figures.where(troubled_mail() | (figures.bounced > 0)).join(Customer, Customer.id == figures.customer_id)
    columns = {name: getattr(figures, name) for name in (*COUNTED, "waiting_since", "received_at", "measured_at")}
    return await wrong.page(
        shape,
        by=(figures.failed + figures.unread + figures.refused, figures.customer_id),
        size=SIZE,
        cursor=cursor,
        slug=Customer.slug,
        name=Customer.name,
        **columns,
    )


def _sums() -> dict[str, Any]:
    figures = CustomerFigures
    return {name: figures.query().column(orm.coalesce(orm.total(getattr(figures, name)), 0)) for name in COUNTED}
