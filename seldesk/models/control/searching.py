"""Customers as the operator looks for them: by what they are, and by how they are."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, TypeVar

import orm
from seldesk.models.control.alert import Alert
from seldesk.models.control.copy import EXISTING, Copy
from seldesk.models.control.coverage import WARNED
from seldesk.models.control.customer import Customer
from seldesk.models.control.figures import CustomerFigures
from seldesk.models.control.lease import Lease
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
Health = Literal["unreachable", "uncovered", "failing", "alert", "mail", "well"]
Order = Literal["address", "health", "newest", "largest", "oldest-copy"]
SIZE, MOST = 50, 10_000
# Mail that is due leaves within seconds.
STUCK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Filter:
    """ "" is everything; sought is part of an address or of a name."""

    sought: str = ""
    state: str = ""
    plan: str = ""
    region: str = ""
    cluster: str = ""
    health: str = ""


async def customers(wanted: Filter, order: Order, shape: type[Shape], cursor: str | None) -> orm.Page[Shape]:
    """Each with what is under way with it, how large it is, and what is wrong first of all."""
    columns: dict[str, Any] = {
        "slug": Customer.slug,
        "name": Customer.name,
        "state": Customer.state,
        "plan": Customer.plan,
        "region": Customer.region,
        "cluster": Customer.cluster,
        "created_at": Customer.created_at,
        "operation": orm.coalesce(Lease.kind, ""),
        "error": orm.coalesce(Lease.error, ""),
        "database_bytes": CustomerFigures.database_bytes,
        "copied_at": newest_copy(),
        "health": health(),
    }
    by, descending = _order(order)
    return await _chosen(wanted).page(shape, by=by, size=SIZE, cursor=cursor, descending=descending, **columns)


async def number(wanted: Filter) -> int:
    """How many there are of them, MOST at most."""
    return await _chosen(wanted).count_up_to(MOST)


def newest_copy() -> Any:
    """For a row of customers: of when its newest copy is that every store has whole."""
    whole = Copy.where(Copy.customer_id == Customer.id, Copy.verified_at.is_not(None), Copy.damaged_at.is_(None))
    return whole.column(orm.maximum(Copy.snapshot_at))


def covered_since() -> Any:
    """Of when that is, or since when there should be one."""
    return orm.coalesce(newest_copy(), Customer.active_at, Customer.created_at)


def troubled_mail() -> Any:
    """For a row of customers and its figures."""
    figures = CustomerFigures
    return orm.or_(
        figures.failed > 0,
        figures.unread > 0,
        figures.refused > 0,
        figures.waiting_since < surroundings().now - STUCK,
    )


def about() -> orm.Condition:
    """An alert is about the customer: it names its database, its id or its address."""
    subject = Alert.subject
    named = orm.function("strpos", subject, Customer.database) > 0
    return orm.or_(
        named,
        orm.function("strpos", subject, orm.function("concat", Customer.id)) > 0,
        subject == Customer.slug,
    )


def health() -> Any:
    """The worst that is known, for a row of customers with its lease and figures."""
    return orm.case(*_worst_first(), otherwise="well")


def severity() -> Any:
    """Of the same, the smaller the worse."""
    found = [condition for condition, _ in _worst_first()]
    return orm.case(*((condition, place) for place, condition in enumerate(found)), otherwise=len(found))


def _worst_first() -> list[tuple[orm.Condition, Health]]:
    late = Customer.state.in_(EXISTING) & (covered_since() < surroundings().now - WARNED)
    return [
        (orm.coalesce(CustomerFigures.error, "") != "", "unreachable"),
        (late, "uncovered"),
        (orm.coalesce(Lease.error, "") != "", "failing"),
        (orm.exists(Alert.where(about())), "alert"),
        (orm.coalesce(troubled_mail(), orm.literal(False)), "mail"),
    ]


def _chosen(wanted: Filter) -> "orm.Query[Customer]":
    query = (
        Customer.query()
        .join(Lease, (Lease.customer_id == Customer.id) & Lease.asked_at.is_not(None), optional=True)
        .join(CustomerFigures, CustomerFigures.customer_id == Customer.id, optional=True)
    )
    chosen = (
        (Customer.state, wanted.state),
        (Customer.plan, wanted.plan),
        (Customer.region, wanted.region),
        (Customer.cluster, wanted.cluster),
    )
    for column, value in chosen:
        if value:
            query = query.where(column == value)
    if wanted.health:
        query = query.where(health() == wanted.health)
    if sought := wanted.sought.strip().lower():
        named = orm.lower(Customer.name).contains(sought, autoescape=True)
        query = query.where(Customer.slug.contains(sought, autoescape=True) | named)
    return query


def _order(order: Order) -> tuple[tuple[Any, ...], bool]:
    """By what, and whether the largest comes first."""
    match order:
        case "health":
            return (severity(), Customer.slug), False
        case "newest":
            return (Customer.created_at, Customer.id), True
        case "largest":
            return (orm.coalesce(CustomerFigures.database_bytes, 0), Customer.id), True
        case "oldest-copy":
            return (covered_since(), Customer.id), False
        case _:
            return (Customer.slug,), False
