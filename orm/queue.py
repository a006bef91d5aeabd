"""A queue that is a table: work is enqueued in the transaction that wants it, and done after it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import Update, and_, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from orm import columns as column
from orm.errors import Stale
from orm.expressions import constants
from orm.ids import uuid7
from orm.model import Model
from orm.prepared import PreparedInsert, kept
from orm.session import current, execute

_UNFINISHED = constants("new", "running")


@dataclass(frozen=True, slots=True)
class Claimed:
    """Work that is ours until the lease runs out. repeated: an earlier claimer never said how it ended."""

    id: UUID
    lease: UUID
    kind: str
    payload: Any
    key: str | None
    group: str | None
    attempts: int
    repeated: bool
    created_at: datetime


class Task(Model, abstract=True):
    """The columns and verbs of a queue: `class Job(orm.Task, table="jobs", schema="control")`.

    Work is done at least once. All verbs run in the caller's transaction, so what a worker did and that it
    did it are stored together. A verb whose lease is not the row's, or has run out, is Stale: a worker that
    slept cannot finish what another took. Of a group, only the oldest unfinished task is ever claimed.
    """

    id: column.Column[UUID] = column.key()
    number: column.Column[int] = column.counter()
    kind: column.Column[str] = column.text()
    payload: column.Column[Any] = column.json()
    key: column.Column[str | None] = column.text(optional=True, unique=True)
    group: column.Column[str | None] = column.text(optional=True)
    state: column.Column[str] = column.choice("new", "running", "done", "unknown", "dead", "superseded", default="new")
    attempts: column.Column[int] = column.integer(default=0)
    due_at: column.Column[datetime] = column.time()
    lease: column.Column[UUID | None] = column.identifier(optional=True)
    lease_until: column.Column[datetime | None] = column.time(optional=True)
    error: column.Column[str | None] = column.text(optional=True)
    created_at: column.Column[datetime] = column.time()
    finished_at: column.Column[datetime | None] = column.time(optional=True)

    indexes: ClassVar[tuple[column.Index | column.Check | column.Unique, ...]] = (
        column.index(
            "ix_{table}_ready", "coalesce(lease_until, due_at)", "number", where="state IN ('new', 'running')"
        ),
        column.index(
            "ix_{table}_group",
            '"group"',
            "number",
            where="state IN ('new', 'running') AND \"group\" IS NOT NULL",
        ),
    )

    @classmethod
    async def enqueue(
        cls,
        kind: str,
        payload: Mapping[str, Any],
        *,
        now: datetime,
        due: datetime | None = None,
        key: str | None = None,
        group: str | None = None,
    ) -> UUID | None:
        """Adds work, due now by default; None when there is a task with this key already, even a done one."""
        due, id = due or now, uuid7()
        what = {"kind": kind, "payload": payload, "key": key, "group": group, "due_at": due, "created_at": now}
        if not await _added(cls).send(id=id, state="new", attempts=0, **what):
            return None
        current().wake(due)
        return id

    @classmethod
    async def enqueue_all(
        cls, kind: str, payloads: Mapping[str, Mapping[str, Any]], *, now: datetime, due: datetime
    ) -> None:
        """Adds one task for each group, in one statement."""
        rows = [
            {"kind": kind, "payload": payload, "group": group, "due_at": due, "created_at": now}
            for group, payload in payloads.items()
        ]
        if rows:
            await execute(insert(cls).values(rows))
            current().wake(due)

    @classmethod
    async def claim(
        cls, limit: int, *, now: datetime, lease: timedelta, kinds: Collection[str] | None = None
    ) -> list[Claimed]:
        """Takes up to `limit` tasks that are due, or whose claimer let the lease run out, earliest first."""
        earlier = aliased(cls)
        ready = func.coalesce(cls.lease_until, cls.due_at)
        blocked = select(earlier.id).where(
            earlier.group == cls.group, earlier.number < cls.number, earlier.state.in_(_UNFINISHED)
        )
        chosen = (
            select(cls.id, ready.label("ready"), (cls.state == "running").label("repeated"))
            .where(cls.state.in_(_UNFINISHED), ready <= now, or_(cls.group.is_(None), ~blocked.exists()))
            .where(true() if kinds is None else cls.kind.in_(sorted(kinds)))
            .order_by(ready, cls.number)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("chosen")
        )
        statement = (
            update(cls)
            .where(cls.id == chosen.c.id)
            .values(state="running", lease=uuid4(), lease_until=now + lease, attempts=cls.attempts + 1)
            .returning(
                cls.id,
                cls.lease,
                cls.kind,
                cls.payload,
                cls.key,
                cls.group,
                cls.attempts,
                chosen.c.repeated,
                cls.created_at,
                chosen.c.ready,
                cls.number,
            )
            .execution_options(synchronize_session=False)
        )
        rows = sorted((await execute(statement)).all(), key=lambda row: (row.ready, row.number))
        return [Claimed(*tuple(row)[:-2]) for row in rows]

    @classmethod
    async def extend(cls, id: UUID, lease: UUID, *, now: datetime, until: datetime) -> None:
        """Keeps the task for longer; Stale."""
        await _change(cls._held(id, lease, now).values(lease_until=until))

    @classmethod
    async def done(cls, id: UUID, lease: UUID, *, now: datetime) -> None:
        """The work is done; Stale."""
        await cls._finish("done", id, lease, now, None)

    @classmethod
    async def retry(cls, id: UUID, lease: UUID, *, now: datetime, due: datetime, error: str) -> None:
        """The work failed and is due again then; Stale."""
        values = {"state": "new", "due_at": due, "error": error, "lease": None, "lease_until": None}
        await _change(cls._held(id, lease, now).values(**values))
        current().wake(due)

    @classmethod
    async def dead(cls, id: UUID, lease: UUID, *, now: datetime, error: str) -> None:
        """The work failed for good; Stale."""
        await cls._finish("dead", id, lease, now, error)

    @classmethod
    async def unknown(cls, id: UUID, lease: UUID, *, now: datetime, error: str) -> None:
        """Nobody knows whether the work was done, and it is not to be repeated; Stale."""
        await cls._finish("unknown", id, lease, now, error)

    @classmethod
    async def revive(cls, id: UUID, *, now: datetime) -> None:
        """A dead, unknown or superseded task is due again now; Stale for any other."""
        values = {"state": "new", "due_at": now, "finished_at": None}
        await _change(
            update(cls).where(cls.id == id, cls.state.in_(("dead", "unknown", "superseded"))).values(**values)
        )
        current().wake(now)

    @classmethod
    async def supersede(cls, *, now: datetime) -> int:
        """Gives up all that is unfinished, as after the restore of an older copy; answers how many."""
        values = {"state": "superseded", "finished_at": now, "lease": None, "lease_until": None}
        statement = update(cls).where(cls.state.in_(_UNFINISHED)).values(**values)
        return int((await execute(statement)).rowcount)  # type: ignore[attr-defined]

    @classmethod
    async def next_due(cls) -> datetime | None:
        """When there is something to claim next, leases that run out included."""
        ready = func.coalesce(cls.lease_until, cls.due_at)
        due: datetime | None = (await execute(select(func.min(ready)).where(cls.state.in_(_UNFINISHED)))).scalar_one()
        return due

    @classmethod
    async def _finish(cls, state: str, id: UUID, lease: UUID, now: datetime, error: str | None) -> None:
        values = {"state": state, "finished_at": now, "error": error, "lease": None, "lease_until": None}
        await _change(cls._held(id, lease, now).values(**values))

    @classmethod
    def _held(cls, id: UUID, lease: UUID, now: datetime) -> Update:
        return update(cls).where(and_(cls.id == id, cls.lease == lease, cls.lease_until > now))


@kept
def _added(model: type[Task]) -> PreparedInsert:
    what = ("kind", "payload", "key", "group", "due_at", "created_at")
    return PreparedInsert(model, "id", "state", "attempts", *what, on=("key",))


async def _change(statement: Update) -> None:
    if (await execute(statement)).rowcount != 1:  # type: ignore[attr-defined]
        raise Stale
