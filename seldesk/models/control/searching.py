"""Customers as the operator looks for them: by what they are, and by how they are."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, TypeVar

import orm
from seldesk.models.control.alert import Alert
from seldesk.models.control.copy import EXISTING
from seldesk.models.control.coverage import WARNED
from seldesk.models.control.covered import covered_since, newest_copy
from seldesk.models.control.customer import Customer
from seldesk.models.control.figures import CustomerFigures
from seldesk.models.control.lease import Lease
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
Health = Literal["unreachable", "uncovered", "failing", "alert", "mail", "well"]
Order = Literal["address", "health", "newest", "largest", "oldest-copy"]
SIZE, MOST = 50, 10_000
# So many of what can be wrong, the worst of it, somebody must mend: the rest is told by a check, or mends itself.
NOT_BY_ITSELF = 3
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


async def troubled(shape: type[Shape], limit: int) -> list[Shape]:
    """The worst of those with whom something is wrong that does not mend itself, in one statement: they alone are read,
    however many are well.
    """
    worst = [condition for condition, _ in _worst_first()[:NOT_BY_ITSELF]]
    listed = _with_all().where(orm.or_(*worst)).order_by(severity(), covered_since(), Customer.slug)
    columns: dict[str, Any] = {
        "slug": Customer.slug,
        "name": Customer.name,
        "plan": Customer.plan,
        "health": health(),
        "since": covered_since(),
        "operation": orm.coalesce(Lease.kind, ""),
        "error": orm.coalesce(Lease.error, ""),
        "asked": orm.coalesce(CustomerFigures.error, ""),
    }
    return await listed.limit(limit).into(shape, **columns)


async def number(wanted: Filter) -> int:
    """How many there are of them, MOST at most."""
    return await _chosen(wanted).count_up_to(MOST)


def troubled_mail() -> Any:
    """For a row of customers and its figures."""
    figures = CustomerFigures
    return orm.or_(
        figures.failed > 0,
        figures.unread > 0,
        figures.refused > 0,
        figures.waiting_since < surroundings().now - STUCK,
    )


def standing() -> "orm.Query[Alert]":
    """For a row of customers: the alerts about it."""
    return Alert.where(Alert.customer_id == Customer.id)


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
        (orm.exists(standing()), "alert"),
        (orm.coalesce(troubled_mail(), orm.literal(False)), "mail"),
    ]


def _with_all() -> "orm.Query[Customer]":
    """With its lease and its figures, where there are any."""
    under_way = (Lease.customer_id == Customer.id) & Lease.asked_at.is_not(None)
    with_lease = Customer.query().join(Lease, under_way, optional=True)
    return with_lease.join(CustomerFigures, CustomerFigures.customer_id == Customer.id, optional=True)


def _chosen(wanted: Filter) -> "orm.Query[Customer]":
    query = _with_all()
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
