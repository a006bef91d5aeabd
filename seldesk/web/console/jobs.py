"""Jobs and their schedule, and what checks have found."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.console import ops_alerts, ops_jobs
from seldesk.web.credential import call_of
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import query_of

HOME, ALERTS = "/jobs", "/alerts"


async def listed(request: Request) -> Response:
    try:
        shown = await call_of(request).form(ops_jobs.page, query_of(request, "kind", "failed", "cursor"))
    except rpc.Invalid:
        return RedirectResponse(HOME, 303)
    return page(
        request,
        "console/jobs.html",
        frame=shown.frame,
        shown=shown,
        wanted=request.query_params.get("kind", ""),
        failed=bool(request.query_params.get("failed")),
        asked=request.query_params.get("asked", ""),
    )


async def run(request: Request, _: Form) -> Response:
    kind = request.path_params["kind"]
    await call_of(request)(ops_jobs.run, kind)
    return RedirectResponse(f"{HOME}?asked={kind}", 303)


async def alerts(request: Request) -> Response:
    try:
        shown = await call_of(request).form(ops_alerts.page, query_of(request, "check", "cursor"))
    except rpc.Invalid:
        return RedirectResponse(ALERTS, 303)
    check = request.query_params.get("check", "")
    return page(request, "console/alerts.html", frame=shown.frame, shown=shown, check=check)
