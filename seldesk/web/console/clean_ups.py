"""Who goes at the next clean-up, and what has gone."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.console import ops_clean_ups, ops_erasures
from seldesk.web.credential import call_of
from seldesk.web.render import page
from seldesk.web.routes import query_of

CLEAN_UPS, ERASURES = "/clean-ups", "/erasures"


async def listed(request: Request) -> Response:
    try:
        shown = await call_of(request).form(ops_clean_ups.page, query_of(request, "cursor"))
    except rpc.Invalid:
        return RedirectResponse(CLEAN_UPS, 303)
    return page(request, "console/clean_ups.html", frame=shown.frame, shown=shown)


async def erasures(request: Request) -> Response:
    try:
        shown = await call_of(request).form(ops_erasures.page, query_of(request, "cursor"))
    except rpc.Invalid:
        return RedirectResponse(ERASURES, 303)
    return page(request, "console/erasures.html", frame=shown.frame, shown=shown)
