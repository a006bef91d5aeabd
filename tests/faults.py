"""What tests of bad days share: another process of the application, and a hand on PostgreSQL's side."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

import orm
from orm.provision.connection import connect
from orm.testing import Server
from rpc import Kind
from seldesk.app import running
from seldesk.app.build import build
from seldesk.methods.control import customers
from tests.world import Desk, World, settings


@asynccontextmanager
async def another(world: World, server: orm.Address | None = None, **given: Any) -> AsyncIterator[Desk]:
    """Acme as another process serves it: with settings of its own, and PostgreSQL at another address.

    It knows its customers already, so it can be opened where there is no server.
    """
    found, chosen = server or world.server.superuser, settings(world.app.settings.home, **given)
    app = build(chosen, running.cluster(chosen, found.host, found.port), world.clock)
    app.directory.replace(await world.app.program(Kind.JOB)(customers.directory))
    try:
        yield world.acme.of(app)
    finally:
        await app.close()


@asynccontextmanager
async def superuser(server: Server, database: str) -> AsyncIterator[asyncpg.Connection]:
    async with connect(server.superuser, database) as connection:
        yield connection


async def backends(server: Server, database: str) -> list[int]:
    """The processes that serve a customer's connections."""
    async with superuser(server, "postgres") as connection:
        rows = await connection.fetch("SELECT pid FROM pg_stat_activity WHERE usename = $1", database)
        return [row["pid"] for row in rows]


async def until(holds: Callable[[], Awaitable[bool]], within: float = 30.0) -> None:
    """Waits for what other processes do. TimeoutError after so many seconds."""
    async with asyncio.timeout(within):
        while not await holds():  # noqa: ASYNC110 - nobody here could set an event
            await asyncio.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
