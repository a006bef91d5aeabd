"""A mail as it came: its HTML as a document of its own, without a way out of its frame, and its source as text."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from seldesk.methods.desk import messages
from seldesk.web.attachments import disposition
from seldesk.web.credential import call_of
from seldesk.web.render import page
from seldesk.web.routes import id_of
from seldesk.web.visit import visit_of


async def body(request: Request) -> Response:
    images = request.query_params.get("images") == "1"
    document = await call_of(request)(messages.body, id_of(request), images=images)
    visit = visit_of(request)
    sources = f"{visit.edge.addresses.files(visit.slug or '')} data:" + (" https:" if images else "")
    policy = (
        "default-src 'none'; sandbox allow-popups allow-popups-to-escape-sandbox; "
        f"style-src 'unsafe-inline'; img-src {sources}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    )
    # The frame's pages are told apart from ours by their opaque origin: nothing of ours may open them.
    return HTMLResponse(document, headers={"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"})


async def source(request: Request) -> Response:
    shown = await call_of(request)(messages.source, id_of(request))
    return page(request, "desk/messages/source.html", desk=shown.desk, source=shown)


async def raw(request: Request) -> Response:
    file = await call_of(request)(messages.raw, id_of(request))
    # Bytes without a meaning: a browser that knew what a mail is might show its HTML on our own host.
    headers = {"Content-Disposition": disposition(file.name)}
    return Response(file.content, media_type="application/octet-stream", headers=headers)
