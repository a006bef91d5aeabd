from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from orm.address import Address

from .connection import connect, opened, translating
from .names import MAKERS, SEARCH_PATH, Names
from .sql import identifier


class Owning:
    """Becomes the owner of many databases, some at a time, with few connections to the cluster itself.

    A context manager; called with a database it gives a connection to it, as Provisioner.owning does. `address` is
    the provisioner's.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._idle: list[asyncpg.Connection] = []

    async def __aenter__(self) -> "Owning":
        return self

    async def __aexit__(self, *_: object) -> None:
        while self._idle:
            await self._idle.pop().close()

    @asynccontextmanager
    async def __call__(self, database: str) -> AsyncIterator[asyncpg.Connection]:
        owner = identifier(Names(database).owner)
        async with self._cluster() as cluster:
            await take(cluster, Names(database))
            try:
                async with connect(self._address, database) as inside:
                    # What is made without this belongs to the provisioner, and no later dump can read it.
                    await inside.execute(f"SET ROLE {owner}; SET search_path = {SEARCH_PATH}")
                    yield inside
            finally:
                await give_back(cluster, Names(database))

    async def _opened(self) -> asyncpg.Connection:
        cluster = await opened(self._address)
        # A crash ends who became the owner. One that forgets that it was given back leaves what the provisioner
        # could take at any time.
        await cluster.execute("SET synchronous_commit = off")
        return cluster

    @asynccontextmanager
    async def _cluster(self) -> AsyncIterator[asyncpg.Connection]:
        cluster = self._idle.pop() if self._idle else await self._opened()
        try:
            yield cluster
        finally:
            if cluster.is_closed():
                cluster.terminate()
            else:
                self._idle.append(cluster)


async def take(cluster: asyncpg.Connection, names: Names) -> None:
    """Membership in the owner's role, for its maker: whoever creates a role may grant it, to itself too."""
    granted = f"GRANT {identifier(names.owner)} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE"
    await cluster.execute(f"{as_maker(names)}; {granted}")


def as_maker(names: Names) -> str:
    """SQL: from here on this connection is the maker of a customer's roles."""
    return f"SET ROLE {identifier(names.maker)}"


@translating()
async def forgotten(address: Address) -> list[str]:
    """The databases whose owner the provisioner still is: it was killed before it gave that back, or is at work."""
    async with connect(address) as cluster:
        rows = await cluster.fetch(
            "SELECT substr(r.rolname, 5) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
            " WHERE pg_get_userbyid(m.member) = ANY($1) AND (m.inherit_option OR m.set_option)"
            " AND starts_with(r.rolname, 'own_') ORDER BY 1",
            MAKERS,
        )
        return [row[0] for row in rows]


@translating()
async def hand_back(address: Address, database: str) -> None:
    """Gives back what was forgotten. Whoever is at work with this database just now fails, and does it again."""
    async with connect(address) as cluster:
        await give_back(cluster, Names(database))


async def give_back(cluster: asyncpg.Connection, names: Names) -> None:
    """It lets one read all the customer has, and is kept no longer than it is needed."""
    if not cluster.is_closed():
        revoked = f"REVOKE {identifier(names.owner)} FROM CURRENT_USER GRANTED BY CURRENT_USER"
        await cluster.execute(f"{as_maker(names)}; {revoked}")
