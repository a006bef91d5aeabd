"""What is due and was not done yet."""

from datetime import datetime

import orm
from seldesk.models.control.job import Job
from seldesk.models.control.outbox import Outbox
from seldesk.models.control.wakeup import Wakeup
from seldesk.surroundings import surroundings

MOST = 100_000
OPEN = ("new", "running")


async def figures() -> dict[str, int]:
    now = surroundings().now
    outboxes, jobs = Wakeup.where(Wakeup.due_at <= now), Job.where(Job.state.in_(OPEN), Job.due_at <= now)
    outbox = await outboxes.order_by(Wakeup.due_at).limit(1).first()
    job = await jobs.order_by(Job.due_at).limit(1).first()
    counts = await orm.scalars(
        outboxes=orm.capped(outboxes, MOST),
        jobs=orm.capped(jobs, MOST),
        letters=orm.capped(Outbox.where(Outbox.state.in_(OPEN)), MOST),
        letters_given_up=orm.capped(Outbox.where(Outbox.state == "dead"), MOST),
    )
    outbox_since, job_since = outbox.due_at if outbox else now, job.created_at if job else now
    return {**counts, "outbox_age": _age(now, outbox_since), "job_age": _age(now, job_since)}


def _age(now: datetime, since: datetime) -> int:
    return max(0, int((now - since).total_seconds()))
