"""Changing one's own password: one form, on the profile of the desk and on the page of a requester."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import profile
from seldesk.web.credential import SESSION, call_of, set_cookie
from seldesk.web.form import Form
from seldesk.web.refusals import WRONG_PASSWORD, refusal


async def change(request: Request, form: Form, home: str, refused: Callable[..., Awaitable[Response]]) -> Response:
    """refused shows the page at home again, with what is wrong with which field."""
    if form.text("password") != form.text("again"):
        return await refused({"again": "The two passwords differ."}, status=422)
    try:
        answer = await call_of(request).form(profile.change_password, form.only("current", "password"))
    except rpc.Invalid as error:
        return await refused(error.fields, status=error.status)
    if not answer.changed:
        status, words, headers = refusal(answer.wait, WRONG_PASSWORD)
        return await refused({"current": words}, status=status, headers=headers)
    response = RedirectResponse(f"{home}?done=password#password-title", 303)
    set_cookie(request, response, SESSION, answer.token or "")
    return response
