"""Who works here: the list, one person, and what an owner does with them."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import members, panels
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.role_words import sections
from seldesk.web.routes import Action, id_of, query_of
from seldesk.web.settings.faults import faults

HOME, DESK = "/settings/people", "/desk/tickets"


async def home(request: Request) -> Response:
    """The first section that is for whoever asks; the desk for those who have none."""
    shown = await call_of(request)(panels.home)
    return RedirectResponse(next(iter(sections(shown.me.may)), DESK), 303)


async def people(request: Request) -> Response:
    return await _list(request, {}, {})


async def person(request: Request) -> Response:
    return await _person(request, {})


async def invite(request: Request, form: Form) -> Response:
    names = ("email", "name", "role")
    try:
        await call_of(request).form(members.invite, form.only(*names))
    except MENDABLE as error:
        typed = {name: form.text(name) for name in names}
        return await _list(request, typed, faults(error), status=error.status)
    return RedirectResponse(f"{HOME}?done=invited", 303)


async def update(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(members.update, form.only("name", "role"), person=id_of(request))
    except MENDABLE as error:
        return await _person(request, faults(error), form, status=error.status)
    return RedirectResponse(f"{HOME}?done=saved", 303)


def doing(method: rpc.Method[..., None], done: str) -> Action:
    """A button that does this with the person of the page; done says so on the next one."""

    async def do(request: Request, _: Form) -> Response:
        try:
            await call_of(request)(method, person=id_of(request))
        except MENDABLE as error:
            return await _person(request, faults(error), status=error.status)
        return RedirectResponse(f"{HOME}?done={done}", 303)

    return do


async def _list(request: Request, typed: Mapping[str, str], wrong: Mapping[str, str], *, status: int = 200) -> Response:
    fields: Any = query_of(request, "cursor") if request.method == "GET" else {}
    shown = await call_of(request).form(members.page, fields)
    return page(
        request,
        "settings/people/people.html",
        status=status,
        panel=shown.panel,
        members=shown.members,
        offered=shown.roles,
        typed=typed,
        wrong=wrong,
    )


async def _person(
    request: Request, wrong: Mapping[str, str], form: Form | None = None, *, status: int = 200
) -> Response:
    shown = await call_of(request)(members.read, id_of(request))
    held = str(shown.member.role_id or shown.member.role)
    return page(
        request,
        "settings/people/person.html",
        status=status,
        panel=shown.panel,
        member=shown.member,
        offered=shown.roles,
        name=form.text("name") if form else shown.member.name,
        chosen=(form.text("role") if form else "") or held,
        wrong=wrong,
    )
