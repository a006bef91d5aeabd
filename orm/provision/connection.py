from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg

from orm.address import Address
from orm.driver import connected
from orm.translation import FAILURES, translated


@asynccontextmanager
async def connect(address: Address, database: str | None = None, **settings: str) -> AsyncIterator[asyncpg.Connection]:
    """One connection, closed afterwards; to `database` instead of the address's where it is given. settings hold for
    the whole of the session.
    """
    connection = await opened(address, database, **settings)
    try:
        yield connection
    finally:
        await connection.close()


async def opened(address: Address, database: str | None = None, **settings: str) -> asyncpg.Connection:
    """One that the caller closes."""
    if database is not None:
        address = replace(address, database=database)
    # Each statement runs once, so preparing it would only cost.
    return await connected(address, statement_cache_size=0, server_settings=settings)


@asynccontextmanager
async def translating() -> AsyncIterator[None]:
    """As a decorator: the driver's errors become ours. They stay the cause, for the operator to read."""
    try:
        yield
    except FAILURES as error:
        raise translated(error) from error
