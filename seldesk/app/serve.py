"""Running the doors of one process: web, worker, schedule, mail."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from typing import Literal

import structlog
from starlette.routing import Route

from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.erasing import entering
from seldesk.app.exporting import maker
from seldesk.app.metrics import serve_metrics
from seldesk.app.pages import listen, pages, refresh
from seldesk.inbound import smtp
from seldesk.jobs import downloads
from seldesk.jobs.erasing import ErasingPeople
from seldesk.jobs.founding import Founder
from seldesk.jobs.leaving import Leaving
from seldesk.jobs.measuring import measure
from seldesk.jobs.outbox import Outboxes
from seldesk.jobs.relay import Folder, Relay, Smtp
from seldesk.jobs.schedule import Jobs, Schedule, Work
from seldesk.jobs.telling import tell
from seldesk.jobs.tidy import tidy
from seldesk.methods.control import coverage

log = structlog.get_logger()
Part = Literal["web", "worker", "mail"]


async def serve(app: Application, parts: Collection[Part], site_routes: Sequence[Route] = ()) -> None:
    """Serve until the task is cancelled or a part fails."""
    outboxes = Outboxes(app.program(Kind.JOB), app.job, relay(app))
    founder = Founder(app.program(Kind.JOB), app.job)
    async with asyncio.TaskGroup() as group:
        group.create_task(listen(app, outboxes.ring if "worker" in parts else None, founder.ring))
        group.create_task(refresh(app))
        if "worker" in parts:
            group.create_task(outboxes.run())
            group.create_task(founder.run())
            group.create_task(serve_metrics(app))
            group.create_task(maker(app).run())
            group.create_task(Schedule(app.program(Kind.JOB), app.clock).run())
            group.create_task(Jobs(app.program(Kind.JOB), _work(app)).run())
        if "mail" in parts:
            group.create_task(_mail(app))
        if "web" in parts:
            group.create_task(pages(app, site_routes))


def relay(app: Application) -> Relay:
    out = app.settings.smtp_out
    if not out.host:
        return Folder(out.folder)
    # Half of the lease: a mail that is still on its way must not be taken for one whose worker died.
    seconds = app.settings.limits.lease_seconds / 2
    return Smtp(out.host, out.port, out.user, out.password.get_secret_value(), out.tls, seconds)


async def _mail(app: Application) -> None:
    place = app.settings.smtp_in
    largest = app.settings.limits.mail_bytes
    server = await smtp.serve(smtp.Receiver(app.mail), place.host, place.port, app.settings.base, largest=largest)
    try:
        await asyncio.Event().wait()
    finally:
        server.close()


def _work(app: Application) -> dict[str, Work]:
    leaving = Leaving(app.program(Kind.JOB), app.job)
    return {
        "tidy": partial(_tidy, app),
        "watch": partial(_watch, app),
        "downloads": partial(downloads.sweep, app.program(Kind.JOB), app.downloads),
        "departures": leaving.departures,
        "clean-up": leaving.clean_up,
        "acts": partial(tell, app.program(Kind.JOB), app.job),
        "figures": partial(_measure, app),
        "people": ErasingPeople(app.program(Kind.JOB), app.job, entering(app)).people,
    }


async def _watch(app: Application, _: Callable[[], Awaitable[None]]) -> None:
    """By another process than the one that makes copies: that one may be what stands still."""
    for new in await app.program(Kind.JOB)(coverage.watch):
        log.error("alert", check=coverage.CHECK, subject=new.subject, detail=new.detail)


async def _measure(app: Application, still_at_it: Callable[[], Awaitable[None]]) -> None:
    served = [customer.id for customer in app.directory.active()]
    await measure(app.program(Kind.JOB), served, app.job, still_at_it)


async def _tidy(app: Application, still_at_it: Callable[[], Awaitable[None]]) -> None:
    await tidy(
        app.program(Kind.JOB),
        lambda: [app.program(Kind.JOB, customer.slug) for customer in app.directory.active()],
        still_at_it,
    )
