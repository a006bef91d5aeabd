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
    """begun_at is that of the last try, None before the first. finished_at is None for one that waits, runs, or failed
    and is tried again; error says why it failed last.
    """

    kind: str
    state: str
    error: str
    attempts: int
    created_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Scheduled:
    """ended are the last runs that did, the newest first; waiting the oldest that did not, if there is one: while it
    fails, none that was asked for later is begun.
    """

    kind: str
    next_at: datetime
    ended: list[Run]
    waiting: list[Run]


@dataclass(frozen=True, slots=True)
class JobsPage:
    frame: Frame
    jobs: list[Scheduled]
    runs: list[Run]
    next: str | None
    previous: str | None


@rpc.public("console.jobs", kinds=STAFF, realm="control", reads=True)
async def page(
    caller: Caller, kind: JobKind | None = None, failed: bool = False, cursor: str | None = None
) -> JobsPage:
    """All that the page of jobs shows: the schedule, and the runs of one kind or of all, the newest first; failed:
    those alone that failed once at least.
    """
    jobs = await models.overview.timetable(Scheduled, Run)
    newest = await models.overview.newest_runs(Run, cursor, kind or "", failed=failed)
    return JobsPage(frame(caller), jobs, newest.items, newest.next, newest.previous)


@rpc.public("console.jobs.run", kinds=STAFF, realm="control")
async def run(caller: Caller, kind: JobKind) -> None:
    """Ask for a job now; twice within a minute is once. What is under way of it ends first."""
    if kind not in await models.Timetable.told():
        raise rpc.NotFound
    await models.overview.run_now(kind, caller.id)
    models.StaffEvent.note(caller, caller.id, "job asked for", kind)
