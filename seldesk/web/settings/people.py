"""Who works here: the list, one person, and what an owner does with them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import members, panels
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.role_words import sections
from seldesk.web.routes import Action, id_of, query_of

HOME, DESK = "/settings/people", "/desk/tickets"


async def home(request: Request) -> Response:
    """The first section that is for whoever asks; the desk for those who have none."""
    shown = await call_of(request)(panels.home)
    return RedirectResponse(next(iter(sections(shown.me.may)), DESK), 303)


async def people(request: Request) -> Response:
    return await _list(request)


async def person(request: Request) -> Response:
    return await _person(request)


async def invite(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(members.invite, form.only("email", "name", "role"))
    except MENDABLE as error:
        return await _list(request, Filled.refused(error, form))
    return RedirectResponse(f"{HOME}?done=invited", 303)


async def update(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(members.update, form.only("name", "role"), person=id_of(request))
    except MENDABLE as error:
        return await _person(request, Filled.refused(error, form))
    return RedirectResponse(f"{HOME}?done=saved", 303)


def doing(method: rpc.Method[..., None], done: str) -> Action:
    """A button that does this with the person of the page; done says so on the next one."""

    async def do(request: Request, _: Form) -> Response:
        try:
            await call_of(request)(method, person=id_of(request))
        except MENDABLE as error:
            return await _person(request, Filled.refused(error))
        return RedirectResponse(f"{HOME}?done={done}", 303)

    return do


async def _list(request: Request, filled: Filled = BLANK) -> Response:
    fields: Any = query_of(request, "cursor") if request.method == "GET" else {}
    shown = await call_of(request).form(members.page, fields)
    return page(
        request,
        "settings/people/people.html",
        **filled.said,
        panel=shown.panel,
        members=shown.members,
        offered=shown.roles,
        typed={"email": filled.text("email"), "name": filled.text("name"), "role": filled.text("role", "agent")},
    )


async def _person(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(members.read, id_of(request))
    held = str(shown.member.role_id or shown.member.role)
    return page(
        request,
        "settings/people/person.html",
        **filled.said,
        panel=shown.panel,
        member=shown.member,
        offered=shown.roles,
        name=filled.text("name", shown.member.name),
        chosen=filled.text("role") or held,
    )
