"""The pages of a process, and what keeps what they know fresh."""

import asyncio
import gc
from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import UUID

import structlog
from starlette.routing import Route

import orm
from rpc import Kind
from seldesk.app.alarming import tell_alarms
from seldesk.app.anchoring import Anchoring
from seldesk.app.build import Application
from seldesk.app.http import Server, http_server, listening, usable_port
from seldesk.app.metrics import serve_metrics

log = structlog.get_logger()
REFRESHED_EVERY = 60.0


async def serve_pages(app: Application) -> None:
    """Serve pages and nothing else until the task is cancelled."""
    async with asyncio.TaskGroup() as group:
        group.create_task(listen(app))
        group.create_task(refresh(app))
        group.create_task(pages(app))
        group.create_task(anchoring(app).run())
        group.create_task(serve_metrics(app, "web"))
        group.create_task(tell_alarms(app.settings, app.clock))


def anchoring(app: Application) -> Anchoring:
    return Anchoring(app.program(Kind.JOB), app.job, app.seen)


async def listen(
    app: Application, rung: Callable[[UUID], None] | None = None, refreshed: Callable[[], None] | None = None
) -> None:
    """One connection of the process that hears of wake-ups, of new customers and of what open pages are told.

    rung is told whose outbox has work, refreshed that the directory was read anew.
    """

    async def heard(channel: str, payload: str) -> None:
        if channel == "wakeups" and rung is not None:
            rung(UUID(payload))
        if channel == "live":
            await app.live.heard(payload)
        if channel == "connected":
            app.live.missed()
        if channel in ("directory", "connected"):
            await (app.reading.one(UUID(payload)) if payload else app.refresh())
            if refreshed is not None:
                refreshed()

    await orm.listen(app.control_address, ("wakeups", "directory", "live"), heard)


async def refresh(app: Application) -> None:
    """What a lost notification would have told, a minute later."""
    while True:
        await asyncio.sleep(REFRESHED_EVERY)
        try:
            await app.reading.changed()
        except Exception as error:
            log.warning("directory.stale", error=type(error).__name__)


def collect_seldom() -> None:
    """What lives since the start need not be looked at by each full collection: p99 is made of that, and of what a
    collection finds. A page leaves 350 objects to it; 50,000 of them took 60 ms, every 145 pages.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 100)


async def pages(app: Application, site_routes: Sequence[Route] = ()) -> None:
    web = app.seen.measures.around(app.traces.around(app.web(site_routes)))
    server = Server(http_server(web, app.settings.listen, app.settings.port))
    collect_seldom()
    try:
        with usable_port(app.settings.listen, app.settings.port):
            door = listening(app.settings.listen, app.settings.port)
        await server.serve(sockets=[door])
    except asyncio.CancelledError:
        await _drained(app)
        server.should_exit = True
        await app.live.close()
        await server.shutdown()
        raise


async def _drained(app: Application) -> None:
    """Told to end, a process serves on while those who share out requests see that it is not ready any more."""
    app.draining.set()
    with suppress(asyncio.CancelledError):  # told a second time
        await asyncio.sleep(app.settings.limits.drain_seconds)
