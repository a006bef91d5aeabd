from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Self
from uuid import UUID

import orm
from seldesk.errors import Busy, Excluded, NoSuchCopy, TooManySides
from seldesk.models.control.copy import EXISTING, Copy
from seldesk.models.control.customer import Customer
from seldesk.models.control.lease import Lease, Operation
from seldesk.surroundings import surroundings

Kind = Literal["drill", "aside", "live"]
# What a restore does with the customer as a whole.
OPERATIONS: dict[str, Operation] = {"drill": "drill", "aside": "restore", "live": "restore"}
# Looked after once a day, and so gone after seven days at the latest.
OPEN_FOR = timedelta(days=6)
KEPT = timedelta(days=90)
MOST_SIDES = 3
# How often one is begun: what kills its worker three times would kill the fourth.
MOST_ATTEMPTS = 3
PAID, OTHERS, DRILLS = 0, 1, 2
EACH_WITHIN_NIGHTS = 28
_QUEUE = 200
BEFORE = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Wanted:
    copy: UUID


class Restore(orm.Model, table="restores", schema="control"):
    """A copy that is to be a database again: as a test, on the side, or in the place of the living one.

    While it waits, or is under way, its row is its place in the queue. On the side it has an address of its own.
    """

    id: orm.Column[UUID] = orm.key()
    customer_id: orm.Column[UUID] = orm.identifier(index=True)
    copy_id: orm.Column[UUID] = orm.identifier()
    snapshot_at: orm.Column[datetime] = orm.time()
    kind: orm.Column[str] = orm.choice("drill", "aside", "live")
    # Paid customers, others, drills: nobody of one begins while anybody of the one before could.
    rank: orm.Column[int] = orm.integer()
    state: orm.Column[str] = orm.choice("waiting", "open", "done", "failed", default="waiting")
    # On the side: whether people may change it, its address and its database; "" where it takes the customer's place.
    writable: orm.Column[bool] = orm.flag(default=False)
    # In its place: only once there is a copy of what is there.
    safe: orm.Column[bool] = orm.flag(default=True)
    slug: orm.Column[str] = orm.text(default="")
    database: orm.Column[str] = orm.text(default="")
    cluster: orm.Column[str] = orm.text()
    attempts: orm.Column[int] = orm.integer(default=0)
    # How many mails waited in what was restored, and are not sent any more.
    superseded: orm.Column[int] = orm.integer(default=0)
    error: orm.Column[str] = orm.text(default="")
    asked_at: orm.Column[datetime] = orm.time()
    began_at: orm.Column[datetime | None] = orm.time(optional=True)
    ended_at: orm.Column[datetime | None] = orm.time(optional=True)
    until: orm.Column[datetime | None] = orm.time(optional=True)
    # When nothing of it was left on its cluster.
    removed_at: orm.Column[datetime | None] = orm.time(optional=True)

    indexes = (
        orm.index("restores_waiting", "rank", "asked_at", "id", where="state = 'waiting'"),
        orm.index("restores_standing", "customer_id", "database", where="removed_at IS NULL AND database <> ''"),
    )

    @classmethod
    async def ask(
        cls, customer: Customer, kind: Kind, copy: UUID | None, *, writable: bool = False, safe: bool = True
    ) -> Self:
        """For a worker to claim; without a copy named it is the newest. NoSuchCopy, Excluded, TooManySides."""
        if customer.state not in EXISTING:
            raise Excluded
        chosen = await cls._copy(customer.id, copy)
        if kind == "aside" and await cls._standing(customer.id).count_up_to(MOST_SIDES) >= MOST_SIDES:
            raise TooManySides
        if kind != "aside" and (asked := await cls._asked(customer.id, kind, chosen.id)):
            return asked
        return cls.queue(customer, kind, chosen.id, chosen.snapshot_at, writable=writable, safe=safe)

    @classmethod
    def queue(
        cls,
        customer: Customer,
        kind: Kind,
        copy: UUID,
        snapshot_at: datetime | None,
        *,
        writable: bool = False,
        safe: bool = True,
    ) -> Self:
        id, beside = orm.uuid7(), kind != "live"
        rank = DRILLS if kind == "drill" else PAID if customer.plan == "paid" else OTHERS
        return cls.add(
            id=id,
            customer_id=customer.id,
            copy_id=copy,
            snapshot_at=snapshot_at,
            kind=kind,
            rank=rank,
            writable=writable,
            safe=safe,
            slug=f"{customer.slug}--{id.hex[-8:]}" if beside else "",
            database=f"c_{id.hex[-16:]}" if beside else "",
            cluster=customer.cluster,
            asked_at=surroundings().now,
        )

    @staticmethod
    async def _copy(customer: UUID, copy: UUID | None) -> Copy:
        if copy is None:
            found = await Copy.newest(customer)
        else:
            mine = Copy.where(Copy.id == copy, Copy.customer_id == customer, Copy.verified_at.is_not(None))
            found = await mine.first()
        if found is None:
            raise NoSuchCopy
        return found

    @classmethod
    def _standing(cls, customer: UUID) -> "orm.Query[Self]":
        return cls.where(
            cls.customer_id == customer, cls.kind == "aside", cls.state != "failed", cls.removed_at.is_(None)
        )

    @classmethod
    async def _asked(cls, customer: UUID, kind: Kind, copy: UUID) -> Self | None:
        """The same asked for twice is done once."""
        waiting = cls.where(cls.customer_id == customer, cls.kind == kind, cls.state == "waiting")
        return await waiting.where(cls.copy_id == copy).lock().first()

    @classmethod
    async def claim(cls, *, drills: bool = False) -> Lease | None:
        """The first in the queue with whose customer nothing else is being done, under its lease.

        Who claims at the same time waits, so that nobody is passed over who should be first. Drills are claimed apart:
        none begins while anybody waits for a restore, and no restore waits for one that was begun.
        """
        there = await _waiting().read()
        if not there["drills" if drills else "restores"] or (drills and there["restores"]):
            return None
        mine = cls.where(cls.state == "waiting", cls.rank == DRILLS if drills else cls.rank != DRILLS)
        for one in await mine.order_by(cls.rank, cls.asked_at, cls.id).limit(_QUEUE).lock().all():
            try:
                lease = await Lease.take(one.customer_id, OPERATIONS[one.kind], str(one.id))
            except (Busy, Excluded):
                continue
            left = await cls.where(cls.id == UUID(lease.target), cls.state == "waiting").first()
            if left is None:
                # What was left is over: only its lease had not been given back.
                lease.target, lease.step, left = str(one.id), "", one
            left.attempts += 1
            left.began_at = left.began_at or surroundings().now
            return lease
        return None

    @classmethod
    async def held(cls, restore: UUID, fence: int) -> tuple[Self, Lease]:
        """Under way, and its worker is still the one who has it; TakenOver."""
        found = await cls.get(restore)
        return found, await Lease.held(found.customer_id, OPERATIONS[found.kind], fence)

    def end(self, state: Literal["open", "done", "failed"], error: str = "", *, removed: bool = False) -> None:
        now = surroundings().now
        self.state, self.error, self.ended_at = state, error, now
        self.until = now + OPEN_FOR if state == "open" else None
        self.removed_at = now if removed else None

    async def tested(self, seconds: int) -> None:
        """What was copied was found whole in a database again."""
        await Copy.where(Copy.id == self.copy_id).update(restored_at=surroundings().now, restore_seconds=seconds)

    @classmethod
    async def give_up(cls, error: str) -> None:
        """None of those that wait is begun any more."""
        for one in await cls.where(cls.state == "waiting").limit(100_000).all():
            one.end("failed", error)

    @classmethod
    async def wanted(cls, customer: UUID) -> set[UUID]:
        """Copies that are to be restored, or are being: none of them goes before that is done."""
        waiting = cls.where(cls.customer_id == customer, cls.state == "waiting").limit(1000)
        return {one.copy for one in await waiting.into(_Wanted, copy=cls.copy_id)}

    @classmethod
    def over(cls) -> "orm.Query[Self]":
        """What stands on a cluster and may go: its days are over, or it never became what it should."""
        ended = (cls.state == "open") & (cls.until <= surroundings().now) | cls.state.in_(("done", "failed"))
        return cls.where(cls.database != "", cls.removed_at.is_(None), ended)

    @classmethod
    async def made_anew(cls, databases: Sequence[str]) -> list[str]:
        """Those of them of which nothing was left once. No name is given twice: nobody needs what is there now."""
        found = cls.where(cls.database.in_(databases), cls.removed_at.is_not(None)).limit(len(databases))
        return [one.database for one in await found.all()]

    @classmethod
    async def of(cls) -> list[Self]:
        """All that may stand on a cluster."""
        return await cls.where(cls.database != "", cls.removed_at.is_(None)).limit(10_000).all()

    @classmethod
    async def drill_night(cls) -> list[UUID]:
        """Customers whose turn it is: at least one, so many that each has its turn within four weeks, and first those
        who never had one."""
        last = cls.where(cls.customer_id == Customer.id, cls.kind == "drill").column(orm.maximum(cls.asked_at))
        copied = Copy.where(Copy.customer_id == Customer.id, Copy.verified_at.is_not(None))
        all_of_them = Customer.where(Customer.state.in_(EXISTING), orm.exists(copied))
        turns = -(-await all_of_them.count_up_to(100_000) // EACH_WITHIN_NIGHTS)
        longest_ago = all_of_them.order_by(orm.coalesce(last, BEFORE), Customer.id).limit(max(turns, 1))
        return [customer.id for customer in await longest_ago.all()]

    @classmethod
    async def expire(cls) -> int:
        over = cls.where(cls.ended_at < surroundings().now - KEPT, cls.state != "open")
        return await over.where((cls.removed_at.is_not(None)) | (cls.database == "")).delete()

    @classmethod
    async def failed_drill(cls, customer: UUID) -> datetime | None:
        """When the last test of this customer's copies ended, if it failed."""
        ended = cls.where(cls.customer_id == customer, cls.kind == "drill", cls.state.in_(("done", "failed")))
        last = await ended.order_by(cls.ended_at.desc()).limit(1).first()
        return last.ended_at if last is not None and last.state == "failed" else None

    @classmethod
    async def bad_drills(cls) -> list[Self]:
        """Those after which there was no better one."""
        later = cls.alias("later")
        good = orm.exists(
            later.where(later.customer_id == cls.customer_id, later.state == "done", later.ended_at > cls.ended_at)
        )
        return await cls.where(cls.kind == "drill", cls.state == "failed", ~good).limit(1000).all()


@orm.kept
def _waiting() -> orm.PreparedScalars:
    """Whether any waits: asked at every change of any customer, and there hardly ever is one."""
    one = Restore.where(Restore.state == "waiting")
    return orm.PreparedScalars(
        restores=orm.exists(one.where(Restore.rank != DRILLS)), drills=orm.exists(one.where(Restore.rank == DRILLS))
    )
