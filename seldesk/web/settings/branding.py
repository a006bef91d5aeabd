"""Name, colour and logo of the customer."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import branding as methods
from seldesk.web.branding import judged, legible_pair
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page

HERE = "/settings/branding"
OWN = "#2f5bea"


async def branding(request: Request) -> Response:
    return await _page(request)


async def update(request: Request, form: Form) -> Response:
    # A colour field always holds a colour: that Seldesk's own is meant is a choice beside it.
    fixed: dict[str, Any] = {"accent": form.text("accent") if form.text("colour") == "own" else ""}
    try:
        await call_of(request).form(methods.update, form.only("name", "logo", "without_logo"), **fixed)
    except MENDABLE as error:
        return await _page(request, Filled.refused(error, form))
    return RedirectResponse(f"{HERE}?saved", 303)


async def _page(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(methods.page)
    return page(
        request,
        "settings/branding.html",
        **filled.said,
        panel=shown.panel,
        shown=shown,
        name=filled.text("name", shown.name),
        own=filled.text("colour", "own" if shown.accent else "") == "own",
        accent=filled.text("accent") or shown.accent or OWN,
        judged=judged(shown.accent) if shown.accent else [],
        used=legible_pair(shown.accent or OWN),
        saved="saved" in request.query_params,
    )
