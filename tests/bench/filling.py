"""A customer's past of any size, by several processes and without indexes until all of it is there."""

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context

from orm.address import Address
from orm.provision.connection import connect
from tests.bench import seed
from tests.bench.place import Customer, Place

BYTES = 15_000  # on disk for each ticket, with its messages, words, indexes and log, and as much again to spare
PROCESSES = 2
PART = 10_000  # tickets of one connection
# Those of a constraint stay: they cannot be made again by their definition alone.
INDEXES = """
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
    from pg_index join pg_class on pg_class.oid = indrelid
    where relnamespace = 'app'::regnamespace and relname = any($1)
    and not exists (select from pg_constraint where conindid = indexrelid)
"""
TABLES = ("tickets", "messages", "events", "ticket_search")
# The rows come from one program that knows which there are: nobody has to look whether a key is there.
HURRIED = "set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '1GB'"


def fill(place: Place, customer: Customer, tickets: int, told: Callable[[str], None]) -> None:
    """Tickets 1 to `tickets`, in a customer that has none; RuntimeError when the disk is too small."""
    free = shutil.disk_usage(place.home).free
    if free < tickets * BYTES:
        raise RuntimeError(f"{tickets:,} tickets need {tickets * BYTES / 1e9:.0f} GB, and {free / 1e9:.0f} are free.")
    address, now = place.database(customer.database), datetime.now(UTC)
    cast = asyncio.run(_begin(address, now))
    with _without_indexes(address, lambda name: told(f"{tickets:,} tickets for {customer.slug}: {name}")):
        _write(address, cast, tickets, now, lambda done: told(f"seeded {done} of {tickets:,} for {customer.slug}"))
    told(f"{tickets:,} tickets for {customer.slug}: vacuum and analyze")
    asyncio.run(_end(address, tickets))


def _write(address: Address, cast: seed.Cast, tickets: int, now: datetime, told: Callable[[str], None]) -> None:
    begun, done = time.monotonic(), 0
    parts = [range(first, min(first + PART, tickets + 1)) for first in range(1, tickets + 1, PART)]
    # Not by fork: the screen has a thread.
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as processes:
        writing = {processes.submit(_part, address, cast, numbers, tickets, now): len(numbers) for numbers in parts}
        for part in as_completed(writing):
            part.result()
            done += writing[part]
            left = (time.monotonic() - begun) / done * (tickets - done)
            told(f"{done:,} ({left / 60:.0f} minutes left)")


def _part(address: Address, cast: seed.Cast, numbers: range, tickets: int, now: datetime) -> None:
    async def write() -> None:
        async with connect(address) as connection:
            await connection.execute(HURRIED)
            await seed.write(connection, cast, numbers, tickets, now)

    asyncio.run(write())


@contextmanager
def _without_indexes(address: Address, told: Callable[[str], None]) -> Iterator[None]:
    found = asyncio.run(_drop(address))
    yield
    for name, definition in found:
        told(name)
        asyncio.run(_execute(address, definition))


async def _drop(address: Address) -> Sequence[tuple[str, str]]:
    async with connect(address) as connection:
        found = [tuple(row) for row in await connection.fetch(INDEXES, TABLES)]
        for name, _ in found:
            await connection.execute(f"drop index {name}")
        return found


async def _execute(address: Address, statement: str) -> None:
    async with connect(address) as connection:
        await connection.execute(HURRIED)
        await connection.execute(statement)


async def _begin(address: Address, now: datetime) -> seed.Cast:
    async with connect(address) as connection:
        return await seed.begin(connection, now)


async def _end(address: Address, tickets: int) -> None:
    async with connect(address) as connection:
        await seed.end(connection, tickets)
        # Else the server writes it down while others are measured.
        await connection.execute("checkpoint")
