"""The first page of a customer without a connection, beside the same page again and a bare fresh connection."""

import asyncio
from collections.abc import Mapping, Sequence
from statistics import median
from time import perf_counter

from orm.address import Address
from orm.provision.connection import connect
from tests.bench import load
from tests.bench.arithmetic import Ratio, ratio
from tests.bench.fleet.many import Tenant
from tests.bench.operations import request
from tests.bench.place import Place, Session, Worker

WARMING = 5  # customers that come first and do not count
REPEATED = 3
PATH = "/desk/tickets"


async def waking(made: Place, web: Worker, tenants: Sequence[Tenant], cookies: Mapping[str, str]) -> Ratio:
    """None of them may have a connection. Seconds, customer by customer."""
    cold, otherwise = [], []
    async with made.application() as app:
        for tenant in tenants:
            asked = request(tenant.customer, Session(cookies[tenant.customer.slug], ""), "GET", PATH)
            database = tenant.customer.database
            cold.append(await _page(asked, web.port))
            warm = median([await _page(asked, web.port) for _ in range(REPEATED)])
            fresh = median([await _fresh(app.cluster.address(database, database)) for _ in range(REPEATED)])
            otherwise.append(warm + fresh)
    return ratio(cold[WARMING:], otherwise[WARMING:])


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
