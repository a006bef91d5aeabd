"""Roles: the list, one of them, what it may, and its end."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import roles as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of
from seldesk.web.settings.faults import faults

HOME = "/settings/roles"
FIELDS = ("name", "reach", "permissions")


async def roles(request: Request) -> Response:
    return await _list(request, None, {})


async def role(request: Request) -> Response:
    return await _role(request, None, {})


async def create(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(methods.create, form.only(*FIELDS))
    except MENDABLE as error:
        return await _list(request, form, faults(error), status=error.status)
    return RedirectResponse(f"{HOME}?done=saved", 303)


async def update(request: Request, form: Form) -> Response:
    # A form does not send the boxes that are not ticked: none at all means that nothing is granted.
    nothing: dict[str, Any] = {} if "permissions" in form.fields else {"permissions": []}
    try:
        await call_of(request).form(methods.update, form.only(*FIELDS), role=id_of(request), **nothing)
    except MENDABLE as error:
        return await _role(request, form, faults(error), status=error.status)
    return RedirectResponse(f"{HOME}?done=saved", 303)


async def delete(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(methods.delete, form.only("instead"), role=id_of(request))
    except MENDABLE as error:
        return await _role(request, None, faults(error), status=error.status)
    return RedirectResponse(f"{HOME}?done=deleted", 303)


async def _list(request: Request, form: Form | None, wrong: Mapping[str, str], *, status: int = 200) -> Response:
    shown = await call_of(request)(methods.page)
    typed = form or Form({})
    return page(
        request,
        "settings/roles/roles.html",
        status=status,
        panel=shown.panel,
        shown=shown,
        name=typed.text("name"),
        reach=typed.text("reach") or "all",
        ticked=_ticked(typed),
        wrong=wrong,
    )


async def _role(request: Request, form: Form | None, wrong: Mapping[str, str], *, status: int = 200) -> Response:
    shown = await call_of(request)(methods.read, id_of(request))
    role = shown.role
    if form is not None:
        role = replace(role, reach=form.text("reach"), permissions=_ticked(form))
    return page(
        request,
        "settings/roles/role.html",
        status=status,
        panel=shown.panel,
        shown=shown,
        role=role,
        name=form.text("name") if form else role.name,
        wrong=wrong,
    )


def _ticked(form: Form) -> list[str]:
    return [one for one in form.fields.get("permissions", ()) if isinstance(one, str)]
