"""How well customers are covered by their copies, and what must be said when they are not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orm
from seldesk.models.control.alert import Alert
from seldesk.models.control.copy import EXISTING, Copy
from seldesk.models.control.covered import covered_since, existing
from seldesk.models.control.customer import Customer
from seldesk.models.control.lease import CONTROL, Lease
from seldesk.models.control.restore import Restore
from seldesk.surroundings import surroundings

# Counted from the snapshot of the newest copy that is verified in both stores.
WARNED, PROMISED = timedelta(hours=14), timedelta(hours=18)
# A copy that is so much smaller than the one before it is looked at by a person, if both are of the last days.
SHRUNK, COMPARED = 10, timedelta(days=2)
# Nobody's copy was begun for so long: what begins them does not run.
STOPPED = timedelta(hours=13)
MOST = 100_000
OWN = "the control database"


@dataclass(frozen=True, slots=True)
class Late:
    """since is of when its newest good copy is or, without one, since when it was there to be copied."""

    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The newest copy and the one before it, in bytes."""

    name: str
    size: int
    before: int


@dataclass(frozen=True, slots=True)
class _Half:
    name: str


async def figures() -> dict[str, Any]:
    """Of all that exist and the control database, in two statements: nobody's row is read. Ages are in seconds."""
    now = surroundings().now
    ages = await orm.histogram(existing(), covered_since(), [now - PROMISED, now - WARNED])
    good = Copy.where(Copy.verified_at.is_not(None), Copy.damaged_at.is_(None))
    found = await orm.scalars(
        own=_own_since(),
        good=good.column(orm.count()),
        half=_half().column(orm.count(Copy.customer_id.distinct())),
        # Copies that a store has lost.
        damaged=orm.capped(Copy.where(Copy.damaged_at.is_not(None)), MOST),
        alerts=orm.capped(Alert.query(), MOST),
        queue=orm.capped(Lease.where(Lease.asked_at.is_not(None)), MOST),
        restores=orm.capped(Restore.where(Restore.state == "waiting"), MOST),
        restored_at=Copy.where(Copy.restored_at.is_not(None)).column(orm.maximum(Copy.restored_at)),
    )
    own = found.pop("own") or now
    return {
        "customers": ages.total,
        "worst_age": int((now - min(own, ages.least or own)).total_seconds()),
        "warned": ages.counts[0] + ages.counts[1] + (now - own > WARNED),
        "late": ages.counts[0] + (now - own > PROMISED),
        **found,
    }


async def alarms() -> list[tuple[str, str]]:
    """Of what, and what is wrong: those alone are read with whom something is. What pages begins with PAGE, what warns
    with WARN.
    """
    now, begun_at = surroundings().now, Copy.query().column(orm.maximum(Copy.began_at))
    whole = await orm.scalars(own=_own_since(), first=_first(), begun_at=begun_at)
    said = [*_stopped(whole["first"], whole["begun_at"], now)]
    late = existing().where(covered_since() < now - WARNED).order_by(Customer.slug).limit(MOST)
    columns: dict[str, Any] = {"name": Customer.slug, "since": covered_since()}
    for one in (Late(OWN, whole["own"] or now), *await late.into(Late, **columns)):
        said += _late(one, now)
    for shrunk in await _shrunk(now):
        said.append((shrunk.name, f"WARN: the newest copy has {shrunk.size} bytes, the one before {shrunk.before}"))
    name = _name()
    halves = _named(_half()).group_by(name).order_by(name).limit(MOST)
    return said + [(one.name, "WARN: a copy lies in one store only") for one in await halves.into(_Half, name=name)]


def _first() -> Any:
    """Since when there is anybody to be copied."""
    return existing().column(orm.minimum(orm.coalesce(Customer.active_at, Customer.created_at)))


def _own_since() -> Any:
    """Of when the control database's newest good copy is, or since when there should be one."""
    own = Copy.where(Copy.customer_id == CONTROL, Copy.verified_at.is_not(None), Copy.damaged_at.is_(None))
    return orm.coalesce(own.column(orm.maximum(Copy.snapshot_at)), _first())


def _stopped(first: datetime | None, begun_at: datetime | None, now: datetime) -> Iterator[tuple[str, str]]:
    waited = first is not None and now - first > STOPPED
    if waited and (begun_at is None or now - begun_at > STOPPED):
        yield "all copies", "PAGE: none was begun for 13 hours. Does `seldesk provision` run?"


def _late(one: Late, now: datetime) -> Iterator[tuple[str, str]]:
    if now - one.since > PROMISED:
        yield one.name, "PAGE: no good copy for 18 hours"
    elif now - one.since > WARNED:
        yield one.name, "WARN: no good copy for 14 hours"


async def _shrunk(now: datetime) -> list[Shrunk]:
    """Whose newest copy is much smaller than the one before it. First those pairs are found whose sizes are so."""
    before, between, newer = Copy.alias("before"), Copy.alias("between"), Copy.alias("newer")
    recent = Copy.where(Copy.verified_at.is_not(None), Copy.snapshot_at > now - COMPARED)
    smaller = (before.customer_id == Copy.customer_id) & (Copy.size * SHRUNK <= before.size)
    earlier = before.verified_at.is_not(None) & (before.snapshot_at > now - COMPARED)
    later = newer.where(
        newer.customer_id == Copy.customer_id, newer.verified_at.is_not(None), newer.snapshot_at > Copy.snapshot_at
    )
    amid = between.where(
        between.customer_id == Copy.customer_id,
        between.verified_at.is_not(None),
        between.snapshot_at > before.snapshot_at,
        between.snapshot_at < Copy.snapshot_at,
    )
    pairs = recent.join(before, smaller & earlier & (before.snapshot_at < Copy.snapshot_at))
    found, name = _named(pairs.where(~orm.exists(later), ~orm.exists(amid))), _name()
    return await found.order_by(name).limit(MOST).into(Shrunk, name=name, size=Copy.size, before=before.size)


def _half() -> "orm.Query[Copy]":
    """Attempts that have come to one store, with no good copy that is newer."""
    good = Copy.alias("good")
    newer = good.where(
        good.customer_id == Copy.customer_id,
        good.verified_at.is_not(None),
        good.damaged_at.is_(None),
        good.snapshot_at >= Copy.began_at,
    )
    return Copy.where(Copy.verified_at.is_(None), Copy.replicas > 0, Copy.dropped_at.is_(None), ~orm.exists(newer))


def _named(copies: "orm.Query[Copy]") -> "orm.Query[Copy]":
    """Of customers that exist, and of the control database."""
    there = copies.join(Customer, Customer.id == Copy.customer_id, optional=True)
    return there.where((Copy.customer_id == CONTROL) | Customer.state.in_(EXISTING))


def _name() -> Any:
    return orm.coalesce(Customer.slug, OWN)
