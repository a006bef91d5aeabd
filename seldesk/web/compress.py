"""Text travels packed, but not where a foreign page could measure it."""

import secrets
import struct
import zlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PACKED = ("text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml")
FOREIGN = ("cross-site", "same-site")
SMALLEST = 1000  # bytes; below, nothing is gained
MOST_PADDING = 64


class Compress:
    """Packs pages, styles, scripts and drawings for browsers that unpack them.

    What another site makes a browser ask for is left as it is: from the sizes of many packed pages into which it
    put words of its own, somebody who watches the line could guess at the rest (BREACH). No size is exact, and no two
    form tokens are alike. Other answers, such as those of /rpc and streams, are never packed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not wanted(Headers(scope=scope)):
            return await self.app(scope, receive, send)
        await self.app(scope, receive, _Packing(send))


def wanted(headers: Headers) -> bool:
    codings = {part.partition(";")[0].strip().lower() for part in headers.get("accept-encoding", "").split(",")}
    return "gzip" in codings and headers.get("sec-fetch-site") not in FOREIGN and "range" not in headers


class _Packing:
    """Holds back the head of an answer until its whole body is there; one that comes in parts goes on as it is."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._head: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_text(Headers(raw=message["headers"])):
            self._head = message
            return
        head, self._head = self._head, None
        if head is not None:
            headers = MutableHeaders(raw=head["headers"])
            headers.add_vary_header("Accept-Encoding")
            body = message.get("body", b"")
            if message["type"] == "http.response.body" and not message.get("more_body") and len(body) >= SMALLEST:
                body = packed(body)
                headers["Content-Encoding"] = "gzip"
                headers["Content-Length"] = str(len(body))
                message = {**message, "body": body}
            await self._send(head)
        await self._send(message)


def _is_text(headers: Headers) -> bool:
    return headers.get("content-type", "").partition(";")[0] in PACKED and "content-encoding" not in headers


def packed(body: bytes) -> bytes:
    """RFC 1952, with a name of random length, so that the same text is never of quite the same size."""
    name = secrets.token_urlsafe(MOST_PADDING)[: secrets.randbelow(MOST_PADDING)].encode()
    head = b"\x1f\x8b\x08\x08" + bytes(4) + b"\x00\xff" + name + b"\x00"
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return head + packer.compress(body) + packer.flush() + struct.pack("<II", zlib.crc32(body), len(body) & 0xFFFFFFFF)
