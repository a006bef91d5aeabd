"""What the product sends to the database and hands to its templates, page by page: heard at its own seams."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from jinja2 import Environment, Template
from sqlalchemy import event
from sqlalchemy.engine import Connection

from orm.engine import engine
from orm.session import heard
from seldesk.app import running
from seldesk.app.build import opened
from seldesk.resources import folder
from seldesk.settings import Settings
from seldesk.web.render import environment
from seldesk.web.static import Static
from tests.bench.place import HEADERS


@dataclass(slots=True)
class Page:
    """One answer: the statements of its transaction with their parameters, and what was rendered."""

    statements: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    template: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


class Recorder:
    """Asks the whole application, in this process, for pages."""

    def __init__(self, client: httpx2.AsyncClient, pages: Environment) -> None:
        self.pages = pages
        self._client = client
        self._heard = Page()

    async def page(self, path: str) -> Page:
        """Twice: what is done once a minute, such as noting that a session is alive, belongs to no page."""
        for _ in range(2):
            self._heard = Page()
            answer = await self._client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path} was answered by {answer.status_code}.")
        return self._heard

    def sent(self, _: Connection, __: Any, statement: str, parameters: Any, ___: Any, many: bool) -> None:
        if not many:
            self._heard.statements.append((statement, tuple(parameters)))

    def fetched(self, statement: str, parameters: Sequence[Any]) -> None:
        self._heard.statements.append((statement, tuple(parameters)))

    def rendered(self, template: str, values: Mapping[str, Any]) -> None:
        self._heard.template, self._heard.values = template, values


@asynccontextmanager
async def recording(settings: Settings, host: str, cookie: str) -> AsyncIterator[Recorder]:
    async with opened(settings, running.cluster(settings)) as app:
        web = app.web()
        pages = environment(folder("templates"), Static(folder("static"), development=False).address, development=False)
        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(web, client=("127.0.0.1", 50_000)),
            base_url=f"https://{host}",
            headers={**HEADERS, "Cookie": cookie},
        )
        recorder = Recorder(client, pages)
        plain = pages.template_class
        pages.template_class = _listening(recorder)
        _forget_compiled(pages)
        event.listen(engine.sync_engine, "before_cursor_execute", recorder.sent)
        heard.append(recorder.fetched)
        try:
            async with client:
                yield recorder
        finally:
            event.remove(engine.sync_engine, "before_cursor_execute", recorder.sent)
            heard.remove(recorder.fetched)
            pages.template_class = plain
            _forget_compiled(pages)


def _listening(recorder: Recorder) -> type[Template]:
    class Listening(Template):
        def render(self, *given: Any, **more: Any) -> str:
            recorder.rendered(self.name or "", dict(*given, **more))
            return super().render(*given, **more)

    return Listening


def _forget_compiled(pages: Environment) -> None:
    if pages.cache is not None:
        pages.cache.clear()
