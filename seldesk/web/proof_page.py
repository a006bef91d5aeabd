"""The page that asks once more who somebody is, at any door, and leads on to what they came for."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.web.credential import call_of, set_cookie
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.refusals import NOT_A_PASSKEY, NOT_RIGHT, WRONG_PASSWORD, refusal
from seldesk.web.render import page


class Proof(Protocol):
    """token is the session's from now on, None when it was refused; wait is in seconds."""

    @property
    def token(self) -> str | None: ...
    @property
    def wait(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPage:
    """At one door: what is asked there, which methods take the answer, and which cookie the session is kept in.

    own says where somebody goes on: a page of this door, whatever is wanted.
    """

    template: str
    shown: Callable[[rpc.Call], Awaitable[Mapping[str, Any]]]
    code: rpc.Method[..., Proof]
    passkey: rpc.Method[..., Proof]
    cookie: str
    own: Callable[[str], str]

    async def form(self, request: Request) -> Response:
        return await self._page(request, request.query_params.get("next", ""))

    async def by_code(self, request: Request, form: Form) -> Response:
        """By the password, and by a code where one is asked for."""
        came_for = form.text("next")
        try:
            proof = await call_of(request).form(self.code, form.only("password", "code"))
        except rpc.Invalid as error:
            wrong = {"code": NOT_RIGHT} if "code" in error.fields else error.fields
            return await self._page(request, came_for, Filled(form, wrong, error.status))
        if "code" in form.fields:
            return await self._answered(request, came_for, proof, "code", "The password or the code is not right.")
        return await self._answered(request, came_for, proof, "password", WRONG_PASSWORD)

    async def by_passkey(self, request: Request, form: Form) -> Response:
        came_for = form.text("next")
        try:
            proof = await call_of(request).form(self.passkey, form.only("answer"))
        except rpc.Invalid as error:
            return await self._page(request, came_for, Filled(form, {"passkey": NOT_A_PASSKEY}, error.status))
        return await self._answered(request, came_for, proof, "passkey", NOT_A_PASSKEY)

    async def _answered(self, request: Request, came_for: str, proof: Proof, field: str, wrong: str) -> Response:
        if proof.token is None:
            status, words, headers = refusal(proof.wait, wrong)
            return await self._page(request, came_for, Filled(None, {field: words}, status, headers))
        response = RedirectResponse(self.own(came_for), 303)
        set_cookie(request, response, self.cookie, proof.token)
        return response

    async def _page(self, request: Request, came_for: str, filled: Filled = BLANK) -> Response:
        shown = await self.shown(call_of(request))
        return page(request, self.template, **filled.said, **shown, next=self.own(came_for))
