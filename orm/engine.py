"""The one engine of the process: 10,000 databases share its dialect and its cache of compiled statements."""

from contextvars import ContextVar

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from orm.address import Address

_address: ContextVar[Address] = ContextVar("address")
_statement_timeout: ContextVar[float] = ContextVar("statement_timeout")


async def connect(address: Address, statement_timeout: float) -> AsyncConnection:
    """A new connection, on which the driver gives up a statement after statement_timeout seconds."""
    target, limit = _address.set(address), _statement_timeout.set(statement_timeout)
    try:
        return await engine.connect()
    finally:
        _address.reset(target)
        _statement_timeout.reset(limit)


async def _create() -> asyncpg.Connection:
    address = _address.get()
    return await asyncpg.connect(
        host=address.host,
        port=address.port,
        database=address.database,
        user=address.role,
        password=address.password,
        timeout=address.connect_timeout,
        command_timeout=_statement_timeout.get(),
    )


engine = create_async_engine(
    "postgresql+asyncpg://",
    async_creator=_create,
    poolclass=NullPool,
    hide_parameters=True,
    query_cache_size=2000,
    json_serializer=lambda value: msgspec.json.encode(value).decode(),
    json_deserializer=msgspec.json.decode,
)
