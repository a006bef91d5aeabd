from datetime import timedelta
from typing import ClassVar

import orm
from seldesk.surroundings import surroundings

KEPT = timedelta(days=30)


class Job(orm.Task, table="jobs", schema="control"):
    """Work of the operator's own. A schedule's slot is its key, so that it stands here once."""

    LEASE: ClassVar = timedelta(minutes=5)

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.state == "done", cls.created_at < surroundings().now - KEPT).delete()

    @classmethod
    async def ask_for(cls, kind: str, slot: str) -> None:
        await cls.enqueue(kind, {}, now=surroundings().now, key=f"{kind}:{slot}", group=kind)
