"""An agent's own name, password and sessions."""

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import people, profile
from seldesk.web import paths
from seldesk.web.credential import call_of
from seldesk.web.desk import new_password
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of

HERE = "/desk/profile"


async def page_of_profile(request: Request) -> Response:
    return await _page(request)


async def rename(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(profile.rename, form.only("name"))
    except rpc.Invalid as error:
        return await _page(request, Filled.refused(error, form))
    return RedirectResponse(f"{HERE}?done=name", 303)


async def move(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(profile.move, form.only("zone"))
    except rpc.Invalid as error:
        return await _page(request, Filled.refused(error))
    return RedirectResponse(paths.of_desk(form.text("back") or f"{HERE}?done=zone"), 303)


async def choose_notices(request: Request, form: Form) -> Response:
    await call_of(request).form(profile.choose_notices, form.only("kinds"))
    return RedirectResponse(f"{HERE}?done=notices#notices-title", 303)


async def change_password(request: Request, form: Form) -> Response:
    return await new_password.change(request, form, HERE, partial(_page, request))


async def end_session(request: Request, _: Form) -> Response:
    await call_of(request)(people.end_session, id_of(request))
    return RedirectResponse(f"{HERE}#sessions-title", 303)


async def _page(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(profile.page)
    return page(
        request,
        "desk/profile.html",
        **filled.said,
        desk=shown.desk,
        sessions=shown.sessions,
        name=filled.text("name", shown.desk.me.name),
        done=request.query_params.get("done", ""),
        notices=shown.notices,
        own=shown.own,
        demanded=shown.demanded,
    )
