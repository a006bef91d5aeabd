"""Connections of the driver itself. No other module hands it an address, so that none forgets TLS."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import asyncpg

from orm.address import Address
from orm.tls import security


async def connected(
    address: Address, *, server_settings: Mapping[str, str] = MappingProxyType({}), **options: Any
) -> asyncpg.Connection:
    """options are the driver's own."""
    return await asyncpg.connect(
        host=address.host,
        port=address.port,
        database=address.database,
        user=address.role,
        password=address.password,
        ssl=security(address),
        timeout=address.connect_timeout,
        server_settings={**dict(address.settings), **server_settings},
        **options,
    )
