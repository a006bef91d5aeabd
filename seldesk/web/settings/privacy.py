"""One person's data: what there is, an account that is closed and taken back, and the erasing of all of it."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.errors import TooLateToReturn
from seldesk.methods.desk import privacy as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.form import Form
from seldesk.web.refusals import WRONG_PASSWORD, refusal
from seldesk.web.render import page
from seldesk.web.routes import Action, id_of
from seldesk.web.settings.faults import faults


async def data(request: Request) -> Response:
    return await _page(request)


def doing(method: rpc.Method[..., object]) -> Action:
    """A button that does this with the person of the page."""

    async def done(request: Request, _: Form) -> Response:
        try:
            await call_of(request)(method, person=id_of(request))
        except (*MENDABLE, TooLateToReturn) as error:
            return await _page(request, faults(error), status=error.status)
        return RedirectResponse(f"/settings/people/{id_of(request)}/data", 303)

    return done


async def erase(request: Request, form: Form) -> Response:
    typed = form.text("name")
    try:
        erasing = await call_of(request).form(methods.erase, form.only("name", "password"), person=id_of(request))
    except MENDABLE as error:
        return await _page(request, faults(error), typed=typed, status=error.status)
    if not erasing.begun:
        status, words, headers = refusal(erasing.wait, WRONG_PASSWORD)
        return await _page(request, {"password": words}, typed=typed, status=status, headers=headers)
    return RedirectResponse(f"/settings/people/{id_of(request)}/data", 303)


async def _page(
    request: Request,
    wrong: Mapping[str, str] | None = None,
    *,
    typed: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    shown = await call_of(request)(methods.page, id_of(request))
    return page(
        request,
        "settings/people/data.html",
        status=status,
        headers=headers,
        panel=shown.panel,
        person=shown.person,
        clean_up=shown.clean_up,
        typed=typed,
        wrong=wrong or {},
    )
