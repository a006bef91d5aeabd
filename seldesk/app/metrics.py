"""Serving what Prometheus reads."""

import asyncio

import structlog

from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.http import Server, http_server
from seldesk.web.metrics import metrics

log = structlog.get_logger()
# Each sort of process one above the other, so that they can stand on one machine with the same settings.
ABOVE = {"worker": 0, "web": 1, "mail": 2, "provision": 3}


async def serve_metrics(app: Application, part: str) -> None:
    """Until the task is cancelled; nothing where no port is given. What the control database knows a worker tells."""
    place = app.settings.metrics
    if not place.port:
        return
    control = app.program(Kind.JOB) if part == "worker" else None
    page = metrics(app.seen.measures.page, control, place.token.get_secret_value())
    port = place.port + ABOVE[part]
    server = Server(http_server(page, place.host, port))
    try:
        await server.serve()
    except SystemExit:
        # Who watches must not be what stops the others.
        log.error("metrics.no_port", host=place.host, port=port)
    except asyncio.CancelledError:
        server.should_exit = True
        await server.shutdown()
        raise
