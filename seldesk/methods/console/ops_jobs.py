"""The operator's jobs: when each ran last and runs next, and to run one now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.models import control as models

STAFF = (rpc.Kind.STAFF,)
JobKind = Annotated[str, Meta(min_length=1, max_length=60)]


@dataclass(frozen=True, slots=True)
class Run:
    """finished_at is None for one that waits, runs, or failed and is tried again; then error says why."""

    kind: str
    state: str
    error: str
    attempts: int
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Scheduled:
    """waiting is the run that has not ended yet; last the one that ended last."""

    kind: str
    next_at: datetime
    waiting: Run | None
    last: Run | None


@dataclass(frozen=True, slots=True)
class JobsPage:
    frame: Frame
    jobs: list[Scheduled]
    runs: list[Run]
    next: str | None
    previous: str | None


@rpc.public("console.jobs", kinds=STAFF, realm="control", reads=True)
async def page(caller: Caller, kind: JobKind | None = None, cursor: str | None = None) -> JobsPage:
    """All that the page of jobs shows: the schedule, and the runs of one kind or of all, the newest first."""
    next_at = await models.Timetable.told()
    runs = await models.overview.last_runs(next_at, Run)
    ended = {run.kind: run for run in runs if run.finished_at is not None}
    waiting = {run.kind: run for run in runs if run.finished_at is None}
    jobs = [Scheduled(one, at, waiting.get(one), ended.get(one)) for one, at in next_at.items()]
    newest = await models.overview.newest_runs(Run, cursor, kind or "")
    return JobsPage(frame(caller), jobs, newest.items, newest.next, newest.previous)


@rpc.public("console.jobs.run", kinds=STAFF, realm="control")
async def run(caller: Caller, kind: JobKind) -> None:
    """Ask for a job now; twice within a minute is once. What is under way of it ends first."""
    if kind not in await models.Timetable.told():
        raise rpc.NotFound
    await models.overview.run_now(kind, caller.id)
    models.StaffEvent.note(caller, caller.id, "job asked for", kind)
