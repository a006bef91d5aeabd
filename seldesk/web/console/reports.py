"""Reports that customers have asked for: the list, and writing one."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.console import ops_reports
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of, query_of

HOME = "/reports"


async def listed(request: Request) -> Response:
    shown = await call_of(request).form(ops_reports.page, query_of(request, "cursor"))
    return page(request, "console/reports/list.html", frame=shown.frame, shown=shown)


async def report(request: Request) -> Response:
    return await _page(request)


async def write(request: Request, form: Form) -> Response:
    method: rpc.Method[..., None] = ops_reports.write if form.text("act") == "give" else ops_reports.keep
    fields = {"account": form.fields.get("body", [])}
    try:
        await call_of(request).form(method, fields, report=id_of(request))
    except MENDABLE as error:
        return await _page(request, faults(error), form.text("body"), error.status)
    return RedirectResponse(f"{HOME}/{id_of(request)}", 303)


async def _page(
    request: Request, wrong: Mapping[str, str] | None = None, typed: str = "", status: int = 200
) -> Response:
    shown = await call_of(request)(ops_reports.read, id_of(request))
    said: dict[str, Any] = {"shown": shown, "wrong": wrong or {}, "typed": typed}
    return page(request, "console/reports/report.html", status=status, frame=shown.frame, **said)
