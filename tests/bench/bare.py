"""The limit: what a page can cost at best with this server, this driver, this template, these statements and rows.

Starlette, asyncpg and Jinja2 with nothing between them. It looks the session up, begins, sends what the product sends,
renders what the product renders, and commits. No layer translates, checks, or shapes anything.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import uvicorn
import uvloop
from jinja2 import Environment
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from seldesk.app import running
from seldesk.app.build import CONTROL_ROLE
from seldesk.app.pages import collect_seldom
from seldesk.models.desk.session import fingerprint
from seldesk.settings import Settings
from tests.bench import vocabulary, writing
from tests.bench.recording import Page, recording
from tests.bench.rows import speak_json

TICKETS = 20  # pages that are recorded, to be rendered in turn
Known = Mapping[Any, Any]


@dataclass
class Limit:
    """Recorded pages, and what in their parameters belongs to who asked and what for."""

    pool: asyncpg.Pool
    pages: Environment
    writer: writing.Writer
    queue: Page
    tickets: Sequence[tuple[Page, int]]
    searches: Mapping[str, Page]
    ids: Mapping[int, UUID]
    agent: UUID
    mark: bytes = field(repr=False)

    async def show_queue(self, request: Request) -> Response:
        return await self._page(request, self.queue, {})

    async def show_ticket(self, request: Request) -> Response:
        number = int(request.path_params["number"])
        # One with as many messages: those repeat by the last digit.
        page, recorded = self.tickets[number % len(self.tickets)]
        return await self._page(request, page, {recorded: number, self.ids[recorded]: self.ids[number]})

    async def search(self, request: Request) -> Response:
        return await self._page(request, self.searches[request.query_params["query"]], {})

    async def create(self, request: Request) -> Response:
        async with request.form() as form, self.pool.acquire() as connection, connection.transaction():
            number = await self.writer.create(connection, await self._agent(connection, request), form)
        return RedirectResponse(f"/desk/tickets/{number}", 303)

    async def reply(self, request: Request) -> Response:
        number = int(request.path_params["number"])
        async with request.form() as form, self.pool.acquire() as connection, connection.transaction():
            message = await self.writer.reply(connection, await self._agent(connection, request), number, form)
        return RedirectResponse(f"/desk/tickets/{number}?view=open#message-{message}", 303)

    async def _page(self, request: Request, page: Page, known: Known) -> Response:
        async with self.pool.acquire() as connection, connection.transaction():
            agent = await self._agent(connection, request)
            known = {**known, self.agent: agent}
            for statement, parameters in page.statements[1:]:
                await connection.fetch(statement, *_filled(parameters, known))
        return HTMLResponse(self.pages.get_template(page.template).render(page.values))

    async def _agent(self, connection: asyncpg.Connection, request: Request) -> UUID:
        statement, parameters = self.queue.statements[0]
        mark = fingerprint(request.cookies["__Host-session"])
        found: UUID = (await connection.fetchrow(statement, *_filled(parameters, {self.mark: mark})))["id"]
        return found


def _filled(parameters: Sequence[Any], known: Known) -> list[Any]:
    return [known.get(value, value) if isinstance(value, (bytes, int, UUID)) else value for value in parameters]


async def _recorded(settings: Settings, host: str, cookie: str, most: int) -> dict[str, Any]:
    queries = [query for words in vocabulary.classes().values() for query in words]
    # The newest, whose numbers are no limit of any statement: so they can be told from all other parameters.
    number = min(TICKETS, most // 4)
    numbers = sorted(range(most - number + 1, most + 1), key=lambda one: one % number)
    async with recording(settings, host, cookie) as recorder:
        return {
            "queue": await recorder.page("/desk/tickets"),
            "tickets": [(await recorder.page(f"/desk/tickets/{number}"), number) for number in numbers],
            "searches": {query: await recorder.page(f"/desk/search?query={query}") for query in queries},
            "pages": recorder.pages,
        }


async def _limit(settings: Settings) -> Limit:
    slug, cookie = os.environ["BENCH_CUSTOMER"], os.environ["BENCH_COOKIE"]
    cluster = running.cluster(settings)
    directory = await _customer(cluster.address(settings.database.control, CONTROL_ROLE), slug)
    where = cluster.address(directory["database"], directory["database"])
    pool = await _pool(where, settings.database.per_tenant, speak_json)
    control = await _pool(cluster.address(settings.database.control, CONTROL_ROLE), 5, None)
    ids = {row["number"]: row["id"] for row in await pool.fetch("select number, id from app.tickets")}
    recorded = await _recorded(settings, f"{slug}.{settings.base}", cookie, int(os.environ["BENCH_TICKETS"]))
    secret = cookie.partition("=")[2]
    agent = await pool.fetchval("select person_id from secret.sessions where fingerprint = $1", fingerprint(secret))
    writer = writing.Writer(control, directory["id"], settings.undo_seconds)
    return Limit(pool, writer=writer, ids=ids, agent=agent, mark=fingerprint(secret), **recorded)


async def _customer(control: Any, slug: str) -> asyncpg.Record:
    connection = await asyncpg.connect(
        host=control.host, port=control.port, user=control.role, password=control.password, database=control.database
    )
    try:
        return await connection.fetchrow("select id, database from control.customers where slug = $1", slug)
    finally:
        await connection.close()


async def _pool(where: Any, size: int, init: Callable[[asyncpg.Connection], Awaitable[None]] | None) -> asyncpg.Pool:
    async def nothing(_: asyncpg.Connection) -> None:
        """Each connection comes back after a COMMIT: the driver's RESET ALL would cost more than a query."""

    return await asyncpg.create_pool(
        host=where.host,
        port=where.port,
        user=where.role,
        password=where.password,
        database=where.database,
        min_size=size,
        max_size=size,
        init=init,
        reset=nothing,
    )


async def main() -> None:
    settings = Settings.load(None, os.environ)
    limit = await _limit(settings)
    app = Starlette(
        routes=[
            Route("/desk/tickets", limit.show_queue),
            Route("/desk/tickets/{number:int}", limit.show_ticket),
            Route("/desk/search", limit.search),
            Route("/desk/tickets", limit.create, methods=["POST"]),
            Route("/desk/tickets/{number:int}/replies", limit.reply, methods=["POST"]),
        ]
    )
    server = uvicorn.Server(
        uvicorn.Config(app, port=settings.port, log_config=None, access_log=False, proxy_headers=False)
    )
    collect_seldom()
    await server.serve()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
