"""The operator's log, and whether all chains are whole."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.methods.control.alerts import AlertRow
from seldesk.methods.control.operator_log import CHECK
from seldesk.models import control as models
from seldesk.models.control.operator_listing import Filter, Group

MOST_BROKEN = 500
STAFF = (rpc.Kind.STAFF,)
JOB = "audits"
Reason = Annotated[str, Meta(min_length=20, max_length=500)]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One act. by_staff is None for a command or a program, facts where they are forgotten or were none."""

    number: int
    happened_at: datetime
    kind: str
    outcome: str
    by_staff: str | None
    about: str | None
    customer: str | None
    customer_id: UUID | None
    access_id: UUID | None
    objects: dict[str, Any]
    facts: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class LastCheck:
    """outcome: done, failed, or partly, where some customers could not be reached. objects: how many of what."""

    at: datetime
    outcome: str
    objects: dict[str, int]


@dataclass(frozen=True, slots=True)
class Somebody:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """The newest first. broken are the chains that the last check found wrong; running: one has been asked for."""

    frame: Frame
    items: list[LogEntry]
    staff: list[Somebody]
    check: LastCheck | None
    anchored_at: datetime | None
    broken: list[AlertRow]
    running: bool
    next: str | None
    previous: str | None


@rpc.public("console.audit", kinds=STAFF, realm="control", reads=True)
async def page(
    caller: Caller,
    group: Group | None = None,
    staff: UUID | None = None,
    customer: Annotated[str, Meta(max_length=100)] = "",
    since: date | None = None,
    until: date | None = None,
    cursor: str | None = None,
) -> LogPage:
    """All that the page of the audit shows: of one group, of one of the staff, with one customer, between two days."""
    chosen = Filter(group, staff, customer.strip().lower(), since, until)
    found = await models.operator_listing.page(LogEntry, chosen, cursor)
    job = models.Job
    return LogPage(
        frame(caller),
        found.items,
        await models.operator_listing.staff(Somebody),
        await models.anchors.last_check(LastCheck),
        await models.anchors.newest_at(),
        await models.overview.few_alerts(AlertRow, MOST_BROKEN, CHECK),
        await job.where(job.kind == JOB, job.finished_at.is_(None)).exists(),
        found.next,
        found.previous,
    )


@rpc.public("console.audit", kinds=STAFF, realm="control")
async def check(caller: Caller) -> None:
    """Have all chains computed anew, now."""
    await models.overview.run_now(JOB, caller.id)
    models.OperatorEntry.note(caller, caller.id, "check asked for")


@rpc.public("console.audit", kinds=STAFF, realm="control")
async def accept(caller: Caller, reason: Reason, customer: rpc.Line | None = None) -> None:
    """A chain ends earlier than it did, and it is known why: from now on it counts as it is. Without a customer the
    operator's own. The reason stays in the log.
    """
    found = None if customer is None else await models.Customer.named(customer)
    models.anchors.accept(caller.id, found.id if found else None, reason, caller.address)
