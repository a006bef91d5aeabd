"""Incidents: the list, writing one, looking at what will be said, and what became of it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

import rpc
from seldesk.methods.console import ops_deliveries, ops_incidents
from seldesk.methods.console.incident_shapes import Written
from seldesk.resources import folder
from seldesk.service import Service
from seldesk.storage import Minutes
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of, query_of
from seldesk.web.site.status import MINUTES
from seldesk.web.site.status_page import StatusPages, policy
from seldesk.web.visit import visit_of

HOME, NEW = "/incidents", "/incidents/new"
SELF = "'self'"
TEXTS = ("title", "text", "severity", "scope", "data_centre", "cluster", "customers", "people")
FIELDS = (*TEXTS, "components", "public")
BLANK: Mapping[str, Any] = {**dict.fromkeys(TEXTS, ""), "severity": "minor", "scope": "everyone", "components": []}


class NothingToShow(rpc.NotFound):
    """There is nothing to look at: nobody is told in this way."""

    code = "nothing_to_show"


def home_of(request: Request) -> str:
    return f"{HOME}/{id_of(request)}"


async def listed(request: Request) -> Response:
    try:
        shown = await call_of(request).form(ops_incidents.page, query_of(request, "state", "cursor"))
    except rpc.Invalid:
        return RedirectResponse(HOME, 303)
    state = request.query_params.get("state", "")
    return page(request, "console/incidents/list.html", frame=shown.frame, shown=shown, state=state)


async def blank(request: Request) -> Response:
    return await _write(request, {})


async def edit(request: Request) -> Response:
    return await _write(request, {}, incident=True)


async def draft(request: Request, form: Form) -> Response:
    try:
        made = await call_of(request).form(ops_incidents.draft, form.only(*FIELDS))
    except MENDABLE as error:
        return await _write(request, faults(error), typed=form, status=error.status)
    return RedirectResponse(f"{HOME}/{made}/preview", 303)


async def revise(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(ops_incidents.revise, form.only(*FIELDS), incident=id_of(request))
    except MENDABLE as error:
        return await _write(request, faults(error), typed=form, status=error.status, incident=True)
    return RedirectResponse(f"{home_of(request)}/preview", 303)


async def discard(request: Request, _: Form) -> Response:
    await call_of(request)(ops_incidents.discard, id_of(request))
    return RedirectResponse(HOME, 303)


async def preview(request: Request) -> Response:
    shown = await call_of(request)(ops_incidents.preview, id_of(request))
    return page(request, "console/incidents/preview.html", frame=shown.frame, shown=shown)


async def preview_page(request: Request) -> Response:
    """The status page as it will be, in a frame of the preview: without scripts, and with the styles of this host."""
    shown = await call_of(request)(ops_incidents.preview, id_of(request))
    visit = visit_of(request)
    if shown.told is None or visit.edge.status is None:
        raise NothingToShow
    static = str(visit.edge.pages.globals["static"])
    pages = StatusPages(folder("templates"), static, visit.edge.addresses.site())
    text = pages.page(shown.told, Minutes(visit.edge.status / MINUTES), Service.load(), visit.now)
    return HTMLResponse(text, headers={"Content-Security-Policy": f"{policy(SELF)}; sandbox allow-same-origin"})


async def preview_mail(request: Request) -> Response:
    """The mail's HTML, in a frame that can do nothing."""
    shown = await call_of(request)(ops_incidents.preview, id_of(request))
    if shown.letter is None:
        raise NothingToShow
    rules = f"default-src 'none'; sandbox; style-src 'unsafe-inline'; frame-ancestors {SELF}"
    return HTMLResponse(shown.letter.html, headers={"Content-Security-Policy": rules})


async def publish(request: Request, form: Form) -> Response:
    await call_of(request).form(ops_incidents.publish, form.only("step"), incident=id_of(request))
    return RedirectResponse(home_of(request), 303)


async def incident(request: Request) -> Response:
    return await _incident(request)


async def update(request: Request, form: Form) -> Response:
    """The end is a step like the others, to whoever writes it."""
    over = form.text("step") == "resolved"
    method: rpc.Method[..., None] = ops_incidents.resolve if over else ops_incidents.update
    fields = {"text": form.fields.get("body", []), **({} if over else form.only("step"))}
    try:
        await call_of(request).form(method, fields, incident=id_of(request))
    except MENDABLE as error:
        return await _incident(request, faults(error), form.text("body"), error.status)
    return RedirectResponse(home_of(request), 303)


async def send_again(request: Request, form: Form) -> Response:
    """Without a delivery: all that failed. Where somebody was quicker the page shows it."""
    with suppress(rpc.Conflict):
        await call_of(request).form(ops_deliveries.send_again, form.only("delivery"), incident=id_of(request))
    return RedirectResponse(home_of(request), 303)


async def _incident(
    request: Request, wrong: Mapping[str, str] | None = None, typed: str = "", status: int = 200
) -> Response:
    fields: Any = query_of(request, "state", "cursor") if request.method == "GET" else {}
    try:
        shown = await call_of(request).form(ops_incidents.read, fields, incident=id_of(request))
    except rpc.Invalid:
        return RedirectResponse(home_of(request), 303)
    said: dict[str, Any] = {"shown": shown, "wrong": wrong or {}, "typed": typed}
    said |= {"site": visit_of(request).edge.addresses.site(), "state": request.query_params.get("state", "")}
    return page(request, "console/incidents/incident.html", status=status, frame=shown.frame, **said)


async def _write(
    request: Request, wrong: Mapping[str, str], *, typed: Form | None = None, status: int = 200, incident: bool = False
) -> Response:
    known = {"incident": id_of(request)} if incident else {}
    shown = await call_of(request)(ops_incidents.blank, **known)
    return page(
        request,
        "console/incidents/write.html",
        status=status,
        frame=shown.frame,
        shown=shown,
        said=_typed(typed) if typed is not None else _drafted(shown.draft),
        wrong=wrong,
    )


def _typed(form: Form) -> Mapping[str, Any]:
    texts = {name: form.text(name) for name in TEXTS}
    return {**texts, "components": form.fields.get("components", []), "public": bool(form.text("public"))}


def _drafted(draft: Written | None) -> Mapping[str, Any]:
    if draft is None:
        return {**BLANK, "public": True}
    said: dict[str, Any] = {name: getattr(draft, name, "") for name in TEXTS}
    place = {draft.scope: draft.target} if draft.scope in ("data_centre", "cluster") else {}
    return {**said, **place, "components": draft.components, "public": draft.public}
