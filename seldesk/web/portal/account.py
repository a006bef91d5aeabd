"""Signing in to the portal: by a mailed link, or by a password where there is one."""

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import people
from seldesk.web.credential import SESSION, call_of, set_cookie
from seldesk.web.desk.sign_in import HOME as DESK
from seldesk.web.desk.sign_in import refusal
from seldesk.web.errors import MENDABLE, words_of
from seldesk.web.form import Form
from seldesk.web.render import page

HOME = "/"
# A page of the portal on this host and nothing else.
_OWN_PATH = re.compile(r"/(?:tickets/[0-9]{1,10}|requests/new)?", re.ASCII)


async def sign_in_form(request: Request) -> Response:
    by_password = request.query_params.get("with") == "password"
    return _page(request, request.query_params.get("next", ""), by_password=by_password)


async def sign_in(request: Request, form: Form) -> Response:
    """With a password, or without one by a mailed link."""
    if "password" not in form.fields:
        return await _mail_link(request, form)
    came_for, email = form.text("next"), form.text("email")
    try:
        answer = await call_of(request).form(people.sign_in, form.only("email", "password"))
    except rpc.Invalid as error:
        return _page(request, came_for, email, error.fields, by_password=True, status=error.status)
    if answer.token is None:
        status, words, headers = refusal(answer.wait, "The email address or the password is not right.")
        wrong = {"password": words}
        return _page(request, came_for, email, wrong, by_password=True, status=status, headers=headers)
    return _signed_in(request, answer.token, own_path(came_for) if answer.role == "requester" else DESK)


async def _mail_link(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(people.mail_link, form.only("email"), purpose="sign_in")
    except MENDABLE as error:
        return _page(request, "", form.text("email"), {"email": words_of(error)}, status=error.status)
    return page(request, "portal/sent.html", purpose="sign_in", back="/sign-in")


async def confirm(request: Request) -> Response:
    """Programs that look into mails open every link in them: only the form of this page uses it up."""
    owner = await call_of(request)(people.link, request.path_params["token"], "sign_in")
    return page(request, "portal/confirm.html", owner=owner)


async def sign_in_by_link(request: Request, _: Form) -> Response:
    answer = await call_of(request)(people.sign_in_by_link, request.path_params["token"])
    return _signed_in(request, answer.token or "", HOME)


def own_path(wanted: str) -> str:
    """Where to go after signing in: a page of the portal, never another host."""
    return wanted if wanted and _OWN_PATH.fullmatch(wanted) else HOME


def _signed_in(request: Request, token: str, there: str) -> Response:
    response = RedirectResponse(there, 303)
    set_cookie(request, response, SESSION, token)
    return response


def _page(
    request: Request,
    came_for: str,
    email: str = "",
    wrong: dict[str, str] | None = None,
    *,
    by_password: bool = False,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    return page(
        request,
        "portal/sign_in.html",
        status=status,
        headers=headers,
        next=own_path(came_for),
        email=email,
        wrong=wrong or {},
        by_password=by_password,
    )
