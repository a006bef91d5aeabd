"""Running the doors of one process: web, worker, schedule, mail; or the provisioner alone."""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Literal
from uuid import UUID

import structlog
import uvicorn
from starlette.routing import Route

import orm
from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.http import http_server
from seldesk.app.operations import nightly, operations
from seldesk.inbound import smtp
from seldesk.jobs.outbox import Outboxes
from seldesk.jobs.provision import Provisioner
from seldesk.jobs.relay import Folder, Relay, Smtp
from seldesk.jobs.schedule import PROVISIONERS, Jobs, Schedule
from seldesk.jobs.tidy import tidy

Part = Literal["web", "worker", "mail"]
log = structlog.get_logger()
REFRESHED_EVERY = 60.0


class _Web(uvicorn.Server):
    """Leaves the signals to whoever runs all parts of the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: Application, parts: Collection[Part], site_routes: Sequence[Route] = ()) -> None:
    """Serve until the task is cancelled or a part fails."""
    outboxes = Outboxes(app.program(Kind.JOB), app.job, relay(app))
    async with asyncio.TaskGroup() as group:
        group.create_task(_listen(app, outboxes if "worker" in parts else None))
        group.create_task(_refresh(app))
        if "worker" in parts:
            group.create_task(outboxes.run())
            group.create_task(Schedule(app.program(Kind.JOB), app.clock).run())
            group.create_task(Jobs(app.program(Kind.JOB), {"tidy": partial(_tidy, app)}).run())
        if "mail" in parts:
            group.create_task(_mail(app))
        if "web" in parts:
            group.create_task(_web(app, site_routes))


async def provision(app: Application) -> None:
    """Make new customers' databases, and do what else was asked for with customers, until the task is cancelled."""
    works = Provisioner(app.program(Kind.JOB), operations(app), beat=app.settings.limits.lease_seconds / 4)

    async def heard(channel: str, payload: str) -> None:
        await app.refresh()
        works.ring()

    async with asyncio.TaskGroup() as group:
        group.create_task(orm.listen(app.control_address, ("directory",), heard))
        group.create_task(works.run())
        group.create_task(Schedule(app.program(Kind.JOB), app.clock, PROVISIONERS).run())
        group.create_task(Jobs(app.program(Kind.JOB), nightly(app)).run())


def relay(app: Application) -> Relay:
    out = app.settings.smtp_out
    if not out.host:
        return Folder(out.folder)
    # Half of the lease: a mail that is still on its way must not be taken for one whose worker died.
    seconds = app.settings.limits.lease_seconds / 2
    return Smtp(out.host, out.port, out.user, out.password.get_secret_value(), out.tls, seconds)


async def _listen(app: Application, outboxes: Outboxes | None) -> None:
    """One connection of the process that hears of wake-ups, of new customers and of what open pages are told."""

    async def heard(channel: str, payload: str) -> None:
        if channel == "wakeups" and outboxes is not None:
            outboxes.ring(UUID(payload))
        if channel == "live":
            await app.live.heard(payload)
        if channel == "connected":
            app.live.missed()
        if channel in ("directory", "connected"):
            await app.refresh()

    await orm.listen(app.control_address, ("wakeups", "directory", "live"), heard)


async def _refresh(app: Application) -> None:
    """What a lost notification would have told, a minute later."""
    while True:
        await asyncio.sleep(REFRESHED_EVERY)
        try:
            await app.refresh()
        except Exception as error:
            log.warning("directory.stale", error=type(error).__name__)


async def _web(app: Application, site_routes: Sequence[Route]) -> None:
    server = _Web(http_server(app.web(site_routes), app.settings.listen, app.settings.port))
    # What lives since the start need not be looked at by each full collection: p99 is made of that.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        await server.serve()
    except asyncio.CancelledError:
        server.should_exit = True
        await app.live.close()
        await server.shutdown()
        raise


async def _mail(app: Application) -> None:
    place = app.settings.smtp_in
    largest = app.settings.limits.mail_bytes
    server = await smtp.serve(smtp.Receiver(app.mail), place.host, place.port, app.settings.base, largest=largest)
    try:
        await asyncio.Event().wait()
    finally:
        server.close()


async def _tidy(app: Application, still_at_it: Callable[[], Awaitable[None]]) -> None:
    await tidy(
        app.program(Kind.JOB),
        lambda: [app.program(Kind.JOB, customer.slug) for customer in app.directory.active()],
        still_at_it,
    )


async def until_told(work: asyncio.Task[None]) -> None:
    """Run until SIGINT or SIGTERM; the second one is for whoever cannot wait."""
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        log.info("stopped")
    finally:
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(sign)
