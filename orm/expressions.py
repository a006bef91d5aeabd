"""What can be said about columns beyond Python's own operators. SQLAlchemy's expressions are the language."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnExpressionArgument, and_, bindparam, func, literal, not_, or_, tuple_
from sqlalchemy import case as _case
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import ReturnTypeFromArgs

T = TypeVar("T")
Condition = ColumnExpressionArgument[bool]
Expression = ColumnExpressionArgument[Any]

__all__ = [
    "Condition",
    "Expression",
    "and_",
    "any_of",
    "average",
    "case",
    "coalesce",
    "constant",
    "constants",
    "contains_all",
    "count",
    "function",
    "greatest",
    "least",
    "literal",
    "lower",
    "maximum",
    "minimum",
    "not_",
    "or_",
    "row",
    "total",
    "truncated",
]


def constant(value: T) -> ColumnElement[T]:
    """A value that stands in the statement's text: only so does `status = 'open'` find a partial index.

    Never for what comes from outside: each value is a statement of its own to the caches.
    """
    return bindparam(None, value, literal_execute=True)


def constants(*values: Any) -> ColumnElement[Any]:
    """The same for in_()."""
    return bindparam(None, values, expanding=True, literal_execute=True)


def row(*values: Any) -> ColumnElement[Any]:
    """Several values as one, compared from the first to the last: what comes before another in a list."""
    return tuple_(*values)


def lower(value: ColumnExpressionArgument[str]) -> ColumnElement[str]:
    return func.lower(value)


class greatest(ReturnTypeFromArgs[T]):
    """The greatest of what is not null."""

    inherit_cache = True


class least(ReturnTypeFromArgs[T]):
    """The least of what is not null."""

    inherit_cache = True


def coalesce(*values: Any) -> ColumnElement[Any]:
    """The first that is not null."""
    return func.coalesce(*values)


def case(*branches: tuple[Condition, Any], otherwise: Any = None) -> ColumnElement[Any]:
    """The value of the first branch whose condition holds."""
    return _case(*branches, else_=otherwise)


def any_of(column: ColumnExpressionArgument[list[str]], value: str) -> ColumnElement[bool]:
    """The array contains this value; written as @>, which a GIN index serves."""
    return contains_all(column, [value])


def contains_all(
    column: ColumnExpressionArgument[list[str]], values: Iterable[str] | ColumnElement[Any]
) -> ColumnElement[bool]:
    """The array contains all of these values, or all of this array."""
    return column.contains(values if isinstance(values, ColumnElement) else list(values))  # type: ignore[union-attr]


def count(column: Expression | None = None, *, where: Condition | None = None) -> ColumnElement[int]:
    """How many rows, or how many where the column is not null."""
    counted = func.count() if column is None else func.count(column)
    return counted if where is None else counted.filter(where)


def total(column: ColumnExpressionArgument[T], *, where: Condition | None = None) -> ColumnElement[T]:
    summed = func.sum(column)
    return summed if where is None else summed.filter(where)


def average(column: Expression, *, where: Condition | None = None) -> ColumnElement[Any]:
    mean = func.avg(column)
    return mean if where is None else mean.filter(where)


def maximum(column: ColumnExpressionArgument[T]) -> ColumnElement[T]:
    return func.max(column)


def minimum(column: ColumnExpressionArgument[T]) -> ColumnElement[T]:
    return func.min(column)


def truncated(unit: str, time: ColumnExpressionArgument[datetime], zone: str = "UTC") -> ColumnElement[datetime]:
    """The beginning of the "day", "week" or "month", in that zone."""
    return func.date_trunc(unit, time, zone)


def function(name: str, *arguments: Any) -> ColumnElement[Any]:
    """A function of the database by its name, where none of the above serves."""
    return getattr(func, name)(*arguments)  # type: ignore[no-any-return]
