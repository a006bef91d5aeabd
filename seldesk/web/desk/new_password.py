"""Changing one's own password: one form, on the profile of the desk and on the page of a requester."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import profile
from seldesk.web.credential import SESSION, call_of, set_cookie
from seldesk.web.filled import Filled
from seldesk.web.form import Form


async def change(request: Request, form: Form, home: str, refused: Callable[[Filled], Awaitable[Response]]) -> Response:
    """refused shows the page at home again."""
    if form.text("password") != form.text("again"):
        return await refused(Filled(None, {"again": "The two passwords differ."}, 422))
    try:
        answer = await call_of(request).form(profile.change_password, form.only("current", "password"))
    except rpc.Invalid as error:
        return await refused(Filled.refused(error))
    if not answer.changed:
        return await refused(Filled.wrong_password(answer.wait, name="current"))
    response = RedirectResponse(f"{home}?done=password#password-title", 303)
    set_cookie(request, response, SESSION, answer.token or "")
    return response
