"""Every customer asked for something in turn, and how many connections that takes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle

import asyncpg
import httpx2

from orm.provision.connection import connect
from tests.bench.fleet.many import OPEN, Tenant
from tests.bench.place import HEADERS, Place, Worker

CONNECTIONS = 16
TURNS = 2
IDLE = 60.0  # seconds after which none may be open
EVERY = 0.005  # seconds between two looks
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tickets.list", "params": {}}


async def touching(made: Place, web: Sequence[Worker], tenants: Sequence[Tenant]) -> dict[str, float]:
    """failed_requests, open_connections at most, and idle_connections a minute later."""
    async with _watched(made) as seen, connect(made.server.superuser) as looking:
        failed = await _touch([worker.port for worker in web], tenants)
        most = max(seen)
        await asyncio.sleep(IDLE)
        idle = await looking.fetchval(OPEN)
    return {"failed_requests": failed, "open_connections": most, "idle_connections": idle}


async def _touch(ports: Sequence[int], tenants: Sequence[Tenant]) -> int:
    failed, waiting = 0, iter([tenant for _ in range(TURNS) for tenant in tenants])

    async def ask(port: int) -> None:
        nonlocal failed
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            for tenant in waiting:
                failed += not await _answered(client, tenant)

    await asyncio.gather(*(ask(port) for port, _ in zip(cycle(ports), range(CONNECTIONS))))
    return failed


async def _answered(client: httpx2.AsyncClient, tenant: Tenant) -> bool:
    given = {**HEADERS, "Host": tenant.customer.host, "Authorization": f"Bearer {tenant.token}"}
    try:
        answer = await client.post("/rpc", headers=given, json=CALL)
    except httpx2.HTTPError:
        return False
    return answer.status_code == 200 and "result" in answer.json()


@asynccontextmanager
async def _watched(made: Place) -> AsyncIterator[list[int]]:
    """How many connections there are, seen again and again."""
    seen = [0]

    async def look(connection: asyncpg.Connection) -> None:
        while True:
            seen.append(await connection.fetchval(OPEN))
            await asyncio.sleep(EVERY)

    async with connect(made.server.superuser) as connection:
        looking = asyncio.create_task(look(connection))
        try:
            yield seen
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
