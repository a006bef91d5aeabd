"""How well customers are covered by their copies: for alerts, for metrics, and for the customer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.control.alerts import Found
from seldesk.models import control as models
from seldesk.models.control import coverage
from seldesk.models.control.keeping import COMPLETE_AFTER, WANTED
from seldesk.surroundings import surroundings

PROGRAMS = (rpc.Kind.JOB,)
Rule = Literal["midday", "daily", "weekly", "asked", "last"]
CHECK = "coverage"


@dataclass(frozen=True, slots=True)
class Figures:
    """Of all customers that exist and the control database. Ages are in seconds, of the newest good copy.

    queue is how many operations wait or are under way, restores how many wait in the queue of their own; restored_at
    is the newest good test of restoring, failed_tests how many have failed since there was a good one.
    """

    customers: int
    worst_age: int
    warned: int
    late: int
    good: int
    half: int
    damaged: int
    alerts: int
    queue: int
    restores: int
    restored_at: datetime | None
    failed_tests: int


@dataclass(frozen=True, slots=True)
class Copy:
    """A good copy, and why it is kept; not whole: one store has lost it. size in bytes, sealed."""

    id: UUID
    kind: str
    rule: Rule
    snapshot_at: datetime
    size: int
    whole: bool
    verified_at: datetime
    restored_at: datetime | None
    restore_seconds: int | None


@dataclass(frozen=True, slots=True)
class Making:
    """One that is asked for or being made. step is the last one that is done, size how much there is of it."""

    step: str
    size: int
    asked_at: datetime
    begun: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """The newest try, when it failed or has come to one store only, and no good copy is newer."""

    began_at: datetime
    replicas: int
    error: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """All of a customer's copies, newest first. complete_at is when there can be all that are wanted.

    restored_at and restore_seconds are of the last good test of restoring, test_failed_at is of one that failed since;
    hours is what the plan promises for that.
    """

    copies: list[Copy]
    wanted: int
    since: datetime
    complete_at: datetime
    data_centres: list[str]
    hours: int
    making: Making | None
    attempt: Attempt | None
    restored_at: datetime | None
    restore_seconds: int | None
    test_failed_at: datetime | None = None


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def watch(caller: Caller) -> list[Found]:
    """Look at all of them, and report what is wrong; answers what is new."""
    new = await models.Alert.report(CHECK, await coverage.alarms())
    # What failed is told at once; what is no customer's any more ends here.
    return [Found(*one) for one in (*new, *await models.Copy.report_all())]


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def figures(caller: Caller) -> Figures:
    return Figures(**await coverage.figures(), failed_tests=len(await models.Restore.bad_drills()))


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def shelf(caller: Caller, customer: UUID) -> Shelf:
    """What a customer is shown of its copies."""
    around, found = surroundings(), await models.Shelf.of(customer)
    row, rules, attempt = await models.Customer.get(customer), found.rules, await models.Copy.newest_attempt(customer)
    region = around.offer.regions.get(row.region) or around.offer.region_of(row.country)
    copies = [_copy(one, rules[one.id]) for one in found.copies if one.id in rules]
    tests = [(one.restored_at, one.restore_seconds) for one in copies if one.restored_at is not None]
    restored_at, restore_seconds = max(tests, key=lambda test: test[0], default=(None, None))
    since = row.active_at or row.created_at
    return Shelf(
        copies=copies,
        wanted=WANTED,
        since=since,
        complete_at=since + COMPLETE_AFTER,
        data_centres=[centre.city for centre in region.data_centres] if region else [],
        hours=around.offer.plans[row.plan].recovery_hours,
        making=await _making(customer, attempt),
        attempt=_failed(attempt, found.copies),
        restored_at=restored_at,
        restore_seconds=restore_seconds,
        test_failed_at=await models.Restore.failed_drill(customer),
    )


def _copy(one: models.Copy, rule: Rule) -> Copy:
    return Copy(
        one.id,
        one.kind,
        rule,
        one.snapshot_at or one.began_at,
        one.size,
        one.damaged_at is None,
        one.verified_at or one.began_at,
        one.restored_at,
        one.restore_seconds,
    )


async def _making(customer: UUID, attempt: models.Copy | None) -> Making | None:
    lease = await models.Lease.standing(customer)
    if lease is None or lease.kind != "copy" or lease.asked_at is None:
        return None
    size = attempt.size if attempt and lease.started_at and attempt.began_at >= lease.started_at else 0
    return Making(lease.step, size, lease.asked_at, lease.started_at is not None)


def _failed(one: models.Copy | None, good: list[models.Copy]) -> Attempt | None:
    if one is None or (good and good[0].began_at > one.began_at) or not (one.error or one.replicas):
        return None
    return Attempt(one.began_at, one.replicas, one.error)
