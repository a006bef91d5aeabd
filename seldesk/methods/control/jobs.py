"""Work of the operator's own: a schedule asks for it, a worker does it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models
from seldesk.surroundings import surroundings

PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Claimed:
    id: UUID
    lease: UUID
    kind: str
    attempts: int


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def ask_for(caller: Caller, kind: rpc.Line, slot: rpc.Line, next_at: datetime | None = None) -> None:
    """Enqueue a job, once for each slot however many ask. next_at is when the schedule asks for it again."""
    if next_at is not None:
        await models.Timetable.put(kind, next_at)
    await models.Job.ask_for(kind, slot)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def claim(caller: Caller, kinds: list[str], limit: rpc.Int4 = 1) -> list[Claimed]:
    """Take jobs of these kinds that are due, each for five minutes."""
    taken = await models.Job.claim(limit, now=surroundings().now, lease=models.Job.LEASE, kinds=kinds)
    await models.Job.begin([job.id for job in taken])
    return [Claimed(job.id, job.lease, job.kind, job.attempts) for job in taken]


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def keep(caller: Caller, job: UUID, lease: UUID) -> None:
    """Still at it: five minutes more. Conflict when another has taken it over."""
    now = surroundings().now
    await models.Job.extend(job, lease, now=now, until=now + models.Job.LEASE)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def done(caller: Caller, job: UUID, lease: UUID) -> None:
    await models.Job.done(job, lease, now=surroundings().now)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def failed(caller: Caller, job: UUID, lease: UUID, reason: str) -> None:
    """Try it again in a minute."""
    now = surroundings().now
    await models.Job.retry(job, lease, now=now, due=now + timedelta(minutes=1), error=reason)
