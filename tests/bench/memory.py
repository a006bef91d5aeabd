"""What a process keeps in memory while little happens."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from orm.provision.connection import connect
from tests.bench.operations import request
from tests.bench.place import Customer, Place, Session, Worker, browser

CUSTOMERS = 1_000
STREAMS = 500
# As the one that is there in all but what tells them apart, whatever columns a customer has.
OTHERS = """
    insert into control.customers
    select (jsonb_populate_record(customers, jsonb_build_object(
        'id', gen_random_uuid(), 'slug', 'known' || number, 'name', 'Known Customer ' || number,
        'database', 'c_' || md5(number::text)))).*
    from control.customers, generate_series(1, $1) as number where slug = $2
"""
CONNECTED = "select count(*) from pg_stat_activity where datname = $1"
# Seconds: what was used once is closed when it has not been used for a while.
CLOSED_WITHIN = 90
FORGET = "delete from control.customers where slug like 'known%'"


def resident_mb(worker: Worker) -> float:
    lines = Path(f"/proc/{worker.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) * 1024 / 1e6


def idle_1000_mb(place: Place, customer: Customer) -> float:
    """`seldesk web` that knows 1,000 customers, after one request, with no customer's connection open."""
    asyncio.run(_execute(place, OTHERS, CUSTOMERS - 1, customer.slug))
    try:
        with place.processes("web", number=1) as (worker,), browser(worker.port, customer) as client:
            client.get("/desk/sign-in").raise_for_status()
            asyncio.run(_closed(place, customer))
            return resident_mb(worker)
    finally:
        asyncio.run(_execute(place, FORGET))


def live_500_mb(place: Place, customer: Customer, sessions: Sequence[Session]) -> float:
    """What 500 idle streams add to a process that has answered one request; one that worked before has room."""
    with place.processes("web", number=1) as (worker,), browser(worker.port, customer) as client:
        client.get("/desk/sign-in").raise_for_status()
        before = resident_mb(worker)
        return asyncio.run(_with_streams(worker, customer, sessions)) - before


async def _with_streams(worker: Worker, customer: Customer, sessions: Sequence[Session]) -> float:
    async with AsyncExitStack() as stack:
        for position in range(STREAMS):
            reader, writer = await asyncio.open_connection("127.0.0.1", worker.port)
            stack.callback(writer.close)
            writer.write(request(customer, sessions[position % len(sessions)], "GET", "/live"))
            status = (await reader.readline()).split()[1]
            if status != b"200":
                raise RuntimeError(f"/live was answered by {status.decode()}.")
        await asyncio.sleep(1)
        return resident_mb(worker)


async def _closed(place: Place, customer: Customer) -> None:
    """Until nobody is connected to the customer's database any more. RuntimeError when somebody stays."""
    async with connect(place.database("postgres")) as connection:
        for _ in range(CLOSED_WITHIN):
            if not await connection.fetchval(CONNECTED, customer.database):
                return
            await asyncio.sleep(1)
    raise RuntimeError(f"After {CLOSED_WITHIN} seconds there still are connections to {customer.database}.")


async def _execute(place: Place, statement: str, *values: object) -> None:
    async with connect(place.database(place.settings.database.control)) as connection:
        await connection.execute(statement, *values)
