"""The list of tickets: which, and in which order, stands in its address."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from seldesk.methods.desk import tickets
from seldesk.web.credential import call_of
from seldesk.web.render import page
from seldesk.web.routes import query_of

FILTERS = (
    *("view", "status", "assignee", "tag", "requester"),
    *("channel", "created_from", "created_until", "sort"),
)
PLAIN = {"view": "open", "sort": "updated"}


async def queue(request: Request) -> Response:
    shown = await call_of(request).form(tickets.queue, query_of(request, *FILTERS, "cursor", "bulk"))
    asked = {name: request.query_params.get(name) or PLAIN.get(name, "") for name in FILTERS}
    chosen = {name: value for name, value in asked.items() if value != PLAIN.get(name, "") or name == "view"}
    cursor = request.query_params.get("cursor")
    return page(
        request,
        "desk/tickets/queue.html",
        desk=shown.desk,
        queue=shown,
        asked=asked,
        filtered=any(name not in ("view", "status") for name in chosen),
        # The list's address, and this very page of it.
        list=urlencode(chosen),
        here=urlencode({**chosen, **({"cursor": cursor} if cursor else {})}),
    )
