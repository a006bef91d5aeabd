"""Whether this process lives, and whether it can serve. For machines; they say nothing else."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from seldesk.web.visit import visit_of


async def healthz(_: Request) -> Response:
    return PlainTextResponse("ok")


async def readyz(request: Request) -> Response:
    ready = await visit_of(request).edge.ready()
    return PlainTextResponse("ready" if ready else "not ready", 200 if ready else 503)
