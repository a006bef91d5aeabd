"""Who slept finds another's mark: what a worker does to a customer's databases holds only under its own.

Each takes a Provisioner.under() a token.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from . import doors
from .connection import connect, translating
from .database import Provisioner
from .names import Names
from .owning import Overtaken, check_mark, give_back, mark_on, take
from .sql import identifier, literal

# Who falls asleep in a transaction is put out of it by the server: nobody waits longer for what he holds.
_AWAKE = "5s"


@translating()
async def mark(provisioner: Provisioner, database: str) -> None:
    """From here on nobody with an older token changes anything, and who was just doing so has ended. Overtaken.

    The token stands on the owner's role, for all that this one owns; nothing is done where there is no such role yet.
    """
    names = Names(database)
    async with connect(provisioner.maker(database)) as cluster, _alone(cluster, names):
        if await mark_on(cluster, names) > str(provisioner.token):
            raise Overtaken
        if await cluster.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", names.owner):
            await cluster.execute(f"COMMENT ON ROLE {identifier(names.owner)} IS {literal(str(provisioner.token))}")


@asynccontextmanager
async def fenced(provisioner: Provisioner, database: str) -> AsyncIterator[asyncpg.Connection]:
    """A transaction on the cluster with the owner's rights, for whose mark it is; Overtaken."""
    names = Names(database)
    async with connect(provisioner.maker(database)) as cluster, _alone(cluster, names):
        await check_mark(cluster, names, provisioner.token)
        await take(cluster, names)
        yield cluster
        await give_back(cluster, names)


@asynccontextmanager
async def _alone(cluster: asyncpg.Connection, names: Names) -> AsyncIterator[None]:
    async with cluster.transaction():
        await cluster.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{_AWAKE}'")
        await cluster.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", names.place)
        yield


@translating()
async def let_in(provisioner: Provisioner, database: str) -> None:
    """Provisioner.open(), under one's own mark; Overtaken."""
    async with fenced(provisioner, database) as cluster:
        await cluster.execute(f"ALTER DATABASE {identifier(database)} ALLOW_CONNECTIONS true")
        await doors.open_to(cluster, Names(database))


@translating()
async def keep_out(provisioner: Provisioner, database: str, *, everybody: bool = False) -> None:
    """Provisioner.shut(), or with everybody set_aside(), under one's own mark; Overtaken."""
    names = Names(database)
    async with fenced(provisioner, database) as cluster:
        await doors.close_to(cluster, names)
        if everybody:
            await cluster.execute(f"ALTER DATABASE {identifier(database)} ALLOW_CONNECTIONS false")
    async with connect(provisioner.maker(database)) as cluster:
        await doors.empty(cluster, names)


@translating()
async def discard(provisioner: Provisioner, database: str) -> None:
    """Provisioner.drop() of what nobody needs, under one's own mark; Overtaken.

    PostgreSQL drops in no transaction. So it first gets a name that nothing is ever needed under.
    """
    names = Names(database)
    await provisioner.drop(names.dropped)
    if await provisioner.exists(database):
        async with fenced(provisioner, database) as cluster:
            await end_all(cluster, [database])
            await rename(cluster, database, names.dropped)
        await provisioner.drop(names.dropped)
    if not names.beside:
        for each in (names.new, names.old):
            await provisioner.drop(each)
        await provisioner.drop_roles(database)


async def rename(cluster: asyncpg.Connection, database: str, name: str) -> None:
    await cluster.execute(f"ALTER DATABASE {identifier(database)} RENAME TO {identifier(name)}")


async def end_all(cluster: asyncpg.Connection, databases: list[str]) -> None:
    """Whoever's sessions: while there is one, no name is changed."""
    await cluster.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = ANY($1) AND backend_type = 'client backend'",
        databases,
    )
