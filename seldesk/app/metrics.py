"""Serving what Prometheus reads."""

import asyncio

from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.http import http_server
from seldesk.app.pages import Server
from seldesk.web.metrics import metrics


async def serve_metrics(app: Application) -> None:
    """Until the task is cancelled; nothing where no port is given."""
    place = app.settings.metrics
    if not place.port:
        return
    server = Server(http_server(metrics(app.program(Kind.JOB)), place.host, place.port))
    try:
        await server.serve()
    except asyncio.CancelledError:
        server.should_exit = True
        await server.shutdown()
        raise
