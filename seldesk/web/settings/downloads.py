"""Links to large files: sent in parts, each asked for anew by whoever is signed in."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

import rpc
from seldesk.errors import ProofNeeded
from seldesk.methods.desk import links
from seldesk.web.account.proving import first_prove
from seldesk.web.attachments import disposition
from seldesk.web.credential import call_of
from seldesk.web.form import Form
from seldesk.web.routes import id_of

EXPORT = "/settings/export"
# What a page calls itself, and where it is.
PAGES = {"export": EXPORT, "backups": "/settings/backups"}


async def download(request: Request) -> Response:
    call, wanted = call_of(request), id_of(request)
    try:
        found = await call(links.read, wanted)
    except ProofNeeded:
        came_from = urlsplit(request.headers.get("referer", "")).path
        return first_prove(came_from if came_from in PAGES.values() else EXPORT)
    # What is wrong with the first part is told on a page; later ones can only cut the answer short.
    first = await call(links.chunk, wanted, at=0, key=found.key)
    return StreamingResponse(
        _parts(call, wanted, first, found),
        media_type="application/zip" if found.name.endswith(".zip") else "application/octet-stream",
        headers={
            "Content-Length": str(found.size),
            "Content-Disposition": disposition(found.name),
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


async def withdraw(request: Request, form: Form) -> Response:
    """Back to the page on which it stood."""
    await call_of(request)(links.withdraw, id_of(request))
    return RedirectResponse(PAGES.get(form.text("page"), EXPORT), 303)


async def _parts(call: rpc.Call, wanted: UUID, first: bytes, file: links.File) -> AsyncIterator[bytes]:
    yield first
    for at in range(1, file.chunks):
        yield await call(links.chunk, wanted, at=at, key=file.key)
