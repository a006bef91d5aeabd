"""The second step of signing in, at the desk and at the portal alike."""

from collections.abc import Awaitable, Callable, Mapping
from typing import ParamSpec
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.errors import EntryOver
from seldesk.methods.desk import entries
from seldesk.methods.desk.shapes.people import SignIn
from seldesk.web import paths
from seldesk.web.credential import call_of, cookie
from seldesk.web.entering import ENTRY, entered, known
from seldesk.web.form import Form
from seldesk.web.refusals import NOT_A_PASSKEY, NOT_RIGHT, refusal
from seldesk.web.render import DESK, page

P = ParamSpec("P")


def in_time(handler: Callable[P, Awaitable[Response]]) -> Callable[P, Awaitable[Response]]:
    """Whoever comes too late begins again."""

    async def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return await handler(*args, **kwargs)
        except EntryOver:
            return RedirectResponse(f"/desk/sign-in?{urlencode({'over': 'yes'})}", 303)

    return answered


async def step(request: Request) -> Response:
    return await _step(request, request.query_params.get("next", ""))


async def by_code(request: Request, form: Form) -> Response:
    call, secret = call_of(request), _secret(request)
    try:
        answer = await call.form(entries.by_code, form.only("code"), secret=secret, **known(request))
    except rpc.Invalid as error:
        return await _step(request, form.text("next"), {"code": NOT_RIGHT}, status=error.status)
    return await _answered(request, form.text("next"), answer, "code", NOT_RIGHT)


async def by_passkey(request: Request, form: Form) -> Response:
    call, secret = call_of(request), _secret(request)
    try:
        answer = await call.form(entries.by_passkey, form.only("answer"), secret=secret, **known(request))
    except rpc.Invalid as error:
        return await _step(request, form.text("next"), {"passkey": NOT_A_PASSKEY}, status=error.status)
    return await _answered(request, form.text("next"), answer, "passkey", NOT_A_PASSKEY)


def _secret(request: Request) -> str:
    """The cookie between the steps. Without it there is nothing to go on with."""
    return cookie(request, ENTRY)[:100] or "none"


async def _answered(request: Request, came_for: str, answer: SignIn, field: str, wrong: str) -> Response:
    if answer.token is not None:
        return entered(request, answer, paths.for_role(came_for, answer.role), came_for)
    status, words, headers = refusal(answer.wait, wrong)
    return await _step(request, came_for, {field: words}, status=status, headers=headers)


async def _step(
    request: Request,
    came_for: str,
    wrong: Mapping[str, str] | None = None,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    shown = await call_of(request)(entries.step, _secret(request))
    came_for = paths.own(came_for)
    back = "/desk/sign-in" if came_for.startswith(DESK) else "/sign-in?with=password"
    said = {"shown": shown, "wrong": wrong or {}, "next": came_for, "back": back}
    return page(request, "account/step.html", status=status, headers=headers, **said)
