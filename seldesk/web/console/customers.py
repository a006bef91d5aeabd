"""Customers: found, filtered, and one of them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.console import ops_customers
from seldesk.web.credential import call_of
from seldesk.web.render import page
from seldesk.web.routes import query_of

HERE = "/customers"
FILTERS = ("sought", "state", "plan", "region", "cluster", "health")


def slug_of(request: Request) -> str:
    return str(request.path_params["slug"])[:100]


def home_of(request: Request) -> str:
    return f"{HERE}/{slug_of(request)}"


async def listed(request: Request) -> Response:
    """A filter that nobody offered, from an address that was typed, finds everything."""
    fields = query_of(request, *FILTERS, "order", "cursor")
    try:
        shown = await call_of(request).form(ops_customers.page, fields)
    except rpc.Invalid:
        return RedirectResponse(HERE, 303)
    wanted = {name: request.query_params.get(name, "") for name in (*FILTERS, "order")}
    query = urlencode({name: value for name, value in wanted.items() if value})
    return page(request, "console/customers/list.html", frame=shown.frame, shown=shown, wanted=wanted, query=query)


async def customer(request: Request) -> Response:
    return await customer_page(request)


async def customer_page(
    request: Request,
    template: str = "customer",
    *,
    wrong: Mapping[str, str] | None = None,
    typed: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    """One of the pages of a customer, all from the same facts."""
    shown = await call_of(request)(ops_customers.read, slug_of(request))
    return page(
        request,
        f"console/customers/{template}.html",
        status=status,
        frame=shown.frame,
        shown=shown,
        home=home_of(request),
        done=request.query_params.get("done", ""),
        wrong=wrong or {},
        typed=typed or {},
    )
