"""Roles: the list, one of them, what it may, and its end."""

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import roles as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of

HOME = "/settings/roles"
FIELDS = ("name", "reach", "permissions")


async def roles(request: Request) -> Response:
    return await _list(request)


async def role(request: Request) -> Response:
    return await _role(request)


async def create(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(methods.create, form.only(*FIELDS))
    except MENDABLE as error:
        return await _list(request, Filled.refused(error, form))
    return RedirectResponse(f"{HOME}?done=saved", 303)


async def update(request: Request, form: Form) -> Response:
    # A form does not send the boxes that are not ticked: none at all means that nothing is granted.
    nothing: dict[str, Any] = {} if "permissions" in form.fields else {"permissions": []}
    try:
        await call_of(request).form(methods.update, form.only(*FIELDS), role=id_of(request), **nothing)
    except MENDABLE as error:
        return await _role(request, Filled.refused(error, form))
    return RedirectResponse(f"{HOME}?done=saved", 303)


async def delete(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(methods.delete, form.only("instead"), role=id_of(request))
    except MENDABLE as error:
        return await _role(request, Filled.refused(error))
    return RedirectResponse(f"{HOME}?done=deleted", 303)


async def _list(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(methods.page)
    return page(
        request,
        "settings/roles/roles.html",
        **filled.said,
        panel=shown.panel,
        shown=shown,
        name=filled.text("name"),
        reach=filled.text("reach") or "all",
        ticked=filled.ticked("permissions"),
    )


async def _role(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(methods.read, id_of(request))
    role = shown.role
    if filled.form is not None:
        role = replace(role, reach=filled.text("reach"), permissions=filled.ticked("permissions"))
    return page(
        request,
        "settings/roles/role.html",
        **filled.said,
        panel=shown.panel,
        shown=shown,
        role=role,
        name=filled.text("name", role.name),
    )
