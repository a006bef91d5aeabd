"""From the driver's errors to ours. The driver's words may hold values of a row: none are passed on."""

import asyncpg
from sqlalchemy.exc import (
    DBAPIError,
    PendingRollbackError,
    ResourceClosedError,
    SQLAlchemyError,
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


def translated(error: Exception) -> Error:
    """The error to raise in place of one of FAILURES."""
    if isinstance(error, Error):
        return error
    if isinstance(error, TimeoutError):
        return TimedOut()
    if isinstance(error, OSError):
        return Unavailable()
    if isinstance(error, StaleDataError):
        return Stale()
    if isinstance(error, PendingRollbackError | ResourceClosedError):
        return Broken()
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
        return error.orig if isinstance(error.orig, Error) else BadValue()
    return _of_driver(error)


def _of_driver(error: Exception) -> Error:
    driver = _driver_error(error)
    state = getattr(driver, "sqlstate", None) or ""
    if isinstance(driver, asyncpg.IntegrityConstraintViolationError):
        return Conflict(_constraint(driver), sqlstate=state)
    if isinstance(driver, asyncpg.DataError):  # the driver could not encode a value
        return BadValue()
    if kind := _BY_STATE.get(state) or _BY_CLASS.get(state[:2]):
        return kind(sqlstate=state)
    if isinstance(driver, TimeoutError):
        return TimedOut()
    if isinstance(driver, OSError) or getattr(error, "connection_invalidated", False) or not state:
        return Unavailable(sqlstate=state)
    failure = Error(sqlstate=state)
    if isinstance(error, DBAPIError) and error.statement:
        failure.add_note(error.statement[:1000])  # values travel apart from it
    return failure


def _driver_error(error: Exception) -> BaseException:
    while isinstance(error, DBAPIError | SQLAlchemyError) or hasattr(error, "driver_exception"):
        inner = getattr(error, "orig", None)
        if inner is None:
            break
        error = inner
    return error


def _constraint(error: asyncpg.IntegrityConstraintViolationError) -> str:
    if isinstance(error, asyncpg.NotNullViolationError):  # the server does not name this one
        return f"{error.table_name}_{error.column_name}_not_null"
    return error.constraint_name or ""
