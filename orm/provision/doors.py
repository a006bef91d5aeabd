"""Who gets into a customer's database: told by one privilege, given last and taken first."""

import asyncio

import asyncpg

from .names import Names
from .sql import identifier

_PAUSE = 0.05  # seconds between two looks at the sessions
_SESSIONS = "FROM pg_stat_activity WHERE datname = $1 AND usename = ANY($2)"


async def open_to(cluster: asyncpg.Connection, names: Names) -> None:
    to = ", ".join(map(identifier, (names.login, names.reader, names.dumper)))
    await cluster.execute(f"GRANT CONNECT ON DATABASE {identifier(names.database)} TO {to}")


async def shut_to(cluster: asyncpg.Connection, names: Names) -> None:
    """The application and the reader; their sessions are ended."""
    await close_to(cluster, names)
    await empty(cluster, names)


async def close_to(cluster: asyncpg.Connection, names: Names) -> None:
    out = ", ".join(map(identifier, (names.login, names.reader)))
    await cluster.execute(f"REVOKE CONNECT ON DATABASE {identifier(names.database)} FROM {out}")


async def empty(cluster: asyncpg.Connection, names: Names) -> None:
    """Returns when none of their sessions is left."""
    # A session that was about to begin is seen a moment later, so that one look is not enough.
    quiet = 0
    while quiet < 2:
        quiet = 0 if await end_sessions(cluster, names) else quiet + 1
        await asyncio.sleep(_PAUSE)


async def end_sessions(cluster: asyncpg.Connection, names: Names) -> int:
    """Those of the application and of readers; answers how many."""
    roles = [names.login, names.reader]
    return len(await cluster.fetch(f"SELECT pg_terminate_backend(pid) {_SESSIONS}", names.database, roles))


async def is_open(cluster: asyncpg.Connection, names: Names) -> bool:
    found = await cluster.fetchval(
        "SELECT d.datallowconn AND has_database_privilege(r.oid, d.oid, 'CONNECT')"
        " FROM pg_database d JOIN pg_roles r ON r.rolname = $2 WHERE d.datname = $1",
        names.database,
        names.login,
    )
    return bool(found)
