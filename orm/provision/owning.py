from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

import asyncpg

from orm.address import Address
from orm.errors import Error

from .connection import connect, opened, translating
from .names import MAKERS, SEARCH_PATH, Names
from .sql import identifier

_IDLE = 8  # connections that are kept for the next database of the same maker


class Overtaken(Error):
    """Another worker is at this by now: nothing was changed."""


class Owning:
    """Becomes the owner of many databases, some at a time, with few connections to the cluster itself: each is needed
    for a moment only, and then kept for the next of the same maker.

    A context manager; called with a database it gives a connection to it, as Provisioner.owning does. `address` is
    the provisioner's. With a token, Overtaken where that is not the owner's mark.
    """

    def __init__(self, address: Address, token: UUID | None = None) -> None:
        self._address = address
        self._token = token
        self._idle: list[tuple[Address, asyncpg.Connection]] = []

    async def __aenter__(self) -> "Owning":
        return self

    async def __aexit__(self, *_: object) -> None:
        while self._idle:
            await self._idle.pop()[1].close()

    @asynccontextmanager
    async def __call__(self, database: str) -> AsyncIterator[asyncpg.Connection]:
        names = Names(database)
        address = maker(self._address, names)
        async with self._cluster(address) as cluster:
            await take(cluster, names)
        try:
            # What is made as somebody else belongs to the maker, and no later dump can read it.
            async with connect(address, database, role=names.owner, search_path=SEARCH_PATH) as inside:
                # Looked at from in there: who overtakes ends all sessions of what was there before.
                await check_mark(inside, names, self._token)
                yield inside
        finally:
            async with self._cluster(address) as cluster:
                await give_back(cluster, names)

    async def _opened(self, address: Address) -> asyncpg.Connection:
        # A crash ends who became the owner. One that forgets that it was given back leaves what the maker could take
        # at any time.
        return await opened(address, synchronous_commit="off")

    @asynccontextmanager
    async def _cluster(self, address: Address) -> AsyncIterator[asyncpg.Connection]:
        found = next((one for one in self._idle if one[0] == address and not one[1].is_closed()), None)
        if found is not None:
            self._idle.remove(found)
        cluster = await self._opened(address) if found is None else found[1]
        try:
            yield cluster
        finally:
            if cluster.is_closed():
                cluster.terminate()
            else:
                self._idle.append((address, cluster))
                while len(self._idle) > _IDLE:
                    await self._idle.pop(0)[1].close()


def maker(provisioner: Address, names: Names) -> Address:
    """Where the provisioner signs in as who makes the roles of this customer, and may give them."""
    return replace(provisioner, role=names.maker)


def owners_address(address: Address, database: str) -> Address:
    """For the application's own sessions, as the owner: while whoever has this address has Owning one as well."""
    names = Names(database)
    settings = (("role", names.owner), ("search_path", SEARCH_PATH))
    return replace(maker(address, names), database=database, settings=settings)


async def mark_on(connection: asyncpg.Connection, names: Names) -> str:
    """The token that stands on the owner's role, "" for none; seen from any database of the cluster."""
    found: str | None = await connection.fetchval(
        "SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = $1", names.owner
    )
    return found or ""


async def check_mark(connection: asyncpg.Connection, names: Names, token: UUID | None) -> None:
    """Overtaken. Without a token nothing is asked."""
    if token is not None and await mark_on(connection, names) != str(token):
        raise Overtaken


async def take(cluster: asyncpg.Connection, names: Names) -> None:
    """Membership in the owner's role, for its maker: whoever creates a role may grant it, to itself too."""
    await cluster.execute(f"GRANT {identifier(names.owner)} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE")


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
    names = Names(database)
    async with connect(maker(address, names)) as cluster:
        await give_back(cluster, names)


async def give_back(cluster: asyncpg.Connection, names: Names) -> None:
    """It lets one read all the customer has, and is kept no longer than it is needed."""
    if not cluster.is_closed():
        await cluster.execute(f"REVOKE {identifier(names.owner)} FROM CURRENT_USER GRANTED BY CURRENT_USER")
