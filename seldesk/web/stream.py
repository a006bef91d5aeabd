"""One open page that listens: what it is still to be sent, and the answer that never ends by itself."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

MOST_WAITING = 100
# A proxy that holds events back, or says that it may be stored, would make them old news.
HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


@dataclass(eq=False, slots=True)
class Stream:
    """fresh: it has not been told yet who looks at what."""

    session: UUID
    person: UUID
    role: str
    fresh: bool = True
    over: bool = False
    _waiting: deque[bytes] = field(default_factory=deque)
    _bell: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, event: str, data: Any) -> None:
        """A page that reads too slowly is told to read everything anew instead."""
        if self.over:
            return
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self.fresh = True
            event, data = "again", None
        self._waiting.append(b"event: %b\ndata: %b\n\n" % (event.encode(), msgspec.json.encode(data)))
        self._bell.set()

    def end(self) -> None:
        self.over = True
        self._bell.set()

    async def next(self, patience: float) -> bytes:
        """What is to be sent now: events, after some time a comment that keeps proxies waiting, b"" at the end."""
        try:
            async with asyncio.timeout(patience):
                await self._bell.wait()
        except TimeoutError:
            return b": still here\n\n"
        self._bell.clear()
        if self.over:
            return b""
        sent = b"".join(self._waiting)
        self._waiting.clear()
        return sent


class Streaming(Response):
    """Sends a stream until it is over, or until nobody reads it any more. Holds nothing but memory."""

    def __init__(self, stream: Stream, *, heartbeat: float, left: Callable[[Stream], None]) -> None:
        super().__init__(media_type="text/event-stream", headers=HEADERS)
        # There is no length that it could promise.
        del self.headers["content-length"]
        self.stream, self.heartbeat, self.left = stream, heartbeat, left

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        tasks: list[asyncio.Task[None]] = []
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            tasks += [asyncio.create_task(self._send(send)), asyncio.create_task(_gone(receive))]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.left(self.stream)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _send(self, send: Send) -> None:
        # By chance, so that all the pages of a process that was stopped do not come back at once.
        chunk = b"retry: %d\n\n" % (1000 + secrets.randbelow(4000))
        while chunk:
            # Who takes nothing for so long is gone, whatever the network says.
            async with asyncio.timeout(2 * self.heartbeat):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            chunk = await self.stream.next(self.heartbeat)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
