"""Whom the operator writes to."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import contact_person as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.form import Form
from seldesk.web.refusals import WRONG_PASSWORD, refusal
from seldesk.web.render import page
from seldesk.web.settings.faults import faults

HERE = "/settings/contact"


async def contact(request: Request) -> Response:
    return await _page(request, "", {})


async def choose(request: Request, form: Form) -> Response:
    try:
        chosen = await call_of(request).form(methods.choose, form.only("person", "password"))
    except MENDABLE as error:
        return await _page(request, form.text("person"), faults(error), status=error.status)
    if not chosen.done:
        status, words, headers = refusal(chosen.wait, WRONG_PASSWORD)
        return await _page(request, form.text("person"), {"password": words}, status=status, headers=headers)
    return RedirectResponse(HERE, 303)


async def _page(
    request: Request,
    person: str,
    wrong: Mapping[str, str],
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    shown = await call_of(request)(methods.page)
    return page(
        request,
        "settings/account/contact.html",
        status=status,
        headers=headers,
        panel=shown.panel,
        shown=shown,
        person=person,
        wrong=wrong,
    )
