"""Tokens: the list, a new one shown once, and revoking."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import tokens as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of, query_of
from seldesk.web.settings.faults import faults

HOME = "/settings/tokens"


async def tokens(request: Request) -> Response:
    return await _list(request)


async def issue(request: Request, form: Form) -> Response:
    try:
        issued = await call_of(request).form(methods.issue, form.only("name", "scopes"))
    except MENDABLE as error:
        return await _list(request, form, wrong=faults(error), status=error.status)
    # No redirect: the secret is in this answer and nowhere else.
    return await _list(request, secret=issued.secret)


async def revoke(request: Request, _: Form) -> Response:
    await call_of(request)(methods.revoke, id_of(request))
    return RedirectResponse(f"{HOME}?done=revoked", 303)


async def _list(
    request: Request,
    form: Form | None = None,
    *,
    secret: str = "",
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    fields: Any = query_of(request, "cursor") if request.method == "GET" else {}
    shown = await call_of(request).form(methods.page, fields)
    return page(
        request,
        "settings/tokens/tokens.html",
        status=status,
        panel=shown.panel,
        tokens=shown,
        typed=form.text("name") if form else "",
        ticked=form.fields.get("scopes", []) if form else ["tickets.read"],
        secret=secret,
        wrong=wrong or {},
    )
