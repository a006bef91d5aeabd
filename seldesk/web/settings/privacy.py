"""One person's data: what there is, an account that is closed and taken back, and the erasing of all of it."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.errors import TooLateToReturn
from seldesk.methods.desk import privacy as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import Action, id_of


async def data(request: Request) -> Response:
    return await _page(request)


def doing(method: rpc.Method[..., object]) -> Action:
    """A button that does this with the person of the page."""

    async def done(request: Request, _: Form) -> Response:
        try:
            await call_of(request)(method, person=id_of(request))
        except (*MENDABLE, TooLateToReturn) as error:
            return await _page(request, Filled.refused(error))
        return RedirectResponse(f"/settings/people/{id_of(request)}/data", 303)

    return done


async def erase(request: Request, form: Form) -> Response:
    try:
        erasing = await call_of(request).form(methods.erase, form.only("name", "password"), person=id_of(request))
    except MENDABLE as error:
        return await _page(request, Filled.refused(error, form))
    if not erasing.begun:
        return await _page(request, Filled.wrong_password(erasing.wait, form))
    return RedirectResponse(f"/settings/people/{id_of(request)}/data", 303)


async def _page(
    request: Request,
    filled: Filled = BLANK,
    *,
    typed: str = "",
) -> Response:
    shown = await call_of(request)(methods.page, id_of(request))
    return page(
        request,
        "settings/people/data.html",
        **filled.said,
        panel=shown.panel,
        person=shown.person,
        clean_up=shown.clean_up,
        typed=filled.text("name"),
    )
