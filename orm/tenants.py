"""Every customer's database, as far as a process needs it just now."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from orm.address import Address
from orm.engine import connect
from orm.errors import Error, OutcomeUnknown, Refused, TimedOut, Unavailable
from orm.flushing import OrderedSession
from orm.pool import Held, Pool, Usage
from orm.session import Opened, flush, heard, running_task, send, standing
from orm.translation import FAILURES, translated

_ROLLBACK = 2.0  # seconds: a server that needs more has lost the connection for us
_TELL = "SELECT pg_notify(channel, payload) FROM unnest($1::text[], $2::text[]) AS told (channel, payload)"
_LEAST = 0.05  # seconds to connect, for the driver takes no time at all as an error


class Tenants:
    """Opens transactions on tenants' databases, with few connections for many tenants.

    address_of -- where a tenant's database is, asked for each new connection
    ceiling, per_tenant -- most open connections of this process, and most to one tenant
    wait -- seconds a call may wait for a connection, connecting included, then it is Unavailable
    idle -- seconds after which an unused connection is closed
    statement -- seconds a statement may take before it is given up as TimedOut, also by a server that hangs
    cursor_key -- signs the cursors of pages; the same in all processes
    """

    def __init__(
        self,
        address_of: Callable[[str], Address],
        *,
        cursor_key: bytes,
        ceiling: int = 20,
        per_tenant: int = 5,
        wait: float = 1.8,
        idle: float = 30.0,
        statement: float = 20.0,
    ) -> None:
        self._address_of = address_of
        self._cursor_key = cursor_key
        self._statement = statement
        self._pool = Pool(self._connect, ceiling=ceiling, per_tenant=per_tenant, wait=wait, idle=idle)

    @asynccontextmanager
    async def transaction(
        self, tenant: str, *, read_only: bool = False, single: bool = False, snapshot: bool = False
    ) -> AsyncIterator[Opened]:
        """A transaction for the running task: committed on leaving, rolled back on an exception.

        With single, for work that is one prepared statement, that commits by itself: BEGIN and COMMIT are not sent.
        With snapshot all statements see what the first one saw (REPEATABLE READ).

        Another one, on another tenant too, may be opened inside and hides this one until it is left. A call
        that is cancelled closes its connection. OutcomeUnknown when that was lost while committing.
        """
        held = await self._pool.take(tenant)
        reusable = False
        try:
            held.adapted.readonly = read_only
            held.adapted.isolation_level = "repeatable_read" if snapshot else None
            session = AsyncSession(held.connection, sync_session_class=OrderedSession, expire_on_commit=False)
            opened = Opened(tenant, session, held.adapted, self._cursor_key, running_task(), single)
            token = standing.set(opened)
            try:
                yield opened
                await _commit(opened, read_only)
                reusable = True
            except Exception as error:
                reusable = not opened.lost and await _rolled_back(opened)
                if isinstance(error, Unavailable | TimedOut) and held.driver.is_closed():
                    self._pool.suspect(held.address)
                raise
            finally:
                standing.reset(token)
        finally:
            self._pool.give(held, reusable=reusable)

    async def tell(self, tenant: str, *messages: tuple[str, str]) -> None:
        """Sends payloads, each under 8000 bytes, to all who listen to their channels: at once, in no transaction."""
        channels, payloads = zip(*messages, strict=True)
        for listener in heard:
            listener(_TELL, (channels, payloads))
        held = await self._pool.take(tenant)
        failure: Error | None = None
        reusable = False
        try:
            await held.driver.fetch(_TELL, channels, payloads)
            reusable = True
        except FAILURES as error:
            failure = translated(error)
        finally:
            self._pool.give(held, reusable=reusable)
        if failure is not None:
            raise failure

    @property
    def usage(self) -> Usage:
        """How the connections of this process are used just now."""
        return self._pool.usage

    def forget(self, tenant: str) -> None:
        """Closes the tenant's connections as soon as they are unused: its address has changed."""
        self._pool.forget(tenant)

    async def close(self) -> None:
        """Closes all connections, those in use when their transaction ends."""
        await self._pool.close()

    async def _connect(self, tenant: str, seconds: float) -> Held:
        address = self._address_of(tenant)
        in_time = replace(address, connect_timeout=max(min(address.connect_timeout, seconds), _LEAST))
        try:
            return Held(tenant, address, await connect(in_time, self._statement))
        except OSError:  # TimeoutError is one: the server, not this one database, is out of reach
            self._pool.suspect(address)
            failure: Error = Unavailable()
        except FAILURES as error:
            failure = translated(error)
            if isinstance(failure, Refused):
                # Its door is closed, or its password has just been changed: both pass.
                failure = Unavailable(sqlstate=failure.sqlstate)
        raise failure


async def _commit(opened: Opened, read_only: bool) -> None:
    await flush()
    try:
        await send(opened.session.commit)
    except (Unavailable, TimedOut) as error:
        lost = error
    else:
        # What was acknowledged must have been committed, whatever the layers between think of it.
        if not opened.adapted.driver_connection.is_in_transaction():
            return
        opened.lost, lost = True, Unavailable()
    raise Unavailable(sqlstate=lost.sqlstate) if read_only else OutcomeUnknown(sqlstate=lost.sqlstate)


async def _rolled_back(opened: Opened) -> bool:
    try:
        async with asyncio.timeout(_ROLLBACK):
            await opened.session.rollback()
    except FAILURES:
        return False
    return True
