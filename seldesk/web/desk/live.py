"""The desk as it happens: the stream of a page, who looks at a ticket, and what is announced."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

import rpc
from seldesk.methods.desk import live
from seldesk.web.credential import call_of, secret_of
from seldesk.web.csrf import ForeignRequest
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import number_of, query_of
from seldesk.web.visit import visit_of


async def stream(request: Request) -> Response:
    visit = visit_of(request)
    if request.headers.get("sec-fetch-site") != "same-origin" or visit.customer is None:
        raise ForeignRequest
    if visit.acting is not None:
        # Staff look and load anew: nothing listens that would have to end with them.
        return Response(status_code=401)
    try:
        opening = await call_of(request)(live.open)
    except rpc.Unauthenticated:
        # A page of ours asks again by itself: the way to the sign-in page is nothing it could follow.
        return Response(status_code=401)
    return visit.edge.live.open(visit.customer, opening)


async def attend(request: Request, form: Form) -> Response:
    if visit_of(request).acting is not None:  # nobody is told that a person looks who does not
        return Response(status_code=204)
    visit_of(request).edge.live.pace.take(secret_of(request), asyncio.get_running_loop().time())
    await call_of(request).form(live.attend, form.only("tab", "doing"), number=number_of(request))
    return Response(status_code=204)


async def arrivals(request: Request) -> Response:
    found = await call_of(request).form(live.arrivals, query_of(request, "numbers"))
    return page(request, "desk/arrivals.html", arrivals=found)
