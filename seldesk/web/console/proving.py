"""Proving once more who one is, where it matters."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.errors import ProofNeeded
from seldesk.methods.console import staff_self
from seldesk.web.console.entry import own_path
from seldesk.web.credential import STAFF
from seldesk.web.form import Form
from seldesk.web.proof_page import ProofPage
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


def _to_prove(came_for: str) -> Response:
    return RedirectResponse(f"/again?{urlencode({'next': came_for})}", 303)


async def _shown(call: rpc.Call) -> Mapping[str, Any]:
    shown = await call(staff_self.challenge)
    return {"shown": shown, "frame": shown.frame}


again = ProofPage(
    template="console/again.html",
    shown=_shown,
    code=staff_self.prove_by_code,
    passkey=staff_self.prove_by_passkey,
    cookie=STAFF,
    own=own_path,
)
