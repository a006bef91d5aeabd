from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Self, TypeVar
from uuid import UUID

import orm
from seldesk.models.control.alert import Alert
from seldesk.models.control.customer import Customer
from seldesk.models.control.lease import CONTROL, Lease
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
Kind = Literal["scheduled", "asked", "safety"]
EVERY = timedelta(hours=12)
# The schedule looks this often, and asks so much too early: no copy is later than it should be.
LOOKED = timedelta(minutes=10)
AGAIN = timedelta(hours=1)
# States in which a customer has a database.
EXISTING = ("active", "suspended", "terminated")
# Of this check are alerts about copies that failed.
CHECK, CONTROL_DATABASE = "copies", "control database"
MOST = 100_000


@dataclass(frozen=True, slots=True)
class _Whose:
    customer: UUID


@dataclass(frozen=True, slots=True)
class _Failing:
    name: str
    error: str


class Copy(orm.Model, table="copies", schema="control"):
    """One full backup of one database, or the attempt at one. Nothing else makes it good than verified_at."""

    # Chosen first: it names the object in the stores.
    id: orm.Column[UUID] = orm.key()
    # The control database's own copies are OPERATOR's.
    customer_id: orm.Column[UUID] = orm.identifier()
    kind: orm.Column[str] = orm.choice("scheduled", "asked", "safety")
    cluster: orm.Column[str] = orm.text()
    began_at: orm.Column[datetime] = orm.time(index=True)
    snapshot_at: orm.Column[datetime | None] = orm.time(optional=True)
    # Of the sealed object, in bytes; while it is made: how much there is already.
    size: orm.Column[int] = orm.big(default=0)
    sha256: orm.Column[bytes | None] = orm.binary(optional=True)
    revision: orm.Column[str] = orm.text(default="")
    postgresql: orm.Column[int] = orm.integer(default=0)
    # Stores in which it was read back and hashed.
    replicas: orm.Column[int] = orm.integer(default=0)
    # When every store had it and the whole archive had been decoded.
    verified_at: orm.Column[datetime | None] = orm.time(optional=True)
    error: orm.Column[str] = orm.text(default="")
    # Since when a store has it no more as it was written.
    damaged_at: orm.Column[datetime | None] = orm.time(optional=True)
    # Since when it is being removed: no copy any more, and forgotten when no store has anything of it.
    dropped_at: orm.Column[datetime | None] = orm.time(optional=True)
    # The last test of restoring it that was good, and how long that took.
    restored_at: orm.Column[datetime | None] = orm.time(optional=True)
    restore_seconds: orm.Column[int | None] = orm.integer(optional=True)

    indexes = (
        orm.index("copies_verified", "customer_id", "snapshot_at", where="verified_at IS NOT NULL"),
        orm.index("copies_unverified", "customer_id", "began_at", where="verified_at IS NULL"),
        # Few, and asked for by every look at all of them.
        orm.index("copies_damaged", "damaged_at", where="damaged_at IS NOT NULL"),
        orm.index("copies_restored", "restored_at", where="restored_at IS NOT NULL"),
    )

    @classmethod
    def begin(cls, customer: UUID, kind: Kind, cluster: str) -> Self:
        return cls.add(customer_id=customer, kind=kind, cluster=cluster, began_at=surroundings().now)

    @classmethod
    async def adopt(cls, customer: UUID, *, snapshot_at: datetime, whole: bool, **known: object) -> bool:
        """One that the catalogue has lost; no copy that counts unless it is whole. Whether it was lost."""
        verified_at = surroundings().now if whole else None
        error = "" if whole else "It was found again in some of the stores only."
        times = {"began_at": snapshot_at, "snapshot_at": snapshot_at, "verified_at": verified_at}
        return await orm.insert_or_skip(cls, {"customer_id": customer, "error": error, **times, **known})

    def count(self, replicas: int, **known: object) -> None:
        """From now on it is a copy."""
        self._know(known)
        self.replicas, self.verified_at, self.error = replicas, surroundings().now, ""

    def fail(self, error: str, replicas: int, **known: object) -> None:
        self._know(known)
        self.replicas, self.error = replicas, error

    def _know(self, known: Mapping[str, object]) -> None:
        for name, value in known.items():
            setattr(self, name, value)

    @classmethod
    async def under_way(cls, customer: UUID, copy: UUID) -> Self:
        """Of this customer, and not verified yet: what is verified does not change."""
        return await cls.where(cls.id == copy, cls.customer_id == customer, cls.verified_at.is_(None)).lock().one()

    @classmethod
    async def newest(cls, customer: UUID) -> Self | None:
        """The verified one with the newest snapshot."""
        verified = cls.where(cls.customer_id == customer, cls.verified_at.is_not(None))
        return await verified.order_by(cls.snapshot_at.desc(), cls.id.desc()).limit(1).first()

    @classmethod
    async def attempted(cls, customer: UUID) -> Self | None:
        """The newest attempt, whatever became of it."""
        return (
            await cls.where(cls.customer_id == customer).order_by(cls.began_at.desc(), cls.id.desc()).limit(1).first()
        )

    @classmethod
    async def newest_attempt(cls, customer: UUID) -> Self | None:
        """The last one that was begun and is not verified, be it that it is under way."""
        attempts = cls.where(cls.customer_id == customer, cls.verified_at.is_(None), cls.dropped_at.is_(None))
        return await attempts.order_by(cls.began_at.desc()).limit(1).first()

    @classmethod
    async def left_over(cls, customer: UUID) -> list[Self]:
        """Attempts whose objects are of no use: all but the newest that one store has, while there is no newer copy."""
        attempts = cls.where(cls.customer_id == customer, cls.verified_at.is_(None))
        found = await attempts.order_by(cls.began_at.desc(), cls.id.desc()).limit(1000).all()
        if not found:
            return []
        verified = await cls.newest(customer)
        since = verified.began_at if verified else None
        useful = [one for one in found if one.replicas and (since is None or one.began_at > since)]
        return [one for one in found if one not in useful[:1]]

    @classmethod
    async def forget(cls, customer: UUID, copies: Collection[UUID]) -> None:
        """Attempts of which no store holds anything any more."""
        mine = cls.where(cls.customer_id == customer, cls.verified_at.is_(None))
        await mine.where(cls.id.in_(list(copies))).delete()

    @classmethod
    async def due(cls, limit: int) -> list[UUID]:
        """Whose next copy it is time for and with whom nothing stands: customers that exist, and CONTROL. Who waits
        longest comes first, so that nobody is passed over where there are more than can be made. A failed one is tried
        again in an hour.
        """
        newest = cls.where(cls.customer_id == Customer.id, cls.verified_at.is_not(None))
        since = orm.coalesce(newest.column(orm.maximum(cls.snapshot_at)), Customer.created_at)
        idle = Customer.id.not_in(Lease.where(Lease.stands()).column(Lease.customer_id))
        waiting = Customer.where(Customer.state.in_(EXISTING), idle).order_by(since, Customer.id)
        for done in cls._done():
            # Not by exists: for that PostgreSQL compares each with all, where it knows of few who wait.
            waiting = waiting.where(Customer.id.not_in(done.column(cls.customer_id)))
        own = [await done.where(cls.customer_id == CONTROL).exists() for done in cls._done()]
        found = await waiting.limit(limit).into(_Whose, customer=Customer.id)
        return [*([] if any(own) else [CONTROL]), *(one.customer for one in found)]

    @classmethod
    def _done(cls) -> "tuple[orm.Query[Self], orm.Query[Self]]":
        """Copies that are new enough, and attempts too new to be repeated."""
        now = surroundings().now
        fresh = cls.where(cls.verified_at.is_not(None), cls.snapshot_at > now - EVERY + LOOKED)
        return fresh, cls.where(cls.verified_at.is_(None), cls.began_at > now - AGAIN)

    @classmethod
    async def failing(cls) -> list[tuple[str, str]]:
        """Whose newest attempt failed, by their addresses, each with what went wrong."""
        newer = cls.alias("newer")
        failed = cls.where(
            cls.verified_at.is_(None),
            cls.error != "",
            ~orm.exists(
                newer.where(
                    newer.customer_id == cls.customer_id,
                    orm.row(newer.began_at, newer.id) > orm.row(cls.began_at, cls.id),
                    newer.verified_at.is_not(None) | (newer.error != ""),
                )
            ),
        )
        named = failed.join(Customer, Customer.id == cls.customer_id, optional=True)
        there = named.where((cls.customer_id == CONTROL) | Customer.id.is_not(None)).order_by(cls.customer_id)
        name = orm.coalesce(Customer.slug, CONTROL_DATABASE)
        return [(one.name, one.error) for one in await there.limit(MOST).into(_Failing, name=name, error=cls.error)]

    @classmethod
    async def report_all(cls) -> list[tuple[str, str]]:
        """Alerts stand of all whose newest attempt failed, and of nobody else. Answers those that are new."""
        return await Alert.report(CHECK, await cls.failing())

    @classmethod
    async def report_one(cls, customer: UUID, error: str = "") -> list[tuple[str, str]]:
        """The same of one whose attempt has just ended, so many times a day: nothing is asked of the others."""
        name = (await Customer.slugs([customer])).get(customer, CONTROL_DATABASE)
        return await Alert.report(CHECK, [(name, error)] if error else [], name)

    @classmethod
    async def customers(cls) -> list[UUID]:
        """Of whom there is anything, the operator included."""
        found = await cls.query().group_by(cls.customer_id).limit(100_000).into(_Whose, customer=cls.customer_id)
        return [one.customer for one in found]

    @classmethod
    async def seen(cls, copy: UUID, replicas: int, *, whole: bool) -> None:
        """All of it was read in each store: so many have it as it was written."""
        since = None if whole else orm.coalesce(cls.damaged_at, surroundings().now)
        verified = cls.where(cls.id == copy, cls.verified_at.is_not(None))
        await verified.update(replicas=replicas, damaged_at=since)

    def drop(self, now: datetime) -> None:
        """It is no copy from now on."""
        self.verified_at, self.dropped_at = None, now

    @classmethod
    async def listed(cls, customer: UUID, shape: type[Shape]) -> list[Shape]:
        """All, attempts included, newest first."""
        found = cls.where(cls.customer_id == customer).order_by(cls.began_at.desc(), cls.id.desc()).limit(1000)
        return await found.into(
            shape,
            id=cls.id,
            kind=cls.kind,
            began_at=cls.began_at,
            snapshot_at=cls.snapshot_at,
            size=cls.size,
            replicas=cls.replicas,
            verified_at=cls.verified_at,
            error=cls.error,
            restored_at=cls.restored_at,
        )

    @classmethod
    async def newest_of_all(cls, shape: type[Shape]) -> list[Shape]:
        """Of each customer that exists and of CONTROL: the newest verified copy, if any."""
        newer = cls.alias("newer")
        newest = cls.verified_at.is_not(None) & ~orm.exists(
            newer.where(
                newer.customer_id == cls.customer_id,
                newer.verified_at.is_not(None),
                orm.row(newer.snapshot_at, newer.id) > orm.row(cls.snapshot_at, cls.id),
            )
        )
        columns = {"copy": cls.id, "snapshot_at": cls.snapshot_at, "size": orm.coalesce(cls.size, 0)}
        theirs = Customer.where(Customer.state.in_(EXISTING)).join(
            cls, (cls.customer_id == Customer.id) & newest, optional=True
        )
        own = (
            await cls.where(cls.customer_id == CONTROL, newest)
            .limit(1)
            .into(shape, customer=cls.customer_id, slug=orm.literal(""), **columns)
        )
        return own + await theirs.order_by(Customer.slug).limit(100_000).into(
            shape, customer=Customer.id, slug=Customer.slug, **columns
        )
