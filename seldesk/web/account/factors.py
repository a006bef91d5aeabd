"""One's own second factors, recovery codes, password and sessions: for requesters a page of its own, for the desk its
profile.
"""

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import factors as methods
from seldesk.methods.desk import people
from seldesk.methods.desk.shapes.factors import Enrolled
from seldesk.web import paths
from seldesk.web.credential import call_of
from seldesk.web.desk import new_password
from seldesk.web.errors import MENDABLE, words_of
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.refusals import NOT_A_PASSKEY, NOT_RIGHT
from seldesk.web.render import page
from seldesk.web.routes import id_of

PROFILE = "/desk/profile"


async def account(request: Request) -> Response:
    return await _account(request)


async def new(request: Request) -> Response:
    try:
        shown = await call_of(request)(methods.new)
    except MENDABLE as error:
        return await _account(request, Filled(None, {"factors": words_of(error)}, error.status))
    return page(request, "account/new_factor.html", shown=shown, wrong={}, name="")


async def add_authenticator(request: Request, form: Form) -> Response:
    try:
        added = await call_of(request).form(methods.add_authenticator, form.only("code", "name"))
    except rpc.Invalid:
        added = Enrolled(False)
    return _added(request, form, added, {"code": NOT_RIGHT})


async def add_passkey(request: Request, form: Form) -> Response:
    try:
        added = await call_of(request).form(methods.add_passkey, form.only("answer", "name"))
    except rpc.Invalid:
        added = Enrolled(False)
    return _added(request, form, added, {"passkey": NOT_A_PASSKEY})


async def remove(request: Request, _: Form) -> Response:
    try:
        await call_of(request)(methods.remove, id_of(request))
    except MENDABLE as error:
        return await _account(request, Filled(None, {"factors": words_of(error)}, error.status))
    return _back("removed")


async def renew_codes(request: Request, _: Form) -> Response:
    try:
        made = await call_of(request)(methods.renew_codes)
    except MENDABLE as error:
        return await _account(request, Filled(None, {"factors": words_of(error)}, error.status))
    return _codes(request, made)


async def change_password(request: Request, form: Form) -> Response:
    return await new_password.change(request, form, paths.ACCOUNT, partial(_account, request))


async def end_session(request: Request, _: Form) -> Response:
    await call_of(request)(people.end_session, id_of(request))
    return RedirectResponse(f"{paths.ACCOUNT}#sessions-title", 303)


def _added(request: Request, form: Form, added: Enrolled, wrong: dict[str, str]) -> Response:
    """What was shown is not shown again: whoever mistyped a code has the key in their program already."""
    if not added.added:
        name = form.text("name")
        return page(request, "account/new_factor.html", status=422, shown=None, wrong=wrong, name=name)
    return _codes(request, added) if added.codes else _back("added")


def _codes(request: Request, made: Enrolled) -> Response:
    """No redirect: the codes are in this answer and nowhere else."""
    return page(request, "account/codes.html", codes=made.codes, there="/desk" if made.demanded else paths.ACCOUNT)


def _back(done: str) -> Response:
    return RedirectResponse(f"{paths.ACCOUNT}?done={done}", 303)


async def _account(request: Request, filled: Filled = BLANK) -> Response:
    """Whoever works here has all this in their profile."""
    shown = await call_of(request)(methods.page)
    done = request.query_params.get("done", "")
    if shown.me.role != "requester" and not filled.wrong:
        return RedirectResponse(f"{PROFILE}?done={done}#factors-title" if done else PROFILE, 303)
    return page(request, "account/account.html", **filled.said, me=shown.me, shown=shown, done=done)
