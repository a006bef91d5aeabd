"""The first password, set by a one-time link."""

from starlette.requests import Request
from starlette.responses import Response

import rpc
from seldesk.methods.desk import people
from seldesk.web import paths
from seldesk.web.credential import call_of
from seldesk.web.entering import entered, known
from seldesk.web.form import Form
from seldesk.web.render import page


async def form(request: Request) -> Response:
    return await _page(request)


async def choose_password(request: Request, form: Form) -> Response:
    # Asked for here and not at the method: which of two passwords was meant, only a form has to know.
    if form.text("password") != form.text("again"):
        return await _page(request, {"again": "The two passwords differ."}, status=422)
    token = request.path_params["token"]
    try:
        answer = await call_of(request).form(
            people.choose_password, form.only("password"), token=token, **known(request)
        )
    except rpc.Invalid as error:
        return await _page(request, error.fields, status=error.status)
    return entered(request, answer, paths.DESK, paths.DESK)


async def _page(request: Request, wrong: dict[str, str] | None = None, *, status: int = 200) -> Response:
    welcome = await call_of(request)(people.welcome, request.path_params["token"])
    return page(request, "settings/welcome.html", status=status, welcome=welcome, wrong=wrong or {})
