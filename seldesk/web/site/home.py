from starlette.requests import Request
from starlette.responses import Response

from seldesk.web.render import page


async def home(request: Request) -> Response:
    return page(request, "site/home.html")
