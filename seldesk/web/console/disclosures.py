"""What authorities want: the list, and one of them."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.errors import ProofNeeded
from seldesk.methods.console import ops_disclosures
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import Action, id_of, query_of

HOME = "/disclosures"
FIELDS = ("slug", "authority", "reference", "wanted")
NOBODY = {"slug": "No such customer is served."}


async def listed(request: Request) -> Response:
    return await _list(request, dict.fromkeys(FIELDS, ""), {})


async def disclosure(request: Request) -> Response:
    return await _one(request, {})


async def open(request: Request, form: Form) -> Response:
    typed = {name: form.text(name) for name in FIELDS}
    try:
        made = await call_of(request).form(ops_disclosures.open, form.only(*FIELDS))
    except rpc.NotFound as error:
        return await _list(request, typed, NOBODY, error.status)
    except ProofNeeded:
        return await _list(request, typed, {"": str(ProofNeeded())}, ProofNeeded.status)
    except MENDABLE as error:
        return await _list(request, typed, faults(error), error.status)
    return RedirectResponse(f"{HOME}/{made}", 303)


def recording(method: rpc.Method[..., None], *fields: str) -> Action:
    """A form of the page of one, whose words stay where they were typed when something is wrong with them."""

    async def recorded(request: Request, form: Form) -> Response:
        try:
            await call_of(request).form(method, form.only(*fields), disclosure=id_of(request))
        except (*MENDABLE, ProofNeeded) as error:
            typed = {name: form.text(name) for name in fields}
            return await _one(request, faults(error), typed, error.status)
        return RedirectResponse(f"{HOME}/{id_of(request)}", 303)

    return recorded


async def _list(request: Request, typed: Mapping[str, str], wrong: Mapping[str, str], status: int = 200) -> Response:
    fields = query_of(request, "cursor") if request.method == "GET" else {}
    shown = await call_of(request).form(ops_disclosures.page, fields)
    said: dict[str, Any] = {"shown": shown, "typed": typed, "wrong": wrong}
    return page(request, "console/disclosures/list.html", status=status, frame=shown.frame, **said)


async def _one(
    request: Request, wrong: Mapping[str, str], typed: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    shown = await call_of(request)(ops_disclosures.read, id_of(request))
    said: dict[str, Any] = {"shown": shown, "one": shown.disclosure, "wrong": wrong, "typed": typed or {}}
    return page(request, "console/disclosures/one.html", status=status, frame=shown.frame, **said)
