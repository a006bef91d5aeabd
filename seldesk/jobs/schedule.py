"""What happens by the clock. A schedule only asks for a job; a worker does it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

import rpc
from seldesk.clock import Clock
from seldesk.methods.control import jobs, leases

log = structlog.get_logger()
LEASE_SECONDS = 30
# Job -> when it is due, in UTC.
TIMES: Mapping[str, CronTrigger] = {"tidy": CronTrigger(hour=2, minute=30, timezone=UTC)}


class Schedule:
    """Runs in every process that wants to; only the one that holds the lease asks for anything."""

    def __init__(self, control: rpc.Call, clock: Clock, holder: str) -> None:
        self.control, self.clock, self.holder = control, clock, holder

    async def run(self) -> None:
        scheduler = AsyncIOScheduler(timezone=UTC)
        for kind, trigger in TIMES.items():
            scheduler.add_job(self._ask, trigger, args=[kind], misfire_grace_time=None, coalesce=True)
        scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            scheduler.shutdown(wait=False)

    async def _ask(self, kind: str) -> None:
        slot = self.clock.now().strftime("%Y-%m-%dT%H:%M")
        try:
            if await self.control(leases.hold, name="schedule", holder=self.holder, seconds=LEASE_SECONDS):
                await self.control(jobs.ask_for, kind=kind, slot=slot)
        except rpc.Error as error:
            log.error("schedule.missed", job=kind, slot=slot, code=error.code)


class Jobs:
    """Does the operator's jobs, one at a time."""

    def __init__(
        self, control: rpc.Call, work: Mapping[str, Callable[[], Awaitable[None]]], *, poll: float = 15.0
    ) -> None:
        self.control, self.work, self.poll = control, work, poll

    async def run(self) -> None:
        while True:
            try:
                for job in await self.control(jobs.claim):
                    await self._do(job)
            except rpc.Error as error:
                log.warning("jobs.control_unavailable", code=error.code)
            await asyncio.sleep(self.poll)

    async def _do(self, job: jobs.Claimed) -> None:
        try:
            await self.work[job.kind]()
        except Exception as error:
            log.exception("jobs.failed", job=job.kind)
            await self.control(jobs.failed, job=job.id, lease=job.lease, reason=type(error).__name__)
        else:
            await self.control(jobs.done, job=job.id, lease=job.lease)
