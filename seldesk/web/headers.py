"""What every answer says about itself, and the id by which a request is found again."""

import secrets
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from seldesk.web.visit import Edge, Visit

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cache-Control": "no-store",
}
HSTS = "max-age=63072000; includeSubDomains"


def page_policy(nonce: str) -> str:
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


class Arrival:
    """Where a request comes in: what is known of it is put together once, and its answer gets its headers.

    A header that an answer sets itself stays as it is.
    """

    def __init__(self, app: ASGIApp, edge: Edge) -> None:
        self.app = app
        self.edge = edge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            return await WebSocketClose()(scope, receive, send)
        if scope["type"] != "http":
            raise RuntimeError(f"the web edge does not speak {scope['type']}")
        visit = self._visit(scope)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message), visit)
            await send(message)

        # With an app in the scope, Starlette raises what it finds wrong instead of answering in plain text.
        await self.app({**scope, "visit": visit, "app": self}, receive, sending)

    def _visit(self, scope: Scope) -> Visit:
        return Visit(
            edge=self.edge,
            request_id=secrets.token_hex(8),
            nonce=secrets.token_urlsafe(16),
            now=self.edge.now(),
            address=self.edge.proxies.address(scope),
            secure=self.edge.proxies.secure(scope),
        )

    def _complete(self, headers: MutableHeaders, visit: Visit) -> None:
        headers["X-Request-Id"] = visit.request_id
        if visit.acting is not None:
            headers["X-Impersonated-By"] = quote(visit.acting.email, safe="@+")
        if visit.over:
            headers.append("Set-Cookie", visit.over)
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", page_policy(visit.nonce))
        if not self.edge.development:
            headers["Strict-Transport-Security"] = HSTS
