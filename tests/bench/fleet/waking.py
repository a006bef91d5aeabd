"""The first page of a customer without a connection, beside the same page again and a bare fresh connection."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from orm.address import Address
from orm.provision.connection import connect
from tests.bench import load
from tests.bench.arithmetic import Ratio, ratio
from tests.bench.fleet.many import OPEN, Tenant
from tests.bench.operations import request
from tests.bench.place import Place, Session, Worker

WARMING = 5  # customers that come first and do not count
REPEATED = 3
LONGEST = 120.0  # seconds
PATH = "/desk/tickets"


@dataclass(frozen=True, slots=True)
class Waking:
    """cold: what they need is in the machine's memory. untouched: wherever it is, as nobody came for a while."""

    cold: Ratio
    untouched: Ratio


async def waking(made: Place, web: Worker, tenants: Sequence[Tenant], cookies: Mapping[str, str]) -> Waking:
    """None of them may have a connection. Seconds, customer by customer."""
    asked = [request(one.customer, Session(cookies[one.customer.slug], ""), "GET", PATH) for one in tenants]
    untouched = [await _page(one, web.port) for one in asked]
    await _alone(made)
    cold, otherwise = [], []
    async with made.application() as app:
        for tenant, page in zip(tenants, asked, strict=True):
            database = tenant.customer.database
            cold.append(await _page(page, web.port))
            warm = median([await _page(page, web.port) for _ in range(REPEATED)])
            fresh = median([await _fresh(app.cluster.address(database, database)) for _ in range(REPEATED)])
            otherwise.append(warm + fresh)
    return Waking(ratio(cold[WARMING:], otherwise[WARMING:]), ratio(untouched[WARMING:], otherwise[WARMING:]))


async def _alone(made: Place) -> None:
    """Until what was opened has been closed, as nobody used it. TimeoutError."""
    async with connect(made.server.superuser) as looking, asyncio.timeout(LONGEST):
        while await looking.fetchval(OPEN):  # noqa: ASYNC110 - PostgreSQL has no event for it
            await asyncio.sleep(1)


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
