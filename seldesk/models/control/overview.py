"""What the operator's people see of customers and jobs: states and times, never content."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orm
from seldesk.models.control.alert import Alert
from seldesk.models.control.customer import Customer
from seldesk.models.control.job import Job, Timetable
from seldesk.models.control.lease import Lease
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
Run = TypeVar("Run")
SIZE = 50
RUNS = 24


@dataclass(frozen=True, slots=True)
class Filter:
    """ "" is everything; sought is part of an address or of a name."""

    sought: str = ""
    state: str = ""
    plan: str = ""
    region: str = ""


async def customers(wanted: Filter, shape: type[Shape], cursor: str | None) -> orm.Page[Shape]:
    """By their addresses, each with what is under way with it."""
    query = Customer.query().join(
        Lease, (Lease.customer_id == Customer.id) & Lease.asked_at.is_not(None), optional=True
    )
    chosen = ((Customer.state, wanted.state), (Customer.plan, wanted.plan), (Customer.region, wanted.region))
    for column, value in chosen:
        if value:
            query = query.where(column == value)
    if sought := wanted.sought.strip().lower():
        named = orm.lower(Customer.name).contains(sought, autoescape=True)
        query = query.where(Customer.slug.contains(sought, autoescape=True) | named)
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
    }
    return await query.page(shape, by=(Customer.slug,), size=SIZE, cursor=cursor, descending=False, **columns)


async def alerts_of(customer: Customer, shape: type[Shape]) -> list[Shape]:
    """Those that name it: by its database, its address or its id."""
    about = Alert.subject.contains(customer.database, autoescape=True) | Alert.subject.contains(
        str(customer.id), autoescape=True
    )
    return await listed_alerts(Alert.where(about | (Alert.subject == customer.slug)), shape)


async def listed_alerts(query: "orm.Query[Alert]", shape: type[Shape]) -> list[Shape]:
    columns = {"check": Alert.check, "subject": Alert.subject, "detail": Alert.detail, "since": Alert.since}
    return await query.order_by(Alert.since, Alert.id).limit(500).into(shape, **columns)


async def timetable(shape: type[Shape], run: type[Run]) -> list[Shape]:
    """Each job with when it is due next, its newest runs that ended, the newest first, and the oldest that did not."""
    of_kind = Job.where(Job.kind == Timetable.kind)
    ended = of_kind.where(Job.finished_at.is_not(None)).order_by(Job.number.desc()).limit(RUNS)
    waiting = of_kind.where(Job.finished_at.is_(None)).order_by(Job.number).limit(1)
    columns: dict[str, Any] = {"ended": ended.as_list(run, **_run()), "waiting": waiting.as_list(run, **_run())}
    listed = Timetable.query().order_by(Timetable.next_at, Timetable.kind).limit(100)
    return await listed.into(shape, kind=Timetable.kind, next_at=Timetable.next_at, **columns)


async def newest_runs(shape: type[Shape], cursor: str | None, kind: str = "") -> orm.Page[Shape]:
    query = Job.where(Job.kind == kind) if kind else Job.query()
    return await query.page(shape, by=(Job.number,), size=SIZE, cursor=cursor, **_run())


async def run_now(kind: str, by: UUID) -> None:
    """Whoever asks twice within a minute asks once."""
    await Job.ask_for(kind, f"{by}:{_minute(surroundings().now)}")


def _minute(now: datetime) -> str:
    return f"{now:%Y-%m-%dT%H:%M}"


def _run() -> dict[str, Any]:
    return {
        "kind": Job.kind,
        "state": Job.state,
        "error": orm.coalesce(Job.error, ""),
        "attempts": Job.attempts,
        "created_at": Job.created_at,
        "finished_at": Job.finished_at,
    }
