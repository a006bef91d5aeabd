from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.errors import TooManyTries
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
OFFERED_FOR = timedelta(hours=24)
# The file goes with its link; that it was made stands a while longer.
KEPT = timedelta(days=30)
DAY = timedelta(days=1)
MOST_A_DAY = 3
ATTEMPTS = 3
# Of one that never says how it ended, as when it takes its process with it.
MOST_BEGUN = 10
PAUSE = timedelta(minutes=1)
SHOWN = 20


class UnderWay(rpc.Conflict):
    """This is being made already. Wait until it is done."""

    code = "under_way"


@dataclass(frozen=True, slots=True)
class _Of:
    customer: UUID


class Download(orm.Task, table="downloads", schema="control"):
    """A large file that is made for a customer's owners and offered to them for a day. Of a kind, a customer has one
    at a time under way. asked_by is a person of the customer's, null the operator.

    The file lies sealed in the customer's storage, under an id of its own for each attempt; null when there is none.
    """

    customer_id: orm.Column[UUID] = orm.identifier(index=True)
    asked_by: orm.Column[UUID | None] = orm.identifier(optional=True)
    step: orm.Column[str] = orm.text(default="")
    made: orm.Column[int] = orm.big(default=0)
    total: orm.Column[int] = orm.big(default=0)
    file: orm.Column[UUID | None] = orm.identifier(optional=True)
    name: orm.Column[str] = orm.text(default="")
    chunks: orm.Column[int] = orm.integer(default=0)
    size: orm.Column[int] = orm.big(default=0)
    sha256: orm.Column[bytes | None] = orm.binary(optional=True)
    expires_at: orm.Column[datetime | None] = orm.time(optional=True)

    indexes = (
        orm.index("downloads_one", "customer_id", "kind", where="state in ('new', 'running')", unique=True),
        orm.index("downloads_offered", "expires_at", where="file is not null"),
    )

    @classmethod
    async def ask(cls, customer: UUID, kind: str, asked_by: UUID | None) -> Self:
        """UnderWay while one of this kind is being made; TooManyTries after so many in a day."""
        now = surroundings().now
        recent = cls.where(cls.customer_id == customer, cls.kind == kind, cls.asked_by.is_not(None))
        times = [one.created_at for one in await recent.where(cls.created_at > now - DAY).limit(MOST_A_DAY).all()]
        if len(times) >= MOST_A_DAY:
            wait = int((min(times) + DAY - now).total_seconds())
            raise TooManyTries(
                f"There were {MOST_A_DAY} within a day. The next one can be made later.", retry_after=wait
            )
        download = cls._new(customer, kind, asked_by)
        try:
            await orm.flush()
        except orm.Conflict:
            raise UnderWay from None
        return download

    @classmethod
    async def record(cls, customer: UUID, kind: str, name: str, size: int, sha256: bytes) -> None:
        """The operator has made one at the command line: no file of it is kept."""
        download = cls._new(customer, kind, None)
        download.state, download.finished_at = "done", surroundings().now
        download.name, download.size, download.sha256 = name, size, sha256

    @classmethod
    def _new(cls, customer: UUID, kind: str, asked_by: UUID | None) -> Self:
        now = surroundings().now
        return cls.add(
            kind=kind,
            payload={"customer": str(customer)},
            customer_id=customer,
            asked_by=asked_by,
            due_at=now,
            created_at=now,
        )

    @classmethod
    async def take(cls, kinds: Collection[str]) -> orm.Claimed | None:
        """The next one to make; its file is named by the lease."""
        around = surroundings()
        while taken := await cls.claim(1, now=around.now, lease=around.lease, kinds=kinds):
            if taken[0].attempts <= MOST_BEGUN:
                return taken[0]
            await cls.dead(taken[0].id, taken[0].lease, now=around.now, error="begun too often")
        return None

    @classmethod
    async def progress(cls, download: UUID, lease: UUID, *, step: str, made: int, total: int) -> None:
        """Still at it. Stale when another has taken it over, or nobody wants it any more."""
        now = surroundings().now
        await cls.extend(download, lease, now=now, until=now + surroundings().lease)
        await cls.where(cls.id == download).update(step=step, made=made, total=total)

    @classmethod
    async def ready(cls, download: UUID, lease: UUID, *, name: str, chunks: int, size: int, sha256: bytes) -> None:
        now = surroundings().now
        await cls.done(download, lease, now=now)
        await cls.where(cls.id == download).update(
            file=lease, name=name, chunks=chunks, size=size, sha256=sha256, expires_at=now + OFFERED_FOR
        )

    @classmethod
    async def failed(cls, download: UUID, lease: UUID, reason: str) -> None:
        """Begun anew in a minute, and in ten."""
        now, held = surroundings().now, await cls.get(download)
        if held.attempts < ATTEMPTS:
            due = now + PAUSE * 10 ** (held.attempts - 1)
            await cls.retry(download, lease, now=now, due=due, error=reason)
        else:
            await cls.dead(download, lease, now=now, error=reason)

    @classmethod
    async def of(cls, customer: UUID, kind: str, shape: type[Shape]) -> list[Shape]:
        """The newest first."""
        own = cls.where(cls.customer_id == customer, cls.kind == kind).order_by(cls.number.desc()).limit(SHOWN)
        offered = cls.file.is_not(None) & (cls.expires_at > surroundings().now)
        return await own.into(
            shape,
            id=cls.id,
            state=cls.state,
            asked_by=cls.asked_by,
            step=cls.step,
            made=cls.made,
            total=cls.total,
            name=cls.name,
            size=cls.size,
            offered=offered,
            created_at=cls.created_at,
            expires_at=cls.expires_at,
        )

    @classmethod
    async def offered(cls, customer: UUID, download: UUID) -> Self:
        """NotFound for another customer's, and when its day is over."""
        return await cls._offered(customer).where(cls.id == download).one()

    @classmethod
    async def withdraw(cls, customer: UUID, download: UUID) -> None:
        """Its link is over at once."""
        if not await cls._offered(customer).where(cls.id == download).update(expires_at=surroundings().now):
            raise orm.NotFound

    @classmethod
    async def living(cls, customer: UUID) -> list[UUID]:
        """The files that are offered or being written. All others of this customer can be removed."""
        own = cls.where(cls.customer_id == customer)
        writing = own.where(cls.state == "running").limit(SHOWN)
        files = [one.file for one in await cls._offered(customer).limit(1000).all()]
        return [file for file in (*files, *[one.lease for one in await writing.all()]) if file is not None]

    @classmethod
    async def customers(cls) -> list[UUID]:
        """Those of whom there may be files."""
        found = await cls.query().group_by(cls.customer_id).limit(100_000).into(_Of, customer=cls.customer_id)
        return [one.customer for one in found]

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.finished_at < surroundings().now - KEPT).delete()

    @classmethod
    async def forget(cls, customer: UUID) -> None:
        """Whoever makes one finds that out at the next step."""
        await cls.where(cls.customer_id == customer).delete()

    @classmethod
    def _offered(cls, customer: UUID) -> "orm.Query[Self]":
        return cls.where(cls.customer_id == customer, cls.file.is_not(None), cls.expires_at > surroundings().now)
