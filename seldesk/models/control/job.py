from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

import orm
from seldesk.surroundings import surroundings

KEPT = timedelta(days=30)


class Job(orm.Task, table="jobs", schema="control"):
    """Work of the operator's own. A schedule's slot is its key, so that it stands here once."""

    LEASE: ClassVar = timedelta(minutes=5)
    # Of its last try.
    begun_at: orm.Column[datetime | None] = orm.time(optional=True)
    indexes = (orm.index("jobs_kind", "kind", "number"),)

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.state == "done", cls.created_at < surroundings().now - KEPT).delete()

    @classmethod
    async def begin(cls, claimed: Collection[UUID]) -> None:
        if claimed:
            await cls.where(cls.id.in_(list(claimed))).update(begun_at=surroundings().now)

    @classmethod
    async def ask_for(cls, kind: str, slot: str) -> None:
        await cls.enqueue(kind, {}, now=surroundings().now, key=f"{kind}:{slot}", group=kind)


class Timetable(orm.Model, table="timetable", schema="control"):
    """When each job is due next, as the processes say that have a schedule. Long past, where none of them runs."""

    kind: orm.Column[str] = orm.text(primary=True)
    next_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def put(cls, kind: str, next_at: datetime) -> None:
        await orm.upsert(cls, {"kind": kind, "next_at": next_at}, on=("kind",), set={"next_at": next_at})

    @classmethod
    async def told(cls) -> dict[str, datetime]:
        return {one.kind: one.next_at for one in await cls.query().order_by(cls.kind).limit(1000).all()}
