"""How well customers are covered by their copies, and what must be said when they are not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orm
from seldesk.models.control.alert import Alert
from seldesk.models.control.copy import EXISTING, Copy
from seldesk.models.control.customer import Customer
from seldesk.models.control.lease import CONTROL, Lease
from seldesk.models.control.restore import Restore
from seldesk.surroundings import surroundings

# Counted from the snapshot of the newest copy that is verified in both stores.
WARNED, PROMISED = timedelta(hours=14), timedelta(hours=18)
# A copy that is so much smaller than the one before it is looked at by a person.
SHRUNK = 10
# Nobody's copy was begun for so long: what begins them does not run.
STOPPED = timedelta(hours=13)
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Cover:
    """Of one customer, or of the control database. size and before are of its newest and second good copy, in bytes.

    since is when it was there to be copied; half a copy lies in one store and waits for the other.
    """

    customer: UUID
    name: str
    since: datetime
    newest_at: datetime | None
    good: int
    half: bool
    size: int = 0
    before: int = 0

    def age(self, now: datetime) -> timedelta:
        return now - (self.newest_at or self.since)


@dataclass(frozen=True, slots=True)
class _Customer:
    id: UUID
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class _Good:
    customer: UUID
    newest_at: datetime
    good: int


@dataclass(frozen=True, slots=True)
class _Size:
    customer: UUID
    size: int
    snapshot_at: datetime


@dataclass(frozen=True, slots=True)
class _Half:
    customer: UUID
    began_at: datetime


async def covers() -> list[Cover]:
    """All that exist, the control database first; four statements, however many there are."""
    now, customer = surroundings().now, Customer
    existing = customer.where(customer.state.in_(EXISTING)).order_by(customer.slug).limit(MOST)
    since = orm.coalesce(customer.active_at, customer.created_at)
    known = await existing.into(_Customer, id=customer.id, name=customer.slug, since=since)
    good = {one.customer: one for one in await _good()}
    sizes: dict[UUID, list[int]] = {}
    for one in await _sizes(now):
        sizes.setdefault(one.customer, []).append(one.size)
    half = {one.customer: one.began_at for one in await _halves()}
    operator = _Customer(CONTROL, "the control database", min([one.since for one in known], default=now))
    return [_cover(one, good.get(one.id), sizes.get(one.id, []), half.get(one.id)) for one in (operator, *known)]


def _cover(one: _Customer, good: _Good | None, sizes: Sequence[int], half: datetime | None) -> Cover:
    size, before = (*sizes, 0, 0)[:2]
    newest_at, count = (good.newest_at, good.good) if good else (None, 0)
    waits = half is not None and (newest_at is None or half > newest_at)
    return Cover(one.id, one.name, one.since, newest_at, count, waits, size, before)


async def _good() -> list[_Good]:
    whole = Copy.where(Copy.verified_at.is_not(None), Copy.damaged_at.is_(None)).group_by(Copy.customer_id)
    newest = orm.maximum(Copy.snapshot_at)
    return await whole.limit(MOST).into(_Good, customer=Copy.customer_id, newest_at=newest, good=orm.count())


async def _sizes(now: datetime) -> list[_Size]:
    """Of the last two days, newest first."""
    recent = Copy.where(Copy.verified_at.is_not(None), Copy.snapshot_at > now - timedelta(days=2))
    newest = recent.order_by(Copy.snapshot_at.desc()).limit(MOST)
    return await newest.into(_Size, customer=Copy.customer_id, size=Copy.size, snapshot_at=Copy.snapshot_at)


async def _halves() -> list[_Half]:
    """Attempts that have come to one store."""
    waiting = Copy.where(Copy.verified_at.is_(None), Copy.replicas > 0, Copy.dropped_at.is_(None))
    newest = orm.maximum(Copy.began_at)
    return await waiting.group_by(Copy.customer_id).limit(MOST).into(_Half, customer=Copy.customer_id, began_at=newest)


def alarms(found: Sequence[Cover], begun_at: datetime | None, now: datetime) -> Iterator[tuple[str, str]]:
    """Of what, and what is wrong. What pages begins with PAGE, what warns with WARN."""
    if any(now - one.since > STOPPED for one in found) and (begun_at is None or now - begun_at > STOPPED):
        yield "all copies", "PAGE: none was begun for 13 hours. Does `seldesk provision` run?"
    for one in found:
        if one.age(now) > PROMISED:
            yield one.name, "PAGE: no good copy for 18 hours"
        elif one.age(now) > WARNED:
            yield one.name, "WARN: no good copy for 14 hours"
        if one.before and one.size * SHRUNK <= one.before:
            yield one.name, f"WARN: the newest copy has {one.size} bytes, the one before {one.before}"
        if one.half:
            yield one.name, "WARN: a copy lies in one store only"


async def counted() -> dict[str, int]:
    """Copies that a store has lost, alerts that stand, operations and restores that wait: by one statement."""
    return await orm.scalars(
        damaged=orm.capped(Copy.where(Copy.damaged_at.is_not(None)), MOST),
        alerts=orm.capped(Alert.query(), MOST),
        queue=orm.capped(Lease.where(Lease.asked_at.is_not(None)), MOST),
        restores=orm.capped(Restore.where(Restore.state == "waiting"), MOST),
    )


async def begun_at() -> datetime | None:
    newest = await Copy.query().order_by(Copy.began_at.desc()).limit(1).first()
    return newest.began_at if newest else None
