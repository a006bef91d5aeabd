"""The open transaction of the running task."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Executable, Result, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from orm.errors import Broken, Error, NoTransaction, TimedOut, Unavailable
from orm.inserting import insertions
from orm.translation import FAILURES, translated

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Opened:
    """A transaction on one tenant's database.

    `woken` is the earliest time at which work enqueued here is due: whoever opened it can then wake a worker
    after the commit.
    """

    tenant: str
    session: AsyncSession = field(repr=False)
    adapted: Any = field(repr=False)  # SQLAlchemy's view of the driver's connection
    cursor_key: bytes = field(repr=False)
    task: "asyncio.Task[Any] | None"
    single: bool = False
    woken: datetime | None = None
    failed: bool = False
    # Nobody knows what the connection still brings or does: it must not be used again.
    lost: bool = False

    def wake(self, due: datetime) -> None:
        self.woken = due if self.woken is None else min(self.woken, due)


# Told of every statement that goes to the driver without SQLAlchemy, with its parameters.
heard: list[Callable[[str, Sequence[Any]], None]] = []
# Told of how many rows it brought.
fetched: list[Callable[[int], None]] = []
standing: ContextVar[Opened | None] = ContextVar("transaction", default=None)


def running_task() -> "asyncio.Task[Any] | None":
    try:
        return asyncio.current_task()
    except RuntimeError:  # a thread without a loop
        return None


def current() -> Opened:
    """The transaction that this task opened last and has not left; NoTransaction otherwise."""
    opened = standing.get()
    if opened is None:
        raise NoTransaction
    if opened.task is None or opened.task is not running_task():
        raise NoTransaction("The transaction at hand was opened by another task.")
    return opened


async def send(work: Callable[..., Awaitable[T]], *arguments: object) -> T:
    """Runs what speaks to the database in the current transaction; the only place that does.

    After a failure PostgreSQL ignores what follows and turns COMMIT into ROLLBACK without an error, so the
    transaction is marked, and refuses everything but its end.
    """
    opened = current()
    if opened.failed:
        raise Broken
    try:
        return await work(*arguments)
    except Error:  # what the rows said was refused on reading them; the transaction is sound
        raise
    except FAILURES as error:
        opened.failed = True
        failure = translated(error)
        # The server has not said this: what it was told it may do later. A BEGIN that comes so late makes the next
        # transaction a part of one that nobody commits.
        opened.lost = opened.lost or (isinstance(failure, Unavailable | TimedOut) and not failure.sqlstate)
    except BaseException:
        opened.failed = opened.lost = True
        raise
    raise failure  # outside of the except block: nothing of the driver's error is chained to it


async def execute(statement: Executable) -> Result[Any]:
    """Writes what is pending, then sends the statement."""
    await flush()
    return await send(current().session.execute, statement)


async def fetch(statement: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """Writes what is pending, then hands a finished statement to the driver: its rows."""
    await flush()
    return await _sent(statement, parameters)


async def _sent(statement: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
    for listener in heard:
        listener(statement, parameters)
    rows: Sequence[Sequence[Any]] = await send(_fetch, current(), statement, parameters)
    for counts in fetched:
        counts(len(rows))
    return rows


async def _fetch(opened: Opened, statement: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
    await _begun(opened)
    rows: Sequence[Sequence[Any]] = await opened.adapted.driver_connection.fetch(statement, *parameters)
    return rows


async def _begun(opened: Opened) -> None:
    if opened.adapted._transaction is None and not opened.single:
        # SQLAlchemy begins with its own first statement only. It must know, for it commits and rolls back.
        _ = await opened.session.connection()
        await opened.adapted._start_transaction()


async def stream(statement: str, at_once: int) -> AsyncIterator[Sequence[Sequence[Any]]]:
    """The rows of a finished statement without parameters, by a cursor of the server: so many at a time."""
    cursor = await send(_declare, current(), statement)
    while rows := await send(cursor.fetch, at_once):
        yield rows


async def _declare(opened: Opened, statement: str) -> Any:
    await _begun(opened)
    return await opened.adapted.driver_connection.cursor(statement)


async def flush() -> None:
    """Writes what is pending, so that the database's own values and refusals are known now."""
    session = current().session
    if session.new:
        for insertion in insertions(session.sync_session):
            insertion.written(session.sync_session, await _sent(insertion.statement.text, insertion.parameters))
    if session.new or session.dirty or session.deleted:
        await send(session.flush)


async def scalars(**named: ColumnElement[Any]) -> dict[str, Any]:
    """Several single values, such as capped counts, by one statement."""
    row = (await execute(select(*(value.label(name) for name, value in named.items())))).one()
    return dict(zip(named, row, strict=True))


@asynccontextmanager
async def savepoint() -> AsyncIterator[None]:
    """What fails inside is undone alone and the error is raised; then the transaction may go on.

    Entities that were changed inside are undone too and must be read again.
    """
    opened = current()
    nested = await send(opened.session.begin_nested)
    # SQLAlchemy sends SAVEPOINT with the first statement of its own, and what goes straight to the driver is none.
    _ = await send(opened.session.connection)
    try:
        yield
        if opened.failed:
            raise Broken
        await send(nested.commit)
    except Exception:
        opened.failed = False
        await send(nested.rollback)
        raise
