"""All that a helpdesk has, as one archive: asked for, followed while it is made, and taken away."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import exports as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.form import Form
from seldesk.web.refusals import WRONG_PASSWORD, refusal
from seldesk.web.render import page
from seldesk.web.settings.faults import faults

HERE = "/settings/export"


async def exports(request: Request) -> Response:
    return await _page(request, {})


async def ask(request: Request, form: Form) -> Response:
    try:
        answer = await call_of(request).form(methods.ask, form.only("password"))
    except MENDABLE as error:
        return await _page(request, faults(error), status=error.status)
    if not answer.asked:
        status, words, headers = refusal(answer.wait, WRONG_PASSWORD)
        return await _page(request, {"password": words}, status=status, headers=headers)
    return RedirectResponse(HERE, 303)


async def _page(
    request: Request, wrong: Mapping[str, str], *, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    shown = await call_of(request)(methods.page)
    return page(
        request,
        "settings/export.html",
        status=status,
        headers=headers,
        panel=shown.panel,
        shown=shown,
        wrong=wrong,
    )
