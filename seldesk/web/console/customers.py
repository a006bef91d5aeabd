"""Customers: found, filtered, and one of them."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.console import ops_customers
from seldesk.web.console.entry import HOME
from seldesk.web.credential import call_of
from seldesk.web.render import page
from seldesk.web.routes import query_of

FILTERS = ("sought", "state", "plan", "region")


async def home(_: Request) -> Response:
    return RedirectResponse(HOME, 303)


async def listed(request: Request) -> Response:
    """A filter that nobody offered, from an address that was typed, finds everything."""
    fields = query_of(request, *FILTERS, "cursor")
    try:
        shown = await call_of(request).form(ops_customers.page, fields)
    except rpc.Invalid:
        return RedirectResponse(HOME, 303)
    wanted = {name: request.query_params.get(name, "") for name in FILTERS}
    return page(request, "console/customers/list.html", frame=shown.frame, shown=shown, wanted=wanted)


async def customer(request: Request) -> Response:
    shown = await call_of(request)(ops_customers.read, request.path_params["slug"][:100])
    return page(request, "console/customers/customer.html", frame=shown.frame, shown=shown)
