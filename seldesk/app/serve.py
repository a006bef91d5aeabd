"""Running the doors of one process: web, worker, schedule, mail."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from typing import Literal

import structlog
from starlette.routing import Route

from rpc import Kind
from seldesk.app.alarming import tell_alarms
from seldesk.app.build import Application
from seldesk.app.exporting import maker
from seldesk.app.http import usable_port
from seldesk.app.machine import Machine
from seldesk.app.metrics import serve_metrics
from seldesk.app.pages import anchoring, listen, pages, refresh
from seldesk.app.relays import relay
from seldesk.app.status import StatusFiles, write_status
from seldesk.app.stores import stores
from seldesk.inbound import smtp
from seldesk.jobs import downloads
from seldesk.jobs.accesses import sweep as sweep_accesses
from seldesk.jobs.auditing import Auditing
from seldesk.jobs.founding import Founder
from seldesk.jobs.incidents import Telling
from seldesk.jobs.leaving import Leaving
from seldesk.jobs.measuring import measure
from seldesk.jobs.outbox import Outboxes
from seldesk.jobs.plans import Plans
from seldesk.jobs.schedule import Jobs, Schedule, Work, lanes
from seldesk.jobs.telling import tell
from seldesk.jobs.tidy import tidy
from seldesk.jobs.webhook import Posting, Webhook
from seldesk.methods.control import coverage, disclosures, incident_reports
from seldesk.storage import Anchors

log = structlog.get_logger()
Part = Literal["web", "worker", "mail"]


async def serve(app: Application, parts: Collection[Part], site_routes: Sequence[Route] = ()) -> None:
    """Serve until the task is cancelled or a part fails."""
    outboxes = Outboxes(app.program(Kind.JOB), app.job, relay(app.settings))
    founder = Founder(app.program(Kind.JOB), app.job)
    async with asyncio.TaskGroup() as group:
        group.create_task(listen(app, outboxes.ring if "worker" in parts else None, founder.ring))
        group.create_task(refresh(app))
        group.create_task(anchoring(app).run())
        group.create_task(serve_metrics(app, "worker" if "worker" in parts else "mail"))
        group.create_task(tell_alarms(app.settings, app.clock))
        if "worker" in parts:
            group.create_task(outboxes.run())
            group.create_task(Machine(app.settings, app.clock, app.reached).run())
            group.create_task(founder.run())
            group.create_task(maker(app).run())
            group.create_task(Schedule(app.program(Kind.JOB), app.clock).run())
            for lane in lanes(_work(app)):
                group.create_task(Jobs(app.program(Kind.JOB), lane).run())
        if "mail" in parts:
            group.create_task(_mail(app))
        if "web" in parts:
            group.create_task(pages(app, site_routes))


async def _mail(app: Application) -> None:
    place = app.settings.smtp_in
    largest = app.settings.limits.mail_bytes
    with usable_port(place.host, place.port):
        server = await smtp.serve(smtp.Receiver(app.mail), place.host, place.port, app.settings.base, largest=largest)
    try:
        await asyncio.Event().wait()
    finally:
        server.close()


def _work(app: Application) -> dict[str, Work]:
    leaving, audits = Leaving(app.program(Kind.JOB), app.job), auditing(app)
    return {
        "tidy": partial(_tidy, app),
        "watch": partial(_watch, app),
        "accesses": partial(sweep_accesses, app.program(Kind.JOB), app.job),
        "downloads": partial(downloads.sweep, app.program(Kind.JOB), app.downloads),
        "departures": leaving.departures,
        "clean-up": leaving.clean_up,
        "plans": Plans(app.program(Kind.JOB), app.job, app.clock.now).look,
        "acts": partial(tell, app.program(Kind.JOB), app.job),
        "figures": partial(_measure, app),
        "anchors": audits.anchor,
        "audits": audits.check,
        "reports": partial(_watch_reports, app),
        "incidents": telling(app).tell,
        "status": partial(write_status, app, StatusFiles(app.settings, app.clock)),
    }


def telling(app: Application) -> Telling:
    chosen = app.settings.status
    webhooks = [Webhook(one.get_secret_value()) for one in chosen.webhooks]
    posting = Posting(chosen.webhook_secret.get_secret_value(), chosen.private_webhooks)
    return Telling(app.program(Kind.JOB), app.job, webhooks, posting, app.clock.now)


def auditing(app: Application) -> Auditing:
    kept = Anchors(stores(app.settings))
    return Auditing(app.program(Kind.JOB), app.directory.active, app.job, kept, app.clock)


async def _watch(app: Application, _: Callable[[], Awaitable[None]]) -> None:
    """By another process than the one that makes copies: that one may be what stands still."""
    for new in await app.program(Kind.JOB)(coverage.watch):
        log.error("alert", check=coverage.CHECK, subject=new.subject, detail=new.detail)


async def _watch_reports(app: Application, _: Callable[[], Awaitable[None]]) -> None:
    """What somebody has promised to write, to mend or to tell by a day."""
    for check, watched in (("reports", incident_reports.watch), ("register", disclosures.watch)):
        for new in await app.program(Kind.JOB)(watched):
            log.error("alert", check=check, subject=new.subject, detail=new.detail)


async def _measure(app: Application, still_at_it: Callable[[], Awaitable[None]]) -> None:
    served = [customer.id for customer in app.directory.active()]
    await measure(app.program(Kind.JOB), served, app.job, still_at_it)


async def _tidy(app: Application, still_at_it: Callable[[], Awaitable[None]]) -> None:
    await tidy(
        app.program(Kind.JOB),
        lambda: [app.program(Kind.JOB, customer.slug) for customer in app.directory.active()],
        still_at_it,
    )
