"""Who needs a second factor."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import signing_in as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.settings.faults import faults

HERE = "/settings/sign-in"


async def signing_in(request: Request) -> Response:
    return await _page(request, {})


async def demand(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(methods.demand, form.only("second_factor"))
    except MENDABLE as error:
        return await _page(request, faults(error), status=error.status)
    return RedirectResponse(f"{HERE}?saved", 303)


async def _page(request: Request, wrong: Mapping[str, str], *, status: int = 200) -> Response:
    shown = await call_of(request)(methods.page)
    saved = "saved" in request.query_params
    return page(
        request, "settings/signing_in.html", status=status, panel=shown.panel, shown=shown, saved=saved, wrong=wrong
    )
