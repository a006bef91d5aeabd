"""The connections of a process: few, shared by all tenants, and fairly."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, cast

import asyncpg
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from orm.address import Address
from orm.errors import Unavailable
from orm.translation import FAILURES

_GOODBYE = 0.5  # seconds for a server to end a session
_LEAST = 0.01  # for the driver takes no time at all as an error


@dataclass(slots=True, eq=False)
class Held:
    """An open connection, in use or idle since a time of the loop's clock."""

    tenant: str
    address: Address
    connection: AsyncConnection
    adapted: Any = field(init=False)  # SQLAlchemy's view of the driver's connection
    driver: asyncpg.Connection = field(init=False)
    since: float = 0.0
    outdated: bool = False

    def __post_init__(self) -> None:
        raw = self._sync.connection
        self.adapted, self.driver = raw.dbapi_connection, raw.driver_connection

    @property
    def _sync(self) -> Connection:
        """It closes without waiting, as the asynchronous one cannot."""
        return cast(Connection, self.connection.sync_connection)

    def discard(self) -> None:
        """Closes at once and without waiting, in whatever state the connection is."""
        if not self._sync.closed and not self._sync.invalidated:
            self._sync.invalidate()

    async def end(self, seconds: float) -> None:
        """Closes when the server has ended its side too, or is too slow to."""
        try:
            await self.driver.close(timeout=max(min(seconds, _GOODBYE), _LEAST))
        except FAILURES:
            pass
        finally:
            self.discard()


@dataclass(slots=True, eq=False)
class _Room:
    """A place for a new connection, once the one that had it has ended."""

    leaving: Held | None = None

    def give_up(self) -> None:
        if self.leaving is not None:
            self.leaving.discard()


@dataclass(slots=True, eq=False)
class _Waiter:
    tenant: str
    granted: "asyncio.Future[Held | _Room]" = field(repr=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """Connections in use and idle, calls that wait for one, and how many connections there may be."""

    used: int
    idle: int
    waiting: int
    ceiling: int


class Pool:
    """At most `ceiling` connections, at most `per_tenant` of them to one tenant.

    A tenant gets the one of its idle connections that was used last, else a new one, for which the connection
    that has been idle longest may have to go; else it waits its turn, `wait` seconds at most. Idle ones are
    closed after `idle` seconds. When a method returns, nobody who waits could be served: so whoever is new
    overtakes nobody.
    """

    def __init__(
        self,
        connect: Callable[[str, float], Awaitable[Held]],
        *,
        ceiling: int,
        per_tenant: int,
        wait: float,
        idle: float,
    ) -> None:
        self._connect = connect
        self._ceiling = ceiling
        self._per_tenant = per_tenant
        self._wait = wait
        self._idle_seconds = idle
        self._idle: dict[Held, None] = {}  # in the order in which they fell idle
        self._stacks: dict[str, list[Held]] = {}
        self._used: dict[Held, None] = {}
        self._open: Counter[str] = Counter()
        self._total = 0
        self._waiting: deque[_Waiter] = deque()
        self._reaper: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def usage(self) -> Usage:
        return Usage(len(self._used), len(self._idle), len(self._waiting), self._ceiling)

    async def take(self, tenant: str) -> Held:
        """A connection to this tenant's database; Unavailable when none is to be had in time."""
        if self._closed:
            raise Unavailable("The connections have been closed.")
        # One bound for both: who waited for a place has less time left to connect.
        deadline = asyncio.get_running_loop().time() + self._wait
        granted = self._grant(tenant) or await self._turn(tenant, deadline)
        if isinstance(granted, Held):
            return granted
        try:
            if granted.leaving is not None:
                # Until the server has ended that session it counts there: the ceiling holds for the server too.
                await granted.leaving.end(deadline - asyncio.get_running_loop().time())
            held = await self._connect(tenant, deadline - asyncio.get_running_loop().time())
        except BaseException:
            self._leave(tenant)
            raise
        self._used[held] = None
        return held

    def give(self, held: Held, *, reusable: bool) -> None:
        """Takes a connection back; one that is not reusable is closed."""
        del self._used[held]
        if reusable and not held.outdated and not held.driver.is_closed() and not self._closed:
            held.since = asyncio.get_running_loop().time()
            self._idle[held] = None
            self._stacks.setdefault(held.tenant, []).append(held)
            self._serve()
            self._reap_later()
        else:
            held.discard()
            self._leave(held.tenant)

    def suspect(self, address: Address) -> None:
        """Closes the idle connections to a server that has just failed: they are likely dead too."""
        for held in [held for held in self._idle if _server(held.address) == _server(address)]:
            self._drop(held)
        self._serve()

    def forget(self, tenant: str) -> None:
        """Closes the tenant's connections, those in use when they come back."""
        for held in self._stacks.get(tenant, [])[:]:
            self._drop(held)
        for held in self._used:
            held.outdated = held.outdated or held.tenant == tenant
        self._serve()

    async def close(self) -> None:
        self._closed = True
        if self._reaper is not None:
            self._reaper.cancel()
        for waiter in self._waiting:
            if not waiter.granted.done():
                waiter.granted.set_exception(Unavailable("The connections have been closed."))
        while self._idle:
            held = next(iter(self._idle))
            self._unlist(held)
            self._count_out(held.tenant)
            await held.driver.close(timeout=1)
            held.discard()

    def _grant(self, tenant: str) -> Held | _Room | None:
        while stack := self._stacks.get(tenant):
            held = stack[-1]
            if not held.driver.is_closed():
                self._unlist(held)
                self._used[held] = None
                return held
            self._drop(held)
        if self._open[tenant] >= self._per_tenant:
            return None
        room = _Room()
        if self._total >= self._ceiling:
            if not self._idle:
                return None
            room.leaving = next(iter(self._idle))
            self._unlist(room.leaving)
            self._count_out(room.leaving.tenant)
        self._open[tenant] += 1
        self._total += 1
        return room

    async def _turn(self, tenant: str, deadline: float) -> Held | _Room:
        waiter = _Waiter(tenant, asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout_at(deadline):
                return await waiter.granted
        except TimeoutError:
            self._forgo(waiter)
            raise Unavailable("All connections are in use.") from None
        except BaseException:
            self._forgo(waiter)
            raise

    def _forgo(self, waiter: _Waiter) -> None:
        """The waiter has gone; what it was granted in the same moment goes to the next."""
        if waiter in self._waiting:
            self._waiting.remove(waiter)
        if not waiter.granted.done() or waiter.granted.cancelled() or waiter.granted.exception():
            return
        granted = waiter.granted.result()
        if isinstance(granted, Held):
            self.give(granted, reusable=True)
        else:
            granted.give_up()
            self._leave(waiter.tenant)

    def _serve(self) -> None:
        for waiter in list(self._waiting):
            if not self._idle and self._total >= self._ceiling:
                return
            if waiter.granted.done():
                continue
            granted = self._grant(waiter.tenant)
            if granted is not None:
                self._waiting.remove(waiter)
                waiter.granted.set_result(granted)

    def _leave(self, tenant: str) -> None:
        self._count_out(tenant)
        self._serve()

    def _drop(self, held: Held) -> None:
        self._unlist(held)
        held.discard()
        self._count_out(held.tenant)

    def _unlist(self, held: Held) -> None:
        del self._idle[held]
        stack = self._stacks[held.tenant]
        stack.remove(held)
        if not stack:
            del self._stacks[held.tenant]

    def _count_out(self, tenant: str) -> None:
        self._total -= 1
        self._open[tenant] -= 1
        if not self._open[tenant]:
            del self._open[tenant]

    def _reap_later(self) -> None:
        if self._reaper is None and self._idle:
            due = next(iter(self._idle)).since + self._idle_seconds
            self._reaper = asyncio.get_running_loop().call_at(due, self._reap)

    def _reap(self) -> None:
        self._reaper = None
        now = asyncio.get_running_loop().time()
        while self._idle and (oldest := next(iter(self._idle))).since + self._idle_seconds <= now:
            self._drop(oldest)
        self._serve()
        self._reap_later()


def _server(address: Address) -> tuple[str, int]:
    return address.host, address.port
