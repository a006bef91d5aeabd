from starlette.requests import Request
from starlette.responses import Response

from seldesk.methods.console import ops_clean_ups
from seldesk.web.credential import call_of
from seldesk.web.render import page


async def listed(request: Request) -> Response:
    shown = await call_of(request)(ops_clean_ups.page)
    return page(request, "console/clean_ups.html", frame=shown.frame, shown=shown)
