"""The operator's own people: the list, one of them, and what is done with their accounts."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.console import ops_staff
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of

HOME = "/staff"


def home_of(request: Request) -> str:
    return f"{HOME}/{id_of(request)}"


async def listed(request: Request) -> Response:
    return await _list(request, {"email": "", "name": "", "roles": []}, {})


async def member(request: Request) -> Response:
    return await _member(request, {})


async def add(request: Request, form: Form) -> Response:
    try:
        made = await call_of(request).form(ops_staff.add, form.only("email", "name", "roles"))
    except MENDABLE as error:
        typed: dict[str, Any] = {name: form.text(name) for name in ("email", "name")}
        return await _list(request, typed | {"roles": form.fields.get("roles", [])}, faults(error), error.status)
    return _linked(request, made)


async def choose_roles(request: Request, form: Form) -> Response:
    return await _done(request, ops_staff.choose_roles, form)


async def disable(request: Request, form: Form) -> Response:
    return await _done(request, ops_staff.disable, form)


async def enable(request: Request, form: Form) -> Response:
    return await _done(request, ops_staff.enable, form)


async def reset(request: Request, _: Form) -> Response:
    try:
        made = await call_of(request)(ops_staff.reset, id_of(request))
    except MENDABLE as error:
        return await _member(request, faults(error), error.status)
    return _linked(request, made)


async def _done(request: Request, method: rpc.Method[..., None], form: Form) -> Response:
    try:
        await call_of(request).form(method, form.only("roles"), staff=id_of(request))
    except MENDABLE as error:
        return await _member(request, faults(error), error.status)
    return RedirectResponse(home_of(request), 303)


def _linked(request: Request, made: ops_staff.Linked) -> Response:
    """No redirect: the link is in this answer and nowhere else."""
    return page(request, "console/staff/link.html", frame=made.frame, name=made.name, link=made.link)


async def _list(request: Request, typed: Mapping[str, Any], wrong: Mapping[str, str], status: int = 200) -> Response:
    shown = await call_of(request)(ops_staff.page)
    return page(
        request, "console/staff/list.html", status=status, frame=shown.frame, shown=shown, typed=typed, wrong=wrong
    )


async def _member(request: Request, wrong: Mapping[str, str], status: int = 200) -> Response:
    shown = await call_of(request)(ops_staff.read, id_of(request))
    return page(request, "console/staff/member.html", status=status, frame=shown.frame, shown=shown, wrong=wrong)
