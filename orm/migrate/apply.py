import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial

import asyncpg

from orm.errors import Error

from .render import Revisions

_BUSY = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)
Check = Callable[[str], Awaitable[None]]
_NOT_AFTER_A_CANARY = "not tried, since a canary failed"
_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)  # seconds between attempts


class UnknownRevision(Error):
    """The database is at a revision that this program does not know; a newer one made it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one database; versions are None where it was not reached, error where all is well."""

    target: str
    before: str | None
    after: str | None
    seconds: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.error is not None)


async def upgrade(
    connection: asyncpg.Connection,
    revisions: Revisions,
    *,
    table: str = "meta.revision",
    pauses: Sequence[float] = _PAUSES,
) -> tuple[str, str]:
    """Brings one database to the head, each revision in a transaction of its own; (before, after).

    `table` holds one row with the version. Waits for a lock half a second at most, since all later readers wait
    behind a migration that waits; then tries again after each of `pauses`. Safe to repeat, and to run
    from two processes at once.
    """
    before = after = await _version(connection, table)
    while after != revisions.head:
        after = await _patiently(connection, revisions, table, after, pauses)
    return before, after


async def upgrade_all(
    targets: Sequence[str],
    opened: Callable[[str], AbstractAsyncContextManager[asyncpg.Connection]],
    revisions: Revisions,
    *,
    table: str = "meta.revision",
    canaries: int = 0,
    at_once: int = 8,
    tolerated: float = 0.05,
    pauses: Sequence[float] = _PAUSES,
    check: Check | None = None,
) -> Report:
    """Brings each target to the head, `at_once` at a time; `opened` gives a connection for its owner.

    The first `canaries` go ahead, one after another, and none of them may fail. When more than the share
    `tolerated` of all has failed, no further one is begun: those are reported as not tried. Running it again
    goes on where it ended. `check` is asked before each revision of a target is committed, and may raise.
    """
    outcomes: dict[str, Outcome] = {}
    for target in targets[:canaries]:
        outcomes[target] = await _outcome(target, opened, revisions, table, pauses, check)
        if outcomes[target].error is not None:
            rest = [Outcome(one, None, None, 0.0, _NOT_AFTER_A_CANARY) for one in targets if one not in outcomes]
            return Report((*outcomes.values(), *rest))
    waiting = iter(targets[canaries:])

    def next_target() -> Iterator[str]:
        for target in waiting:
            if sum(one.error is not None for one in outcomes.values()) > tolerated * len(targets):
                outcomes[target] = Outcome(target, None, None, 0.0, "not tried, since too many others failed")
            else:
                yield target

    async def work() -> None:
        for target in next_target():
            outcomes[target] = await _outcome(target, opened, revisions, table, pauses, check)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(at_once, len(targets))):
            group.create_task(work())
    return Report(tuple(outcomes[target] for target in targets))


async def _outcome(
    target: str,
    opened: Callable[[str], AbstractAsyncContextManager[asyncpg.Connection]],
    revisions: Revisions,
    table: str,
    pauses: Sequence[float],
    check: Check | None,
) -> Outcome:
    begin = time.monotonic()
    before = after = None
    try:
        async with opened(target) as connection:
            before = after = await _version(connection, table)
            asked = None if check is None else partial(check, target)
            while after != revisions.head:
                after = await _patiently(connection, revisions, table, after, pauses, asked)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, Error) as error:
        return Outcome(target, before, after, time.monotonic() - begin, _sentence(error))
    return Outcome(target, before, after, time.monotonic() - begin)


async def _patiently(
    connection: asyncpg.Connection,
    revisions: Revisions,
    table: str,
    version: str,
    pauses: Sequence[float],
    check: Callable[[], Awaitable[None]] | None = None,
) -> str:
    for pause in pauses:
        try:
            return await _step(connection, revisions, table, version, check)
        except _BUSY:
            await asyncio.sleep(pause)
    return await _step(connection, revisions, table, version, check)


async def _step(
    connection: asyncpg.Connection,
    revisions: Revisions,
    table: str,
    version: str,
    check: Callable[[], Awaitable[None]] | None,
) -> str:
    """The version that the revision after this one leads to, or where another has brought it meanwhile."""
    position = revisions.position(version)
    if position is None:
        raise UnknownRevision(f"The database is at revision {version}, which this program does not know.")
    revision = revisions.steps[position]
    # The row's lock keeps a second migrator out. With one trip to the server, as there are many databases.
    ours = f"UPDATE {table} SET version = '{revision.name}' WHERE version = '{version}'"  # noqa: S608 the program's own names
    async with connection.transaction():
        if await connection.execute(f"SET LOCAL lock_timeout = '500ms'; {ours}") == "UPDATE 1":
            await connection.execute(revision.sql)
            if check is not None:
                await check()
            return revision.name
    return await _version(connection, table)


async def _version(connection: asyncpg.Connection, table: str) -> str:
    version: str = await connection.fetchval(f"SELECT version FROM {table}")  # noqa: S608 as above
    return version


def _sentence(error: BaseException) -> str:
    if isinstance(error, asyncpg.InterfaceError) and error.__context__ is not None:
        error = error.__context__  # why the connection was closed, rather than that it is
    if isinstance(error, asyncpg.PostgresError):
        # str() would add the detail, which quotes customers' rows.
        return f"{error.sqlstate} {error.args[0]}"
    return f"{type(error).__name__}: {error}"
