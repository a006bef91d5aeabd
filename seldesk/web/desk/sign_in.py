"""Signing in and out."""

import re
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import people
from seldesk.web.credential import SESSION, call_of, drop_cookie, set_cookie
from seldesk.web.form import Form
from seldesk.web.render import page

HOME = "/desk/tickets"
# A path of the desk on this host and nothing else: no scheme, no host, no backslash, no second slash at the start.
_OWN_PATH = re.compile(r"/(?:desk|settings)(?:/[\w.~%+-]+)*(?:\?[\w.~%+=&-]*)?", re.ASCII)


async def form(request: Request) -> Response:
    return _page(request, request.query_params.get("next", ""))


async def sign_in(request: Request, form: Form) -> Response:
    came_for, email = form.text("next"), form.text("email")
    try:
        answer = await call_of(request).form(people.sign_in, form.only("email", "password"))
    except rpc.Invalid as error:
        return _page(request, came_for, email, error.fields, status=error.status)
    if answer.token is None:
        return _refused(request, came_for, email, answer.wait)
    response = RedirectResponse("/" if answer.role == "requester" else own_path(came_for), 303)
    set_cookie(request, response, SESSION, answer.token)
    return response


async def sign_out(request: Request, _: Form) -> Response:
    response = RedirectResponse("/desk/sign-in", 303)
    with suppress(rpc.Unauthenticated):  # Then it was over already.
        await call_of(request)(people.sign_out)
    drop_cookie(request, response, SESSION)
    # Not "cookies": that would reach the other customers' hosts below the same domain.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def own_path(wanted: str) -> str:
    """Where to go after signing in: a page of the desk, never another host."""
    return wanted if len(wanted) <= 2000 and _OWN_PATH.fullmatch(wanted) else HOME


def _refused(request: Request, came_for: str, email: str, wait: int) -> Response:
    status, words, headers = refusal(wait, "The email address or the password is not right.")
    return _page(request, came_for, email, {"password": words}, status=status, headers=headers)


def refusal(wait: int, wrong: str) -> tuple[int, str, dict[str, str]]:
    """Status, words and headers when a password was wrong, or when there were too many that were."""
    if not wait:
        return 422, wrong, {}
    minutes = -(-wait // 60)
    words = f"Too many tries. Wait {minutes} minute{'s' if minutes > 1 else ''}, then try again."
    return 429, words, {"Retry-After": str(wait)}


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
        next=own_path(came_for),
        email=email,
        wrong=wrong or {},
    )
