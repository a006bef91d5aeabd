"""Signing in and out."""

from contextlib import suppress

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import people
from seldesk.web import paths
from seldesk.web.credential import SESSION, call_of, drop_cookie
from seldesk.web.entering import entered, known
from seldesk.web.form import Form
from seldesk.web.refusals import WRONG_SIGN_IN, refusal
from seldesk.web.render import page

OVER = "That took too long, or was done already. Begin again."


async def form(request: Request) -> Response:
    wrong = {"password": OVER} if "over" in request.query_params else None
    return _page(request, request.query_params.get("next", ""), wrong=wrong)


async def sign_in(request: Request, form: Form) -> Response:
    came_for, email = form.text("next"), form.text("email")
    try:
        answer = await call_of(request).form(people.sign_in, form.only("email", "password"), **known(request))
    except rpc.Invalid as error:
        return _page(request, came_for, email, error.fields, status=error.status)
    if answer.token is None and answer.entry is None:
        return _refused(request, came_for, email, answer.wait)
    there = paths.PORTAL if answer.role == "requester" else paths.of_desk(came_for)
    return entered(request, answer, there, there)


async def sign_out(request: Request, _: Form) -> Response:
    response = RedirectResponse("/desk/sign-in", 303)
    with suppress(rpc.Unauthenticated):  # Then it was over already.
        await call_of(request)(people.sign_out)
    drop_cookie(request, response, SESSION)
    # Not "cookies": that would reach the other customers' hosts below the same domain.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _refused(request: Request, came_for: str, email: str, wait: int) -> Response:
    status, words, headers = refusal(wait, WRONG_SIGN_IN)
    return _page(request, came_for, email, {"password": words}, status=status, headers=headers)


def _page(
    request: Request,
    came_for: str,
    email: str = "",
    wrong: dict[str, str] | None = None,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    return page(
        request,
        "desk/sign_in.html",
        status=status,
        headers=headers,
        next=paths.of_desk(came_for),
        email=email,
        wrong=wrong or {},
    )
