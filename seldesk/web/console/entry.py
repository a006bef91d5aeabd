"""Coming in to the console: a password, then a second factor; and going out."""

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import ParamSpec
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.errors import EntryOver
from seldesk.methods.console import staff_entry, staff_self
from seldesk.methods.console.staff_entry import Enrolled, SignedIn
from seldesk.web.credential import STAFF, call_of, cookie, drop_cookie, set_cookie
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.refusals import NOT_A_PASSKEY, NOT_RIGHT, WRONG_SIGN_IN, refusal
from seldesk.web.render import page

P = ParamSpec("P")
HOME = "/"
STEP, ENROL = "/sign-in/factor", "/enrol"
# Between the two steps, and only for them.
ENTRY = "staff_entry"
# Where somebody was on the way to: a page of this host and nothing else.
_OWN_PATH = re.compile(r"/(?:[\w.~%+-]+(?:/[\w.~%+-]+)*)?(?:\?[\w.~%+=&-]*)?", re.ASCII)
UNENROLLED = "This account has no second factor yet. Ask for a new one-time link: it leads through both steps."


def in_time(handler: Callable[P, Awaitable[Response]]) -> Callable[P, Awaitable[Response]]:
    """What follows the first step. Whoever comes too late begins again."""

    async def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return await handler(*args, **kwargs)
        except EntryOver:
            return RedirectResponse("/sign-in?over=yes", 303)

    return answered


async def form(request: Request) -> Response:
    asked = request.query_params
    return _form(request, came_for=asked.get("next", ""), over=bool(asked.get("over")))


async def begin(request: Request, form: Form) -> Response:
    email, came_for = form.text("email"), own_path(form.text("next"))
    try:
        entered = await call_of(request).form(staff_entry.begin, form.only("email", "password"))
    except rpc.Invalid as error:
        return _form(request, email, faults(error), came_for=came_for, status=error.status)
    if entered.unenrolled:
        return _form(request, email, {"password": UNENROLLED}, came_for=came_for, status=422)
    if entered.token is None:
        status, words, headers = refusal(entered.wait, WRONG_SIGN_IN)
        return _form(request, email, {"password": words}, came_for=came_for, status=status, headers=headers)
    return _stepping(request, entered.token, f"{STEP}?{urlencode({'next': came_for})}")


async def step(request: Request) -> Response:
    return await _step(request, request.query_params.get("next", ""))


async def by_code(request: Request, form: Form) -> Response:
    try:
        answer = await call_of(request).form(staff_entry.by_code, form.only("code"), secret=_secret(request))
    except rpc.Invalid as error:
        return await _step(request, form.text("next"), {"code": NOT_RIGHT}, status=error.status)
    return await _answered(request, form, answer, "code", NOT_RIGHT)


async def by_passkey(request: Request, form: Form) -> Response:
    try:
        answer = await call_of(request).form(staff_entry.by_passkey, form.only("answer"), secret=_secret(request))
    except rpc.Invalid as error:
        return await _step(request, form.text("next"), {"passkey": NOT_A_PASSKEY}, status=error.status)
    return await _answered(request, form, answer, "passkey", NOT_A_PASSKEY)


async def welcome(request: Request) -> Response:
    return await _welcome(request)


async def choose_password(request: Request, form: Form) -> Response:
    if form.text("password") != form.text("again"):
        return await _welcome(request, {"again": "The two passwords differ."}, status=422)
    token = request.path_params["token"]
    try:
        entered = await call_of(request).form(staff_entry.choose_password, form.only("password"), token=token)
    except rpc.Invalid as error:
        return await _welcome(request, faults(error), status=error.status)
    return _stepping(request, entered.token or "", ENROL)


async def enrolment(request: Request) -> Response:
    shown = await call_of(request)(staff_entry.enrolment, _secret(request))
    return page(request, "console/enrol.html", shown=shown, wrong={})


async def enrol_code(request: Request, form: Form) -> Response:
    try:
        answer = await call_of(request).form(staff_entry.enrol_code, form.only("code"), secret=_secret(request))
    except rpc.Invalid:
        answer = Enrolled()
    return _enrolled(request, answer, {"code": NOT_RIGHT})


async def enrol_passkey(request: Request, form: Form) -> Response:
    try:
        answer = await call_of(request).form(staff_entry.enrol_passkey, form.only("answer"), secret=_secret(request))
    except rpc.Invalid:
        answer = Enrolled()
    return _enrolled(request, answer, {"passkey": NOT_A_PASSKEY})


async def sign_out(request: Request, _: Form) -> Response:
    response = RedirectResponse("/sign-in", 303)
    with suppress(rpc.Unauthenticated):  # Then it was over already.
        await call_of(request)(staff_self.sign_out)
    drop_cookie(request, response, STAFF)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def own_path(wanted: str) -> str:
    return wanted if len(wanted) <= 2000 and _OWN_PATH.fullmatch(wanted) else HOME


def _secret(request: Request) -> str:
    """The cookie between the steps. Without it there is nothing to go on with."""
    return cookie(request, ENTRY)[:100] or "none"


def _stepping(request: Request, secret: str, there: str) -> Response:
    response = RedirectResponse(there, 303)
    set_cookie(request, response, ENTRY, secret)
    return response


def _in(request: Request, response: Response, token: str) -> Response:
    set_cookie(request, response, STAFF, token)
    drop_cookie(request, response, ENTRY)
    return response


async def _answered(request: Request, form: Form, answer: SignedIn, field: str, wrong: str) -> Response:
    came_for = form.text("next")
    if answer.token is not None:
        return _in(request, RedirectResponse(own_path(came_for), 303), answer.token)
    status, words, headers = refusal(answer.wait, wrong)
    return await _step(request, came_for, {field: words}, status=status, headers=headers)


def _enrolled(request: Request, answer: Enrolled, wrong: dict[str, str]) -> Response:
    """No redirect: the codes are in this answer and nowhere else. A wrong code shows the secret no second time."""
    if answer.token is None:
        return page(request, "console/enrol.html", status=422, shown=None, wrong=wrong)
    return _in(request, page(request, "console/codes.html", frame=None, codes=answer.codes), answer.token)


def _form(
    request: Request,
    email: str = "",
    wrong: Mapping[str, str] | None = None,
    *,
    came_for: str = "",
    over: bool = False,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    said = {"email": email, "wrong": wrong or {}, "over": over, "next": own_path(came_for)}
    return page(request, "console/sign_in.html", status=status, headers=headers, **said)


async def _step(
    request: Request,
    came_for: str,
    wrong: Mapping[str, str] | None = None,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    shown = await call_of(request)(staff_entry.step, _secret(request))
    said = {"shown": shown, "wrong": wrong or {}, "next": own_path(came_for)}
    return page(request, "console/step.html", status=status, headers=headers, **said)


async def _welcome(request: Request, wrong: Mapping[str, str] | None = None, *, status: int = 200) -> Response:
    invited = await call_of(request)(staff_entry.welcome, request.path_params["token"])
    return page(request, "console/welcome.html", status=status, invited=invited, wrong=wrong or {})
