"""What the operator's people see of alerts and jobs: states and times, never content."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orm
from seldesk.models.control.alert import Alert
from seldesk.models.control.job import Job, Timetable
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
Run = TypeVar("Run")
SIZE = 50
RUNS = 24


async def few_alerts(shape: type[Shape], limit: int, check: str = "") -> list[Shape]:
    """The oldest of them, or of what one check has found."""
    return await _alerts(check).order_by(Alert.since, Alert.id).limit(limit).into(shape, **_alert())


async def page_of_alerts(shape: type[Shape], check: str, cursor: str | None) -> orm.Page[Shape]:
    """The oldest first."""
    by = (Alert.since, Alert.id)
    return await _alerts(check).page(shape, by=by, size=SIZE, cursor=cursor, descending=False, **_alert())


async def alerts_by_check(shape: type[Shape]) -> list[Shape]:
    """How many each check has found, the most first."""
    grouped = Alert.query().group_by(Alert.check).order_by(orm.count().desc(), Alert.check).limit(100)
    return await grouped.into(shape, check=Alert.check, number=orm.count())


def _alerts(check: str) -> "orm.Query[Alert]":
    return Alert.where(Alert.check == check) if check else Alert.query()


def _alert() -> dict[str, Any]:
    return {"check": Alert.check, "subject": Alert.subject, "detail": Alert.detail, "since": Alert.since}


async def timetable(shape: type[Shape], run: type[Run]) -> list[Shape]:
    """Each job with when it is due next, its newest runs that ended, the newest first, and the oldest that did not."""
    of_kind = Job.where(Job.kind == Timetable.kind)
    ended = of_kind.where(Job.finished_at.is_not(None)).order_by(Job.number.desc()).limit(RUNS)
    waiting = of_kind.where(Job.finished_at.is_(None)).order_by(Job.number).limit(1)
    columns: dict[str, Any] = {"ended": ended.as_list(run, **_run()), "waiting": waiting.as_list(run, **_run())}
    listed = Timetable.query().order_by(Timetable.next_at, Timetable.kind).limit(100)
    return await listed.into(shape, kind=Timetable.kind, next_at=Timetable.next_at, **columns)


async def newest_runs(shape: type[Shape], cursor: str | None, kind: str = "", *, failed: bool) -> orm.Page[Shape]:
    query = Job.where(Job.kind == kind) if kind else Job.query()
    if failed:
        query = query.where(Job.error.is_not(None))
    return await query.page(shape, by=(Job.number,), size=SIZE, cursor=cursor, **_run())


async def run_now(kind: str, by: UUID) -> None:
    """Whoever asks twice within a minute asks once."""
    await Job.ask_for(kind, f"{by}:{_minute(surroundings().now)}")


def _minute(now: datetime) -> str:
    return f"{now:%Y-%m-%dT%H:%M}"


def _run() -> dict[str, Any]:
    return {
        "kind": Job.kind,
        "state": Job.state,
        "error": orm.coalesce(Job.error, ""),
        "attempts": Job.attempts,
        "created_at": Job.created_at,
        "begun_at": Job.begun_at,
        "finished_at": Job.finished_at,
    }
