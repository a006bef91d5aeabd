"""What happens by the clock. A schedule only asks for a job; a worker does it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.triggers.cron import CronTrigger

import rpc
from seldesk.clock import Clock
from seldesk.jobs.turns import seldom, turns
from seldesk.methods.control import jobs

log = structlog.get_logger()
Work = Callable[[Callable[[], Awaitable[None]]], Awaitable[None]]
# Job -> when it is due, in UTC: at least every half year.
TIMES: Mapping[str, CronTrigger] = {
    "watch": CronTrigger(minute="*/5", timezone=UTC),
    "accesses": CronTrigger(minute="*/5", timezone=UTC),
    "tidy": CronTrigger(hour=2, minute=30, timezone=UTC),
    "clean-up": CronTrigger(month="1,7", day=1, hour=3, timezone=UTC),
    "downloads": CronTrigger(minute="*/15", timezone=UTC),
    "figures": CronTrigger(minute=20, timezone=UTC),
    "acts": CronTrigger(minute="*/10", timezone=UTC),
    "departures": CronTrigger(hour=3, timezone=UTC),
    "plans": CronTrigger(hour=6, timezone=UTC),
    "incidents": CronTrigger(minute="*/5", timezone=UTC),
    "reports": CronTrigger(minute=15, timezone=UTC),
    "status": CronTrigger(minute="*/5", timezone=UTC),
    "anchors": CronTrigger(minute="*/15", timezone=UTC),
    "audits": CronTrigger(hour=4, minute=20, timezone=UTC),
}
# What asks every customer, or reads all that lies in the stores: of ten thousand that takes an hour, or a night.
# Each of these groups is done by itself and in its own time, and all others hear nothing of it.
WALKS = (
    frozenset({"stores"}),
    frozenset({"figures", "tidy", "audits", "keeping", "catalogue", "objects"}),
)
# A job's lease of five minutes is renewed at most so often, in seconds, however many customers it asks.
BEAT = 30.0
# No two of a job's slots are further apart than the last of these.
LOOKED_BACK = (timedelta(days=1), timedelta(days=185))
# What needs the provisioner's key or the one that signs, and is done by its process.
PROVISIONERS: Mapping[str, CronTrigger] = {
    "roles": CronTrigger(minute="*/5", timezone=UTC),
    "copies": CronTrigger(minute="*/10", timezone=UTC),
    "registry": CronTrigger(hour=1, minute=10, timezone=UTC),
    "catalogue": CronTrigger(hour=1, minute=20, timezone=UTC),
    "objects": CronTrigger(hour=1, minute=30, timezone=UTC),
    "former": CronTrigger(hour=1, minute=50, timezone=UTC),
    "keeping": CronTrigger(minute=35, timezone=UTC),
    "stores": CronTrigger(hour=4, timezone=UTC),
    "sides": CronTrigger(minute="*/10", timezone=UTC),
    "places": CronTrigger(minute="*/15", timezone=UTC),
    "drills": CronTrigger(hour=2, minute=10, timezone=UTC),
    "own-drill": CronTrigger(hour=2, minute=20, timezone=UTC),
    "people": CronTrigger(hour=3, timezone=UTC),
}


class PutOff(Exception):
    """What a job waits for is not over yet: it is tried again in a minute, and nothing is wrong."""


class Schedule:
    """Asks for the last slot that has passed, so that one which no process was there for is made up.

    Runs in every process that wants to: a slot that was asked for before is not asked for again.
    """

    def __init__(
        self, control: rpc.Call, clock: Clock, *, times: Mapping[str, CronTrigger] = TIMES, poll: float = 30.0
    ) -> None:
        self.control, self.clock, self.times, self.poll = control, clock, times, poll
        self._asked: dict[str, str] = {}

    async def run(self) -> None:
        while True:
            await self.ask()
            await asyncio.sleep(self.poll)

    async def ask(self) -> None:
        for kind, trigger in self.times.items():
            now = self.clock.now()
            slot = _last_slot(trigger, now)
            if self._asked.get(kind) == slot:
                continue
            try:
                next_at = trigger.get_next_fire_time(None, now)
                await self.control(jobs.ask_for, kind=kind, slot=slot, next_at=next_at)
            except rpc.Error as error:
                log.warning("schedule.put_off", job=kind, slot=slot, code=error.code)
            else:
                self._asked[kind] = slot


def _last_slot(trigger: CronTrigger, now: datetime) -> str:
    """The name of the last time at which this was due."""
    for span in LOOKED_BACK:
        found = due = trigger.get_next_fire_time(None, now - span)
        if due <= now:
            break
    while due <= now:
        found, due = due, trigger.get_next_fire_time(due, due)
    return f"{found:%Y-%m-%dT%H:%M}"


def lanes(work: Mapping[str, Work]) -> list[Mapping[str, Work]]:
    """These jobs as they may be done side by side: no walk through all customers holds up what is due every minute."""
    walks = frozenset[str]().union(*WALKS)
    found = [{kind: work[kind] for kind in work if kind in group} for group in (work.keys() - walks, *WALKS)]
    return [lane for lane in found if lane]


class Jobs:
    """Does the operator's jobs, one at a time. What takes long says at times that it is still at it."""

    def __init__(self, control: rpc.Call, work: Mapping[str, Work], *, poll: float = 15.0, beat: float = BEAT) -> None:
        self.control, self.work, self.poll, self.beat = control, work, poll, beat

    async def run(self) -> None:
        await turns("jobs", self.do_all, self.poll)

    async def do_all(self) -> None:
        """What is due, until nothing is."""
        while claimed := await self.control(jobs.claim, kinds=list(self.work)):
            for job in claimed:
                await self._do(job)

    async def _do(self, job: jobs.Claimed) -> None:
        async def keep() -> None:
            await self.control(jobs.keep, job=job.id, lease=job.lease)

        try:
            await self.work[job.kind](seldom(keep, self.beat))
        except rpc.Conflict:
            log.warning("jobs.taken_over", job=job.kind)
        except PutOff as error:
            log.info("jobs.put_off", job=job.kind, reason=str(error))
            await self.control(jobs.failed, job=job.id, lease=job.lease, reason=type(error).__name__)
        except Exception as error:
            log.exception("jobs.failed", job=job.kind)
            await self.control(jobs.failed, job=job.id, lease=job.lease, reason=type(error).__name__)
        else:
            await self.control(jobs.done, job=job.id, lease=job.lease)
