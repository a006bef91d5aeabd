from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

import rpc
from seldesk.methods.control import sign_ups
from seldesk.web.credential import call_of
from seldesk.web.render import page


async def home(request: Request) -> Response:
    offer = None
    # What Seldesk is can be read while nobody can sign up.
    with suppress(rpc.Unavailable):
        offer = await call_of(request)(sign_ups.offer)
    return page(request, "site/home.html", offer=offer)


async def terms(request: Request) -> Response:
    return page(request, "site/terms.html", offer=await call_of(request)(sign_ups.offer))
