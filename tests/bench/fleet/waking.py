"""The first page of a customer without a connection, beside the same page again and a bare fresh connection."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import asyncpg

from orm.address import Address
from orm.provision.connection import connect
from tests.bench import load
from tests.bench.arithmetic import Ratio, ratio
from tests.bench.fleet.many import Tenant
from tests.bench.operations import request
from tests.bench.place import Place, Session, Worker

WARMING = 5  # customers that come first and do not count
REPEATED = 3
LONGEST, LOOK = 30.0, 0.05  # seconds
END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'"
PATH = "/desk/tickets"


@dataclass(frozen=True, slots=True)
class Waking:
    """cold: what they need is in the machine's memory. untouched: wherever it is, as nobody came for a while."""

    cold: Ratio
    untouched: Ratio


async def waking(made: Place, web: Worker, tenants: Sequence[Tenant], cookies: Mapping[str, str]) -> Waking:
    """None of them may have a connection. Seconds, customer by customer."""
    cold, untouched, otherwise = [], [], []
    async with made.application() as app, connect(made.server.superuser) as ending:
        for tenant in tenants:
            database = tenant.customer.database
            asked = request(tenant.customer, Session(cookies[tenant.customer.slug], ""), "GET", PATH)
            untouched.append(await _page(asked, web.port))
            await _end(ending, database)
            cold.append(await _page(asked, web.port))
            warm = median([await _page(asked, web.port) for _ in range(REPEATED)])
            fresh = median([await _fresh(app.cluster.address(database, database)) for _ in range(REPEATED)])
            otherwise.append(warm + fresh)
    return Waking(ratio(cold[WARMING:], otherwise[WARMING:]), ratio(untouched[WARMING:], otherwise[WARMING:]))


async def _end(ending: asyncpg.Connection, database: str) -> None:
    """The connections that were just opened: what they brought into memory is there still, and no disk is measured."""
    async with asyncio.timeout(LONGEST):
        while await ending.fetch(END, database):  # noqa: ASYNC110 - PostgreSQL has no event for it
            await asyncio.sleep(LOOK)
    # The process hears of it a moment later than the server.
    await asyncio.sleep(LOOK)


async def _page(asked: bytes, port: int) -> float:
    begin = perf_counter()
    status, _ = await asyncio.to_thread(load.ask, asked, port)
    if status != 200:
        raise RuntimeError(f"{PATH} was answered by {status}.")
    return perf_counter() - begin


async def _fresh(address: Address) -> float:
    begin = perf_counter()
    async with connect(address):
        return perf_counter() - begin
