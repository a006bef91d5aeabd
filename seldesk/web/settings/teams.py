"""Teams: the list, one team, and who is in it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import teams as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of

HOME = "/settings/teams"


async def teams(request: Request) -> Response:
    return await _list(request)


async def team(request: Request) -> Response:
    return await _team(request)


async def create(request: Request, form: Form) -> Response:
    try:
        made = await call_of(request).form(methods.create, form.only("name"))
    except MENDABLE as error:
        return await _list(request, Filled.refused(error, form))
    return RedirectResponse(f"{HOME}/{made}", 303)


async def update(request: Request, form: Form) -> Response:
    # A form does not send the boxes that are not ticked: none at all means an empty team.
    nobody: dict[str, Any] = {} if "members" in form.fields else {"members": []}
    try:
        await call_of(request).form(methods.update, form.only("name", "members"), team=id_of(request), **nobody)
    except MENDABLE as error:
        return await _team(request, Filled.refused(error, form))
    return RedirectResponse(f"{HOME}?done=saved", 303)


async def delete(request: Request, _: Form) -> Response:
    try:
        await call_of(request)(methods.delete, id_of(request))
    except MENDABLE as error:
        return await _team(request, Filled.refused(error))
    return RedirectResponse(f"{HOME}?done=deleted", 303)


async def _list(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(methods.page)
    return page(
        request,
        "settings/teams/teams.html",
        **filled.said,
        panel=shown.panel,
        teams=shown.teams,
        typed=filled.text("name"),
    )


async def _team(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(methods.read, id_of(request))
    return page(
        request,
        "settings/teams/team.html",
        **filled.said,
        panel=shown.panel,
        team=shown.team,
        agents=shown.agents,
        unsolved=shown.unsolved,
        name=filled.text("name", shown.team.name),
        ticked=filled.ticked("members", [str(member.id) for member in shown.team.members]),
    )
