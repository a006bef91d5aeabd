"""A tab that listens at /live, as the server sees it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

from starlette.types import ASGIApp, Message

import rpc
from seldesk.app.serve import serve
from tests.world import World

SOON = 10.0
OF_OUR_PAGE = {"sec-fetch-site": "same-origin"}
Event = tuple[str, Any]


class Tab:
    """Every answer is read at once, as a browser does; `reads` False is a browser that takes nothing any more."""

    def __init__(
        self,
        app: ASGIApp,
        call: rpc.Call | None,
        *,
        host: str = "acme.localhost",
        headers: dict[str, str] | None = None,
        reads: bool = True,
    ) -> None:
        cookie = {"cookie": f"session={call.credential.secret}"} if call else {}
        given = {"host": host} | cookie | (OF_OUR_PAGE if headers is None else headers)
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/live",
            "raw_path": b"/live",
            "query_string": b"",
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": ("192.0.2.1", 5000),
            "server": ("127.0.0.1", 80),
        }
        self._app = app
        self._left, self._started = asyncio.Event(), asyncio.Event()
        self.reading = asyncio.Event()
        if reads:
            self.reading.set()
        self.status, self.headers = 0, dict[str, str]()
        self.text = ""
        self._seen = 0
        self._more = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        async with asyncio.timeout(SOON):
            await self._started.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._left.set()
        self.reading.set()
        async with asyncio.timeout(SOON):
            await self._task

    async def _run(self) -> None:
        await self._app(self._scope, self._receive, self._send)

    async def _receive(self) -> Message:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self._started.set()
            return
        await self.reading.wait()
        self.text += message.get("body", b"").decode()
        self._more.set()

    @property
    def events(self) -> list[Event]:
        told = [part.split("\n") for part in self.text.split("\n\n") if part.startswith("event: ")]
        return [(event.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for event, data in told]

    @property
    def ended(self) -> bool:
        return self._task.done()

    async def next(self, kind: str | None = None) -> Event:
        """The next event, of this kind."""
        async with asyncio.timeout(SOON):
            while True:
                for event in self.events[self._seen :]:
                    self._seen += 1
                    if kind in (None, event[0]):
                        return event
                self._more.clear()
                await self._more.wait()

    async def end(self) -> None:
        """Until the server has ended it."""
        async with asyncio.timeout(SOON):
            await asyncio.shield(self._task)


@asynccontextmanager
async def serving(world: World) -> AsyncIterator[ASGIApp]:
    """The pages of Acme, and the one connection by which their process hears of changes."""
    heard = asyncio.create_task(serve(world.app, ()))
    app = world.app.web()
    try:
        yield app
    finally:
        heard.cancel()
        await asyncio.gather(heard, return_exceptions=True)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not true():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)
