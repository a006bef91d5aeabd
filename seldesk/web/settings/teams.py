"""Teams: the list, one team, and who is in it."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import teams as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of
from seldesk.web.settings.faults import faults

HOME = "/settings/teams"


async def teams(request: Request) -> Response:
    return await _list(request, "", {})


async def team(request: Request) -> Response:
    return await _team(request, {})


async def create(request: Request, form: Form) -> Response:
    try:
        made = await call_of(request).form(methods.create, form.only("name"))
    except MENDABLE as error:
        return await _list(request, form.text("name"), faults(error), status=error.status)
    return RedirectResponse(f"{HOME}/{made}", 303)


async def update(request: Request, form: Form) -> Response:
    # A form does not send the boxes that are not ticked: none at all means an empty team.
    nobody: dict[str, Any] = {} if "members" in form.fields else {"members": []}
    try:
        await call_of(request).form(methods.update, form.only("name", "members"), team=id_of(request), **nobody)
    except MENDABLE as error:
        return await _team(request, faults(error), form, status=error.status)
    return RedirectResponse(f"{HOME}?done=saved", 303)


async def _list(request: Request, typed: str, wrong: Mapping[str, str], *, status: int = 200) -> Response:
    shown = await call_of(request)(methods.page)
    return page(
        request,
        "settings/teams/teams.html",
        status=status,
        panel=shown.panel,
        teams=shown.teams,
        typed=typed,
        wrong=wrong,
    )


async def _team(request: Request, wrong: Mapping[str, str], form: Form | None = None, *, status: int = 200) -> Response:
    shown = await call_of(request)(methods.read, id_of(request))
    ticked = form.fields.get("members", []) if form else [str(member.id) for member in shown.team.members]
    return page(
        request,
        "settings/teams/team.html",
        status=status,
        panel=shown.panel,
        team=shown.team,
        agents=shown.agents,
        name=form.text("name") if form else shown.team.name,
        ticked=ticked,
        wrong=wrong,
    )
