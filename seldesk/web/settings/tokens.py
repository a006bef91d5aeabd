"""Tokens: the list, a new one shown once, and revoking."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import tokens as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of, query_of

HOME = "/settings/tokens"


async def tokens(request: Request) -> Response:
    return await _list(request)


async def issue(request: Request, form: Form) -> Response:
    try:
        issued = await call_of(request).form(methods.issue, form.only("name", "scopes"))
    except MENDABLE as error:
        return await _list(request, Filled.refused(error, form))
    # No redirect: the secret is in this answer and nowhere else.
    return await _list(request, secret=issued.secret)


async def revoke(request: Request, _: Form) -> Response:
    await call_of(request)(methods.revoke, id_of(request))
    return RedirectResponse(f"{HOME}?done=revoked", 303)


async def _list(request: Request, filled: Filled = BLANK, *, secret: str = "") -> Response:
    fields: Any = query_of(request, "cursor") if request.method == "GET" else {}
    shown = await call_of(request).form(methods.page, fields)
    return page(
        request,
        "settings/tokens/tokens.html",
        **filled.said,
        panel=shown.panel,
        tokens=shown,
        typed=filled.text("name"),
        ticked=filled.ticked("scopes", ["tickets.read"]),
        secret=secret,
    )
