"""From the driver's errors to ours. The driver's words may hold values of a row: none are passed on."""

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.exc import (
    DBAPIError,
    PendingRollbackError,
    ResourceClosedError,
    StatementError,
)
from sqlalchemy.orm.exc import StaleDataError

from orm.errors import BadValue, Broken, Conflict, Contended, Error, Refused, Stale, TimedOut, Unavailable

# What a statement or a connection may raise; a mistake in the use of SQLAlchemy itself stays what it is.
FAILURES = (
    DBAPIError,
    StatementError,
    StaleDataError,
    PendingRollbackError,
    ResourceClosedError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    AsyncAdapt_asyncpg_dbapi.Error,  # what SQLAlchemy makes of one of these where no statement of its own is sent
    OSError,
    TimeoutError,
)

_BY_STATE: dict[str, type[Error]] = {
    "25006": Refused,  # a write in a read-only transaction
    "25P02": Broken,
    "25P03": TimedOut,  # idle in transaction for too long
    "25P04": TimedOut,
    "3D000": Unavailable,  # no such database: it is being swapped or moved
    "40001": Contended,
    "40P01": Contended,
    "42501": Refused,
    "55000": Unavailable,  # the database is closed to connections
    "55P03": TimedOut,  # a lock was not to be had
    "57014": TimedOut,
}
_BY_CLASS: dict[str, type[Error]] = {
    "08": Unavailable,
    "22": BadValue,
    "28": Refused,
    "53": Unavailable,
    "57": Unavailable,
    "58": Unavailable,
}
_BY_TYPE: dict[type[Exception], type[Error]] = {
    TimeoutError: TimedOut,
    OSError: Unavailable,  # after TimeoutError, which is one
    # The tables were changed while this connection was in use; it has forgotten its plans by now.
    asyncpg.OutdatedSchemaCacheError: Contended,
    asyncpg.InvalidCachedStatementError: Contended,
    AsyncAdapt_asyncpg_dbapi.InvalidCachedStatementError: Contended,
    asyncpg.InternalClientError: Unavailable,  # of a connection that was cut while it was in use
    StaleDataError: Stale,
    PendingRollbackError: Broken,
    ResourceClosedError: Broken,
}


def translated(error: Exception) -> Error:
    """The error to raise in place of one of FAILURES."""
    cause = _innermost(error)
    if isinstance(cause, Error):
        return cause
    state: str = getattr(cause, "sqlstate", None) or ""
    if isinstance(cause, asyncpg.IntegrityConstraintViolationError):
        return Conflict(_constraint(cause), sqlstate=state)
    if kind := _BY_STATE.get(state) or _BY_CLASS.get(state[:2]):
        return kind(sqlstate=state)
    for base, kind in _BY_TYPE.items():
        if isinstance(cause, base):
            return kind()
    closed = isinstance(cause, asyncpg.InterfaceError) and "connection is closed" in str(cause)
    if closed or getattr(error, "connection_invalidated", False):
        return Unavailable()
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
        return BadValue()  # what a column made of the value, before anything was sent
    return _unforeseen(error, state)


def _innermost(error: Exception) -> BaseException:
    """The driver's error, which SQLAlchemy wraps twice."""
    inner = getattr(error, "orig", None)
    return error if inner is None else _innermost(inner)


def _constraint(error: asyncpg.IntegrityConstraintViolationError) -> str:
    if isinstance(error, asyncpg.NotNullViolationError):  # the server does not name this one
        return f"{error.table_name}_{error.column_name}_not_null"
    return error.constraint_name or ""


def _unforeseen(error: Exception, state: str) -> Error:
    failure = Error(sqlstate=state)
    if isinstance(error, DBAPIError) and error.statement:
        failure.add_note(error.statement[:1000])  # values travel apart from it
    return failure
