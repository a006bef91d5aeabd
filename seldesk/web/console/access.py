"""Staff access to a customer's account: asked for, approved, opened, ended."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.errors import NoAccess
from seldesk.methods.console import ops_access
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of

FIELDS = ("reason", "ticket", "subject", "scope")
REFUSED = (*MENDABLE, NoAccess)


def home_of(request: Request) -> str:
    return f"/customers/{_slug(request)}/access"


async def access(request: Request) -> Response:
    return await _page(request, {}, {})


async def start(request: Request, form: Form) -> Response:
    """No redirect: the link is in this answer and nowhere else, and no form leads to another host."""
    try:
        opened = await call_of(request).form(ops_access.start, form.only(*FIELDS), slug=_slug(request))
    except REFUSED as error:
        typed = {name: form.text(name) for name in FIELDS}
        return await _page(request, typed, faults(error), error.status)
    return page(request, "console/access/ready.html", frame=opened.frame, opened=opened)


async def ask(request: Request, form: Form) -> Response:
    try:
        fields = form.only("reason", "legal_reference")
        await call_of(request).form(ops_access.ask, fields, slug=_slug(request))
    except REFUSED as error:
        wrong = {f"ask_{name}": words for name, words in faults(error).items()}
        typed = {"ask_reason": form.text("reason"), "legal_reference": form.text("legal_reference")}
        return await _page(request, typed, wrong, error.status)
    return RedirectResponse(home_of(request), 303)


async def approve(request: Request, _: Form) -> Response:
    return await _done(request, ops_access.approve, slug=_slug(request), grant=id_of(request))


async def end(request: Request, _: Form) -> Response:
    return await _done(request, ops_access.end, access=id_of(request))


async def _done(request: Request, method: rpc.Method[..., None], **arguments: object) -> Response:
    try:
        await call_of(request)(method, **arguments)
    except REFUSED as error:
        return await _page(request, {}, faults(error), error.status)
    return RedirectResponse(home_of(request), 303)


async def _page(request: Request, typed: Mapping[str, str], wrong: Mapping[str, str], status: int = 200) -> Response:
    shown = await call_of(request)(ops_access.page, _slug(request))
    return page(
        request,
        "console/access/access.html",
        status=status,
        frame=shown.frame,
        shown=shown,
        opened=next((one for one in shown.grants if one.state == "open"), None),
        asked=[one for one in shown.grants if one.state == "asked"],
        typed=typed,
        wrong=wrong,
    )


def _slug(request: Request) -> str:
    return str(request.path_params["slug"])[:100]
