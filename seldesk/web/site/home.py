from starlette.requests import Request
from starlette.responses import Response

from seldesk.methods.control import sign_ups
from seldesk.web.credential import call_of
from seldesk.web.render import page


async def home(request: Request) -> Response:
    return page(request, "site/home.html", offer=await call_of(request)(sign_ups.offer))


async def terms(request: Request) -> Response:
    return page(request, "site/terms.html", offer=await call_of(request)(sign_ups.offer))
