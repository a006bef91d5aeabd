"""JSON-RPC over HTTP, as an ASGI application for one path."""

import asyncio
from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rpc.caller import Credential
from rpc.dispatcher import Dispatcher
from rpc.errors import Error, InvalidRequest, TooLarge
from rpc.limits import Limits
from rpc.wire import Reply, refusal, reply

_JSON = {"application/json", "application/json;charset=utf-8"}


class MethodNotAllowed(InvalidRequest):
    """Send a POST."""

    code, status = "method_not_allowed", 405


class UnsupportedMediaType(InvalidRequest):
    """Send the body as application/json, in UTF-8 and without a content encoding."""

    code, status = "unsupported_media_type", 415


class TooSlow(InvalidRequest):
    """The body did not arrive in time."""

    code, status = "too_slow", 408


class Endpoint:
    """Answers POST with JSON-RPC's reply.

    `credential_of` says what the request shows, or refuses it with an Error. A single call has the status of
    its error, a batch 200, a notification 204. The header Idempotency-Key is the key of a single call.
    """

    def __init__(self, dispatcher: Dispatcher, credential_of: Callable[[Request], Credential]) -> None:
        self._dispatcher = dispatcher
        self._credential_of = credential_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._reply(Request(scope, receive))
        except ClientDisconnect:
            return
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        if answer.status == MethodNotAllowed.status:
            headers["Allow"] = "POST"
        if answer.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        if answer.status in (TooLarge.status, TooSlow.status):  # what is left of the body is never read
            headers["Connection"] = "close"
        if answer.retry_after is not None:
            headers["Retry-After"] = str(answer.retry_after)
        media_type = "application/json" if answer.content else None
        response = Response(answer.content, answer.status, headers, media_type)
        await response(scope, receive, send)

    async def _reply(self, request: Request) -> Reply:
        request_id = ""
        try:
            if request.method != "POST":
                raise MethodNotAllowed
            credential = self._credential_of(request)
            request_id = credential.request_id
            key = _key(request)
            body = await _body(request, self._dispatcher.limits)
        except Error as error:
            return refusal(error, request_id)
        return await reply(self._dispatcher, credential, body, key)


def _key(request: Request) -> str:
    keys = request.headers.getlist("idempotency-key")
    if len(keys) > 1 or keys == [""]:
        raise InvalidRequest("A call has one Idempotency-Key, or none.")
    return keys[0] if keys else ""


async def _body(request: Request, limits: Limits) -> bytes:
    media_type = request.headers.get("content-type", "").lower().replace(" ", "").replace('"', "")
    if media_type not in _JSON or request.headers.get("content-encoding", "identity") != "identity":
        raise UnsupportedMediaType
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise InvalidRequest("Content-Length is a number.")
    # Before a byte is read; a number that long is too large whatever it says.
    if len(length) > 15 or int(length) > limits.body:
        raise TooLarge
    body = bytearray()
    try:
        async with asyncio.timeout(limits.seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limits.body:
                    raise TooLarge
    except TimeoutError:
        raise TooSlow from None
    return bytes(body)
