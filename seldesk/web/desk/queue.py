"""The list of tickets: which, and in which order, stands in its address."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

import rpc
from seldesk.methods.desk import tickets
from seldesk.web.credential import call_of
from seldesk.web.render import page
from seldesk.web.routes import query_of

FILTERS = (
    *("view", "status", "assignee", "team", "tag", "requester"),
    *("channel", "created_from", "created_until", "sort"),
)
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
PLAIN = {"view": "open", "sort": "updated"}


async def queue(request: Request) -> Response:
    given = query_of(request, *FILTERS)
    view = viewed(given)
    filters = view if "saved" in view else given
    shown = await call_of(request).form(tickets.queue, {**filters, **query_of(request, "cursor", "bulk")})
    conditions = shown.saved.conditions if shown.saved else request.query_params
    asked = {name: conditions.get(name) or PLAIN.get(name, "") for name in FILTERS}
    chosen = {name: value for name, value in asked.items() if value != PLAIN.get(name, "") or name == "view"}
    address = {"view": str(shown.saved.id)} if shown.saved else chosen
    cursor = request.query_params.get("cursor")
    return page(
        request,
        "desk/tickets/queue.html",
        desk=shown.desk,
        queue=shown,
        asked=asked,
        chosen=chosen,
        filtered=any(name not in ("view", "status") for name in chosen),
        # The list's address, and this very page of it.
        list=urlencode(address),
        here=urlencode({**address, **({"cursor": cursor} if cursor else {})}),
    )


def viewed(values: Mapping[str, list[str | rpc.Upload]]) -> Mapping[str, list[str | rpc.Upload]]:
    """What stands for a view in an address, as arguments: the name of one that is always there, or a saved one's id."""
    match values.get("view"):
        case [str(one)] if IDENTIFIER.fullmatch(one):
            return {"saved": [one]}
        case [*named] if named:
            return {"view": named}
    return {}
