"""What Prometheus reads, at an address of its own that is not the public one."""

from collections.abc import Iterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

import rpc
from seldesk.methods.control import coverage
from seldesk.methods.control.coverage import Figures

TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics(control: rpc.Call) -> ASGIApp:
    """One page. It answers 503 when the control database is away, which is an alert of its own."""

    async def page(_: Request) -> Response:
        try:
            figures = await control(coverage.figures)
        except rpc.Error:
            return PlainTextResponse("# The control database does not answer.\n", 503, media_type=TYPE)
        return PlainTextResponse("".join(f"{line}\n" for line in _lines(figures)), media_type=TYPE)

    return Starlette(routes=[Route("/metrics", page, methods=["GET"])])


def _lines(figures: Figures) -> Iterator[str]:
    tested = figures.restored_at.timestamp() if figures.restored_at else 0
    for name, says, value in (
        ("customers", "Customers that exist.", figures.customers),
        ("backup_worst_age_seconds", "Age of the newest good copy of whoever is worst covered.", figures.worst_age),
        ("backup_over_14_hours", "Databases without a good copy for 14 hours.", figures.warned),
        ("backup_over_18_hours", "Databases without a good copy for 18 hours.", figures.late),
        ("backup_copies", "Copies that are whole in all stores.", figures.good),
        ("backup_half_copies", "Databases whose newest copy lies in one store only.", figures.half),
        ("backup_damaged_copies", "Copies that a store has lost or changed.", figures.damaged),
        ("backup_restore_tested_seconds", "Unix time of the newest good test of restoring.", f"{tested:.0f}"),
        ("operations_waiting", "Operations with customers that wait or are under way.", figures.queue),
        ("alerts", "What checks have found and a person must look at.", figures.alerts),
    ):
        yield f"# HELP seldesk_{name} {says}"
        yield f"# TYPE seldesk_{name} gauge"
        yield f"seldesk_{name} {value}"
