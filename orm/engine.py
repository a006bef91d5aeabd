"""The one engine of the process: 10,000 databases share its dialect and its cache of compiled statements."""

from contextvars import ContextVar

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from orm.address import Address
from orm.driver import connected

_target: ContextVar[tuple[Address, float]] = ContextVar("target")


async def connect(address: Address, statement_timeout: float) -> AsyncConnection:
    """A new connection, on which the driver gives up a statement after statement_timeout seconds."""
    token = _target.set((address, statement_timeout))
    try:
        return await engine.connect()
    finally:
        _target.reset(token)


async def connect_driver(address: Address, statement_timeout: float) -> asyncpg.Connection:
    """The same without SQLAlchemy."""
    return await connected(address, command_timeout=statement_timeout)


async def _create() -> asyncpg.Connection:
    return await connect_driver(*_target.get())


engine = create_async_engine(
    "postgresql+asyncpg://",
    async_creator=_create,
    poolclass=NullPool,
    hide_parameters=True,
    query_cache_size=2000,
    json_serializer=lambda value: msgspec.json.encode(value).decode(),
    json_deserializer=msgspec.json.decode,
)
