"""Signing in to the portal: by a mailed link, or by a password where there is one."""

from starlette.requests import Request
from starlette.responses import Response

import rpc
from seldesk.methods.desk import people
from seldesk.web import paths
from seldesk.web.credential import call_of
from seldesk.web.entering import entered, known
from seldesk.web.errors import MENDABLE, words_of
from seldesk.web.form import Form
from seldesk.web.refusals import WRONG_SIGN_IN, refusal
from seldesk.web.render import page


async def sign_in_form(request: Request) -> Response:
    by_password = request.query_params.get("with") == "password"
    return _page(request, request.query_params.get("next", ""), by_password=by_password)


async def sign_in(request: Request, form: Form) -> Response:
    """With a password, or without one by a mailed link."""
    if "password" not in form.fields:
        return await _mail_link(request, form)
    came_for, email = form.text("next"), form.text("email")
    try:
        answer = await call_of(request).form(people.sign_in, form.only("email", "password"), **known(request))
    except rpc.Invalid as error:
        return _page(request, came_for, email, error.fields, by_password=True, status=error.status)
    if answer.token is None and answer.entry is None:
        status, words, headers = refusal(answer.wait, WRONG_SIGN_IN)
        wrong = {"password": words}
        return _page(request, came_for, email, wrong, by_password=True, status=status, headers=headers)
    there = paths.of_portal(came_for) if answer.role == "requester" else paths.DESK
    return entered(request, answer, there, there)


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
    answer = await call_of(request)(people.sign_in_by_link, request.path_params["token"], **known(request))
    return entered(request, answer, paths.PORTAL, paths.PORTAL)


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
        next=paths.of_portal(came_for),
        email=email,
        wrong=wrong or {},
        by_password=by_password,
    )
