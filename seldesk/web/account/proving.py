"""Proving once more who one is, where it matters."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import factors
from seldesk.web import paths
from seldesk.web.credential import SESSION
from seldesk.web.proof_page import ProofPage


def first_prove(page: str) -> Response:
    """For a file: what a browser would keep under its name is never the question. Back to the page that leads to it."""
    return RedirectResponse(f"/account/again?{urlencode({'next': page})}", 303)


async def _shown(call: rpc.Call) -> Mapping[str, Any]:
    return {"shown": await call(factors.challenge)}


again = ProofPage(
    template="account/again.html",
    shown=_shown,
    code=factors.prove,
    passkey=factors.prove_by_passkey,
    cookie=SESSION,
    own=paths.own,
)
