"""Pages under staff access: who acts is known before anything else is done, so that no page can leave it out."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

import rpc
from seldesk.caller import Acting
from seldesk.errors import OnTheSide
from seldesk.methods.desk import staff_access
from seldesk.web.credential import ACCESS, access_of, drop_cookie
from seldesk.web.visit import visit_of

# What is the same for everybody, and says nothing of anybody.
OPEN = ("/static/", "/brand/")


class UnderAccess:
    """Looks who it is whose browser shows a cookie of staff. One that is over is taken away with the answer, which is
    that of somebody who is not signed in.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.url.path.startswith(OPEN) or not access_of(request):
            return await self.app(scope, receive, send)
        visit = visit_of(request)
        visit.acting = await _acting(request)
        if visit.acting is None:
            gone = Response()
            drop_cookie(request, gone, ACCESS)
            visit.over = gone.headers["set-cookie"]
        await self.app(scope, receive, send)


async def _acting(request: Request) -> Acting | None:
    visit = visit_of(request)
    job = visit.edge.dispatcher.calling(
        rpc.Credential(kind=rpc.Kind.JOB, place=visit.slug, request_id=visit.request_id)
    )
    try:
        return await job(staff_access.look, secret=access_of(request))
    except (rpc.Unauthenticated, rpc.Invalid, OnTheSide):
        return None
