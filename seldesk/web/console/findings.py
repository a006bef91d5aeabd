"""The register of findings, and one of them."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.errors import ProofNeeded
from seldesk.methods.console import ops_findings
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import Action, id_of, query_of

HOME = "/findings"
FIELDS = ("title", "source", "weight", "place", "owner", "detail", "due")


async def listed(request: Request) -> Response:
    return await _list(request, dict.fromkeys(FIELDS, ""), {})


async def finding(request: Request) -> Response:
    return await _one(request, {})


async def enter(request: Request, form: Form) -> Response:
    try:
        made = await call_of(request).form(ops_findings.enter, form.only(*FIELDS))
    except (*MENDABLE, ProofNeeded) as error:
        return await _list(request, {name: form.text(name) for name in FIELDS}, faults(error), error.status)
    return RedirectResponse(f"{HOME}/{made}", 303)


def changing(method: rpc.Method[..., None], *fields: str) -> Action:
    async def changed(request: Request, form: Form) -> Response:
        try:
            await call_of(request).form(method, form.only(*fields), finding=id_of(request))
        except (*MENDABLE, ProofNeeded) as error:
            return await _one(request, faults(error), {name: form.text(name) for name in fields}, error.status)
        return RedirectResponse(f"{HOME}/{id_of(request)}", 303)

    return changed


async def _list(request: Request, typed: Mapping[str, str], wrong: Mapping[str, str], status: int = 200) -> Response:
    fields = query_of(request, "state", "cursor") if request.method == "GET" else {}
    try:
        shown = await call_of(request).form(ops_findings.page, fields)
    except rpc.Invalid:
        return RedirectResponse(HOME, 303)
    said: dict[str, Any] = {
        "shown": shown,
        "typed": typed,
        "wrong": wrong,
        "state": request.query_params.get("state", ""),
    }
    return page(request, "console/findings/list.html", status=status, frame=shown.frame, **said)


async def _one(
    request: Request, wrong: Mapping[str, str], typed: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    shown = await call_of(request)(ops_findings.read, id_of(request))
    said: dict[str, Any] = {"shown": shown, "one": shown.finding, "wrong": wrong, "typed": typed or {}}
    return page(request, "console/findings/one.html", status=status, frame=shown.frame, **said)
