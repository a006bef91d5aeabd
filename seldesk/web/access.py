"""Staff come in by a link of the console and a click here, act in somebody's name, and go."""

from contextlib import suppress

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import staff_access
from seldesk.web.credential import ACCESS, call_of, drop_cookie, set_cookie
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.visit import visit_of

HERE = "/access"


async def offered(request: Request) -> Response:
    """Looking uses nothing up: whatever prefetches the link does not come in."""
    shown = await call_of(request)(staff_access.offered, request.path_params["token"][:100])
    return page(request, "access/offered.html", shown=shown)


async def begin(request: Request, _: Form) -> Response:
    begun = await call_of(request)(staff_access.begin, request.path_params["token"][:100])
    response = RedirectResponse("/desk" if begun.works_here else "/", 303)
    set_cookie(request, response, ACCESS, begun.token)
    return response


async def stop(request: Request, _: Form) -> Response:
    response = RedirectResponse(f"{HERE}?left", 303)
    with suppress(rpc.Unauthenticated):  # Then it was over already.
        await call_of(request)(staff_access.stop)
    drop_cookie(request, response, ACCESS)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


async def over(request: Request) -> Response:
    """Back to the console, whose address is nobody else's business. By a header and a link: no form of this site may
    lead to another one.
    """
    visit, there = visit_of(request), ""
    if "left" in request.query_params:
        there = f"{visit.edge.addresses.console()}/customers/{visit.slug}/access"
    headers = {"Refresh": f"1; url={there}"} if there else None
    return page(request, "access/over.html", headers=headers, there=there)
