"""The status page and its feed: files, served as they lie there. No call, no database."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

import rpc
from seldesk.web.site.status_page import policy
from seldesk.web.visit import visit_of

PAGE, FEED, MINUTES = "status.html", "status.atom", "minutes"
BRIEFLY = "public, max-age=30"


class NotWrittenYet(rpc.Unavailable):
    """The status page has not been written yet. A worker writes it within minutes of its start."""

    code = "status_not_written"


async def status(request: Request) -> Response:
    headers = {"Content-Security-Policy": policy("'none'"), "Cache-Control": BRIEFLY}
    return Response(await _read(request, PAGE), media_type="text/html", headers=headers)


async def feed(request: Request) -> Response:
    headers = {"Cache-Control": BRIEFLY}
    return Response(await _read(request, FEED), media_type="application/atom+xml", headers=headers)


async def _read(request: Request, name: str) -> bytes:
    """As a whole: it is written anew by a rename, and a length that was asked before could be another file's."""
    folder = visit_of(request).edge.status
    try:
        if folder is not None:
            return await asyncio.to_thread((folder / name).read_bytes)
    except FileNotFoundError:
        pass
    raise NotWrittenYet(retry_after=60)
