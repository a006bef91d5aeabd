"""Proving once more who one is, where it matters."""

from collections.abc import Callable
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.errors import ProofNeeded
from seldesk.methods.console import staff_self
from seldesk.methods.console.staff_self import Proof
from seldesk.web.console.entry import NOT_A_PASSKEY, NOT_RIGHT, own_path
from seldesk.web.credential import STAFF, call_of, set_cookie
from seldesk.web.desk.sign_in import refusal
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import Action, Page


def acting(action: Action, back: str | Callable[[Request], str]) -> Action:
    """A form that may need a fresh proof: after it one is back at the page where the form stood."""

    async def asked(request: Request, form: Form) -> Response:
        try:
            return await action(request, form)
        except ProofNeeded:
            return _to_prove(back if isinstance(back, str) else back(request))

    return asked


def looking(shown: Page) -> Page:
    """A page that may need a fresh proof."""

    async def asked(request: Request) -> Response:
        try:
            return await shown(request)
        except ProofNeeded:
            return _to_prove(request.url.path)

    return asked


async def form(request: Request) -> Response:
    return await _page(request, request.query_params.get("next", ""), {})


async def by_code(request: Request, form: Form) -> Response:
    came_for = form.text("next")
    try:
        proof = await call_of(request).form(staff_self.prove_by_code, form.only("password", "code"))
    except rpc.Invalid as error:
        return await _page(request, came_for, {"code": NOT_RIGHT}, status=error.status)
    return await _answered(request, came_for, proof, "code", "The password or the code is not right.")


async def by_passkey(request: Request, form: Form) -> Response:
    came_for = form.text("next")
    try:
        proof = await call_of(request).form(staff_self.prove_by_passkey, form.only("answer"))
    except rpc.Invalid as error:
        return await _page(request, came_for, {"passkey": NOT_A_PASSKEY}, status=error.status)
    return await _answered(request, came_for, proof, "passkey", NOT_A_PASSKEY)


def _to_prove(came_for: str) -> Response:
    return RedirectResponse(f"/again?{urlencode({'next': came_for})}", 303)


async def _answered(request: Request, came_for: str, proof: Proof, field: str, wrong: str) -> Response:
    if proof.token is None:
        status, words, headers = refusal(proof.wait, wrong)
        return await _page(request, came_for, {field: words}, status=status, headers=headers)
    response = RedirectResponse(own_path(came_for), 303)
    set_cookie(request, response, STAFF, proof.token)
    return response


async def _page(
    request: Request,
    came_for: str,
    wrong: dict[str, str],
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    shown = await call_of(request)(staff_self.challenge)
    return page(
        request,
        "console/again.html",
        status=status,
        headers=headers,
        frame=shown.frame,
        shown=shown,
        next=own_path(came_for),
        wrong=wrong,
    )
