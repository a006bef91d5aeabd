"""What the palette finds while somebody types, as options for its list."""

from starlette.requests import Request
from starlette.responses import Response

from seldesk.methods.desk import palette
from seldesk.web.credential import call_of
from seldesk.web.render import page

LONGEST = 200


async def found(request: Request) -> Response:
    query = request.query_params.get("query", "")[:LONGEST]
    return page(request, "desk/palette.html", found=await call_of(request)(palette.find, query))
