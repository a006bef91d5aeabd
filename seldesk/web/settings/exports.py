"""All that a helpdesk has, as one archive: asked for, followed while it is made, and taken away."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import exports as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page

HERE = "/settings/export"


async def exports(request: Request) -> Response:
    return await _page(request)


async def ask(request: Request, form: Form) -> Response:
    try:
        answer = await call_of(request).form(methods.ask, form.only("password"))
    except MENDABLE as error:
        return await _page(request, Filled.refused(error))
    if not answer.asked:
        return await _page(request, Filled.wrong_password(answer.wait))
    return RedirectResponse(HERE, 303)


async def _page(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(methods.page)
    return page(
        request,
        "settings/export.html",
        **filled.said,
        panel=shown.panel,
        shown=shown,
    )
