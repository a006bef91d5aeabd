"""Whom the operator writes to."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import contact_person as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page

HERE = "/settings/contact"


async def contact(request: Request) -> Response:
    return await _page(request)


async def choose(request: Request, form: Form) -> Response:
    try:
        chosen = await call_of(request).form(methods.choose, form.only("person", "password"))
    except MENDABLE as error:
        return await _page(request, Filled.refused(error, form))
    if not chosen.done:
        return await _page(request, Filled.wrong_password(chosen.wait, form))
    return RedirectResponse(HERE, 303)


async def _page(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(methods.page)
    return page(
        request,
        "settings/account/contact.html",
        **filled.said,
        panel=shown.panel,
        shown=shown,
        person=filled.text("person"),
    )
