"""One's own factors, recovery codes, password and sessions."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.console import staff_self
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.refusals import NOT_A_PASSKEY, NOT_RIGHT
from seldesk.web.render import page
from seldesk.web.routes import id_of

HERE, NEW = "/profile", "/profile/factors/new"


async def profile(request: Request) -> Response:
    return await _page(request)


async def new_factor(request: Request) -> Response:
    shown = await call_of(request)(staff_self.new_factor)
    return page(request, "console/new_factor.html", frame=shown.frame, shown=shown.enrolment, wrong={}, name="")


async def add_authenticator(request: Request, form: Form) -> Response:
    try:
        added = await call_of(request).form(staff_self.add_authenticator, form.only("code", "name"))
    except rpc.Invalid:
        added = False
    return await _added(request, form, added, {"code": NOT_RIGHT})


async def add_passkey(request: Request, form: Form) -> Response:
    try:
        added = await call_of(request).form(staff_self.add_passkey, form.only("answer", "name"))
    except rpc.Invalid:
        added = False
    return await _added(request, form, added, {"passkey": NOT_A_PASSKEY})


async def remove_factor(request: Request, _: Form) -> Response:
    try:
        await call_of(request)(staff_self.remove_factor, id_of(request))
    except MENDABLE as error:
        return await _page(request, {"factors": str(error)}, status=error.status)
    return RedirectResponse(f"{HERE}?done=removed#factors-title", 303)


async def renew_codes(request: Request, _: Form) -> Response:
    # No redirect: the codes are in this answer and nowhere else.
    made = await call_of(request)(staff_self.renew_codes)
    return page(request, "console/codes.html", frame=made.frame, codes=made.codes)


async def change_password(request: Request, form: Form) -> Response:
    if form.text("password") != form.text("again"):
        return await _page(request, {"again": "The two passwords differ."}, status=422)
    try:
        await call_of(request).form(staff_self.change_password, form.only("password"))
    except rpc.Invalid as error:
        return await _page(request, faults(error), status=error.status)
    return RedirectResponse(f"{HERE}?done=password#password-title", 303)


async def end_session(request: Request, _: Form) -> Response:
    await call_of(request)(staff_self.end_session, id_of(request))
    return RedirectResponse(f"{HERE}#sessions-title", 303)


async def _added(request: Request, form: Form, added: bool, wrong: dict[str, str]) -> Response:
    """What was shown is not shown again: whoever mistyped a code has the secret in their program already."""
    if added:
        return RedirectResponse(f"{HERE}?done=added#factors-title", 303)
    frame = (await call_of(request)(staff_self.page)).frame
    name = form.text("name")
    return page(request, "console/new_factor.html", status=422, frame=frame, shown=None, wrong=wrong, name=name)


async def _page(request: Request, wrong: Mapping[str, str] | None = None, *, status: int = 200) -> Response:
    shown = await call_of(request)(staff_self.page)
    return page(
        request,
        "console/profile.html",
        status=status,
        frame=shown.frame,
        shown=shown,
        wrong=wrong or {},
        done=request.query_params.get("done", ""),
    )
