from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from orm import migrate
from orm.address import Address
from orm.errors import Error

from . import doors, grants
from .cluster import close_to_public, create_closed, database_exists, ensure_roles
from .connection import connect, translating
from .names import BACKUP, BASE, FULL, TEMPLATE_OWNER, Names
from .owning import Owning, give_back, maker, take
from .sql import identifier

STEPS = ("roles", "create", "close", "own", "settings", "open")

_OF_TEMPLATE = "SELECT nspname FROM pg_namespace WHERE nspowner = $1::regrole"

OnStep = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Identity:
    """Which customer a database belongs to; stands in the database itself."""

    id: UUID
    slug: str
    plan: str
    created_at: datetime


class AnotherCustomer(Error):
    """This database says that it belongs to another customer."""


class Provisioner:
    """Creates, restores, migrates and drops customers' databases, as the role that makes a customer's roles; and looks
    at the whole cluster as seldesk_provisioner.

    `address` leads to the database postgres of a prepared cluster; `passwords` gives a role's password.
    Each call can be repeated after it was cut off anywhere, and then completes. One at a time for a
    database: that is for the caller to see to.
    """

    def __init__(self, address: Address, passwords: Callable[[str], str], token: UUID | None = None) -> None:
        self._address = address
        self._passwords = passwords
        self.token = token

    def under(self, token: UUID | None) -> "Provisioner":
        """The same for one worker of several that come one after the other: mark() says from when on it is its turn,
        and owning() and what is in `fencing` hold only until the next one's. A uuid of version 7: later is greater.
        """
        return Provisioner(self._address, self._passwords, token)

    @translating()
    async def create(
        self, database: str, *, identity: Identity, connection_limit: int = 20, on_step: OnStep | None = None
    ) -> None:
        """A new customer's database, with all tables; `on_step` hears of each of STEPS when it is done."""
        names = Names(database)
        async with self._making(names) as cluster:
            # The last step waits until all of it is on the disk; what a crash forgets before is done again.
            await cluster.execute("SET synchronous_commit = off")
            await self._roles(cluster, names, connection_limit)
            await _said(on_step, "roles")
            async with _as_owner(cluster, names):
                await self._clone(cluster, names, FULL, on_step)
                await self._finish(cluster, names, identity, on_step, opened=True)

    @translating()
    async def clone(
        self,
        database: str,
        *,
        template: str = BASE,
        connection_limit: int = 20,
        on_step: OnStep | None = None,
    ) -> None:
        """The first three steps: a database that only its owner can enter. Without tables, for pg_restore."""
        names = Names(database)
        async with self._making(names) as cluster:
            await self._roles(cluster, names, connection_limit)
            await _said(on_step, "roles")
            async with _as_owner(cluster, names):
                await self._clone(cluster, names, template, on_step)

    @staticmethod
    async def _clone(cluster: asyncpg.Connection, names: Names, template: str, on_step: OnStep | None) -> None:
        if not await database_exists(cluster, names.database):
            options = f"TEMPLATE {identifier(template)} OWNER {identifier(names.owner)} STRATEGY wal_log"
            await create_closed(cluster, names.database, options)
        await _said(on_step, "create")
        await close_to_public(cluster, names.database)
        await _said(on_step, "close")

    @translating()
    async def finish(
        self, database: str, *, identity: Identity, on_step: OnStep | None = None, opened: bool = True
    ) -> None:
        """The last three steps, also after a restore: owner and privileges, settings, and open at the end.

        With `opened` false the last one is left out, for open() to make.
        """
        names = Names(database)
        async with self._making(names) as cluster, _as_owner(cluster, names):
            await self._finish(cluster, names, identity, on_step, opened=opened)

    async def _finish(
        self, cluster: asyncpg.Connection, names: Names, identity: Identity, on_step: OnStep | None, *, opened: bool
    ) -> None:
        await self._own(names, identity)
        await _said(on_step, "own")
        await self._settings(cluster, names)
        await _said(on_step, "settings")
        if opened:
            await cluster.execute("SET synchronous_commit = on")
            await doors.open_to(cluster, names)
            await _said(on_step, "open")

    @translating()
    async def open(self, database: str) -> None:
        """Lets the application, readers and copies in, again or for the first time."""
        names = Names(database)
        async with self._making(names) as cluster, _as_owner(cluster, names):
            await cluster.execute(f"ALTER DATABASE {identifier(database)} ALLOW_CONNECTIONS true")
            await doors.open_to(cluster, names)

    @translating()
    async def shut(self, database: str) -> None:
        """Keeps the application and readers out and ends their sessions: what is in the database stays as it is.

        Returns when none is left. Copies can still be made.
        """
        names = Names(database)
        async with self._making(names) as cluster, _as_owner(cluster, names):
            await doors.shut_to(cluster, names)

    @translating()
    async def set_aside(self, database: str) -> None:
        """Nobody at all gets in any more."""
        names = Names(database)
        async with self._making(names) as cluster, _as_owner(cluster, names):
            await doors.shut_to(cluster, names)
            await cluster.execute(f"ALTER DATABASE {identifier(database)} ALLOW_CONNECTIONS false")

    @translating()
    async def is_open(self, database: str) -> bool:
        """Whether there is such a database and the application may enter it."""
        async with connect(self._address) as cluster:
            return await doors.is_open(cluster, Names(database))

    @property
    def address(self) -> Address:
        """Of the database postgres, for who looks at the cluster."""
        return self._address

    def maker(self, database: str) -> Address:
        """The same for the programs that fill a database: whose rights they have while it is owned."""
        return maker(self._address, Names(database))

    @translating()
    async def rotate(self, database: str, *, connection_limit: int = 20) -> None:
        """Sets the roles' passwords, attributes and settings anew and ends their sessions: after a change of the
        keys, or when somebody got hold of a role."""
        names = Names(database)
        async with self._making(names) as cluster:
            await self._roles(cluster, names, connection_limit)
            await self._settings(cluster, names)
            await doors.end_sessions(cluster, names)

    @translating()
    async def drop(self, database: str) -> None:
        """Ends all sessions and removes the database and its roles; nothing where there is none.

        The roles of what stands beside a database are that database's, and stay.
        """
        names = Names(database)
        async with self._making(names) as cluster:
            for each in (database,) if names.beside else names.standing:
                # After a drop that was cut off, PostgreSQL lets one do nothing but drop again.
                half = await cluster.fetchval("SELECT datconnlimit = -2 FROM pg_database WHERE datname = $1", each)
                if half is not None:
                    await take(cluster, names)
                    if not half:
                        await cluster.execute(f"ALTER DATABASE {identifier(each)} ALLOW_CONNECTIONS false")
                    await cluster.execute(f"DROP DATABASE {identifier(each)} WITH (FORCE)")
        if not names.beside:
            await self.drop_roles(database)

    @translating()
    async def drop_roles(self, database: str) -> None:
        """All four or, where something is theirs still, none."""
        names = Names(database)
        async with self._making(names) as cluster:
            roles = ", ".join(map(identifier, (names.login, names.reader, names.dumper, names.owner)))
            await cluster.execute(f"DROP ROLE IF EXISTS {roles}")

    @translating()
    async def exists(self, database: str) -> bool:
        async with connect(self._address) as cluster:
            return await database_exists(cluster, database)

    @translating()
    async def databases(self) -> list[str]:
        """All customers' databases of the cluster, whoever made them."""
        async with connect(self._address) as cluster:
            rows = await cluster.fetch("SELECT datname FROM pg_database WHERE datname ~ '^c_' ORDER BY 1")
            return [row["datname"] for row in rows]

    @translating()
    async def identity(self, database: str) -> Identity | None:
        """Whose database it says it is; None where provisioning did not come so far."""
        async with self.owning(database) as inside:
            if await inside.fetchval("SELECT to_regclass('meta.customer') IS NULL"):
                return None
            row = await inside.fetchrow("SELECT id, slug, plan, created_at FROM meta.customer")
            return None if row is None else Identity(**row)

    async def upgrade(
        self,
        databases: Sequence[str],
        revisions: migrate.Revisions,
        *,
        at_once: int = 8,
        tolerated: float = 0.05,
    ) -> migrate.Report:
        """Migrates the databases, each as its owner; see migrate.upgrade_all."""
        async with Owning(self._address, self.token) as owning:
            return await migrate.upgrade_all(databases, owning, revisions, at_once=at_once, tolerated=tolerated)

    @asynccontextmanager
    async def owning(self, database: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection to the database as its owner; membership is given up at the end."""
        async with Owning(self._address, self.token) as owning, owning(database) as inside:
            yield inside

    @asynccontextmanager
    async def as_owner(self, database: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection to the cluster that may change the database itself."""
        names = Names(database)
        async with self._making(names) as cluster, _as_owner(cluster, names):
            yield cluster

    def _making(self, names: Names) -> AbstractAsyncContextManager[asyncpg.Connection]:
        """A connection to the cluster as who makes the roles of this customer."""
        return connect(maker(self._address, names))

    async def _roles(self, cluster: asyncpg.Connection, names: Names, limit: int) -> None:
        closed = "NOLOGIN NOCREATEDB NOCREATEROLE"
        login = f"LOGIN NOINHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT {limit:d}"
        wanted: dict[str, tuple[str, str | None]] = {names.owner: (closed, None), names.dumper: (closed, None)}
        wanted |= {role: (login, self._passwords(role)) for role in (names.login, names.reader)}
        await ensure_roles(cluster, wanted)
        await cluster.execute(f"GRANT {identifier(names.dumper)} TO {identifier(BACKUP)} WITH INHERIT TRUE, SET FALSE")

    async def _own(self, names: Names, identity: Identity) -> None:
        async with connect(maker(self._address, names), names.database) as inside, inside.transaction():
            # What comes next to the cluster waits for this too, as the log is one.
            await inside.execute("SET LOCAL synchronous_commit = off")
            owner = identifier(names.owner)
            # Schemas first: a function's new owner must be one who may create in its schema.
            schemas = [row[0] for row in await inside.fetch(_OF_TEMPLATE, TEMPLATE_OWNER)]
            owned = [f"ALTER SCHEMA {identifier(schema)} OWNER TO {owner}" for schema in schemas]
            owned += [f"REASSIGN OWNED BY {identifier(TEMPLATE_OWNER)} TO {owner}", f"SET LOCAL ROLE {owner}"]
            await inside.execute("; ".join([*owned, *grants.statements(names)]))
            if await inside.fetchval("SELECT true FROM meta.customer WHERE id <> $1", identity.id):
                raise AnotherCustomer
            await inside.execute(
                "INSERT INTO meta.customer (id, slug, plan, created_at) VALUES ($1, $2, $3, $4)"
                " ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, plan = excluded.plan",
                *(identity.id, identity.slug, identity.plan, identity.created_at),
            )

    async def _settings(self, cluster: asyncpg.Connection, names: Names) -> None:
        # One script is one transaction.
        await cluster.execute("; ".join(_settings(names)))


def _settings(names: Names) -> Iterator[str]:
    for role, settings in grants.settings(names).items():
        in_database = f"ALTER ROLE {identifier(role)} IN DATABASE {identifier(names.database)}"
        yield f"ALTER ROLE {identifier(role)} RESET ALL"
        yield f"{in_database} RESET ALL"
        for name, value in settings.items():
            yield f"{in_database} SET {name} = {value}"


@asynccontextmanager
async def _as_owner(cluster: asyncpg.Connection, names: Names) -> AsyncIterator[None]:
    """With the rights of the owner, for as long as they are needed."""
    await take(cluster, names)
    try:
        yield
    finally:
        await give_back(cluster, names)


async def _said(on_step: OnStep | None, step: str) -> None:
    if on_step is not None:
        await on_step(step)
