"""Proving once more who one is, where it matters."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import factors
from seldesk.methods.desk.shapes.factors import Proof
from seldesk.web import paths
from seldesk.web.account.second_step import NOT_A_PASSKEY, NOT_RIGHT
from seldesk.web.credential import SESSION, call_of, set_cookie
from seldesk.web.desk.sign_in import refusal
from seldesk.web.form import Form
from seldesk.web.render import page


def first_prove(page: str) -> Response:
    """For a file: what a browser would keep under its name is never the question. Back to the page that leads to it."""
    return RedirectResponse(f"/account/again?{urlencode({'next': page})}", 303)


async def form(request: Request) -> Response:
    return await _page(request, request.query_params.get("next", ""), {})


async def prove(request: Request, form: Form) -> Response:
    came_for = form.text("next")
    try:
        proof = await call_of(request).form(factors.prove, form.only("password", "code"))
    except rpc.Invalid as error:
        faults = {"code": NOT_RIGHT} if "code" in error.fields else dict(error.fields)
        return await _page(request, came_for, faults, status=error.status)
    if "code" in form.fields:
        return await _answered(request, came_for, proof, "code", "The password or the code is not right.")
    return await _answered(request, came_for, proof, "password", "This is not your password.")


async def by_passkey(request: Request, form: Form) -> Response:
    came_for = form.text("next")
    try:
        proof = await call_of(request).form(factors.prove_by_passkey, form.only("answer"))
    except rpc.Invalid as error:
        return await _page(request, came_for, {"passkey": NOT_A_PASSKEY}, status=error.status)
    return await _answered(request, came_for, proof, "passkey", NOT_A_PASSKEY)


async def _answered(request: Request, came_for: str, proof: Proof, field: str, wrong: str) -> Response:
    if proof.token is None:
        status, words, headers = refusal(proof.wait, wrong)
        return await _page(request, came_for, {field: words}, status=status, headers=headers)
    response = RedirectResponse(paths.own(came_for), 303)
    set_cookie(request, response, SESSION, proof.token)
    return response


async def _page(
    request: Request,
    came_for: str,
    wrong: dict[str, str],
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    shown = await call_of(request)(factors.challenge)
    said = {"shown": shown, "next": paths.own(came_for), "wrong": wrong}
    return page(request, "account/again.html", status=status, headers=headers, **said)
