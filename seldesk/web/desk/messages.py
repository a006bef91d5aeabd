"""The HTML that a mail brought, as a document of its own: no scripts, no forms, no way out of its frame."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from seldesk.methods.desk import messages
from seldesk.web.credential import call_of
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
