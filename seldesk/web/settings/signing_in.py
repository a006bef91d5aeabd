"""Who needs a second factor."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import signing_in as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page

HERE = "/settings/sign-in"


async def signing_in(request: Request) -> Response:
    return await _page(request)


async def demand(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(methods.demand, form.only("second_factor"))
    except MENDABLE as error:
        return await _page(request, Filled.refused(error))
    return RedirectResponse(f"{HERE}?saved", 303)


async def _page(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(methods.page)
    saved = "saved" in request.query_params
    return page(request, "settings/signing_in.html", **filled.said, panel=shown.panel, shown=shown, saved=saved)
