"""A forgotten password, for agents and requesters alike."""

from starlette.requests import Request
from starlette.responses import Response

import rpc
from seldesk.methods.desk import people
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE, words_of
from seldesk.web.form import Form
from seldesk.web.render import page


async def forgot(request: Request) -> Response:
    return _forgot_page(request)


async def mail_link(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(people.mail_link, form.only("email"), purpose="password")
    except MENDABLE as error:
        return _forgot_page(request, form.text("email"), words_of(error), status=error.status)
    return page(request, "portal/sent.html", purpose="password", back=_sign_in(request))


async def form(request: Request) -> Response:
    return await _page(request)


async def reset(request: Request, form: Form) -> Response:
    # Asked for here and not at the method: which of two passwords was meant, only a form has to know.
    if form.text("password") != form.text("again"):
        return await _page(request, {"again": "The two passwords differ."}, status=422)
    token = request.path_params["token"]
    try:
        answer = await call_of(request).form(people.reset_password, form.only("password"), token=token)
    except rpc.Invalid as error:
        return await _page(request, error.fields, status=error.status)
    there = "/sign-in?with=password" if answer.role == "requester" else "/desk/sign-in"
    return page(request, "portal/password_set.html", sign_in=there)


def _sign_in(request: Request) -> str:
    return "/desk/sign-in" if request.url.path.startswith("/desk") else "/sign-in?with=password"


def _forgot_page(request: Request, email: str = "", wrong: str = "", *, status: int = 200) -> Response:
    return page(request, "portal/forgot.html", status=status, email=email, wrong=wrong, back=_sign_in(request))


async def _page(request: Request, wrong: dict[str, str] | None = None, *, status: int = 200) -> Response:
    owner = await call_of(request)(people.link, request.path_params["token"], "password")
    return page(request, "portal/reset.html", status=status, owner=owner, wrong=wrong or {})
