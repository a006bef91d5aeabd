"""The operator's log: the list, whether all chains are whole, and to have that looked at now."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.console import ops_audit
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import query_of

HOME = "/audit"
FILTERS = ("group", "staff", "customer", "since", "until")


async def listed(request: Request) -> Response:
    """A filter that nobody offered, from an address that was typed, finds everything."""
    try:
        shown = await call_of(request).form(ops_audit.page, query_of(request, *FILTERS, "cursor"))
    except rpc.Invalid:
        return RedirectResponse(HOME, 303)
    return _page(request, shown, {})


async def check(request: Request, _: Form) -> Response:
    await call_of(request)(ops_audit.check)
    return RedirectResponse(HOME, 303)


async def accept(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(ops_audit.accept, form.only("customer", "reason"))
    except MENDABLE as error:
        return _page(request, await call_of(request)(ops_audit.page), faults(error), status=error.status)
    return RedirectResponse(f"{HOME}?group=chains", 303)


def _page(request: Request, shown: ops_audit.LogPage, wrong: Mapping[str, str], *, status: int = 200) -> Response:
    wanted = {name: request.query_params.get(name, "") for name in FILTERS}
    query = urlencode({name: value for name, value in wanted.items() if value})
    return page(
        request,
        "console/audit.html",
        status=status,
        frame=shown.frame,
        shown=shown,
        wanted=wanted,
        query=query,
        wrong=wrong,
    )
