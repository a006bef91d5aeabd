"""Keyset pages: each begins where another ended, found by an index however far down the list."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Select, and_, bindparam, tuple_
from sqlalchemy.sql.elements import ColumnElement

from orm.cursors import Cursors, Place, words_of
from orm.session import execute
from orm.shapes import builder

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Page(Generic[S]):
    """Part of a list; next and previous are cursors, None at its ends."""

    items: list[S]
    next: str | None = None
    previous: str | None = None


async def page(
    select: Callable[..., Select[Any]],
    conditions: Sequence[Any],
    shape: type[S],
    by: Sequence[Any],
    size: int,
    cursor: str | None,
    start: Sequence[Any] | None,
    descending: bool,
    columns: dict[str, Any],
) -> Page[S]:
    build = builder(shape, tuple(columns))
    check_order(by)
    cursors = Cursors(lambda: words_of(tuple_(*by, and_(True, *conditions))), descending)
    statement = keyed(select, columns, by)

    async def read(place: Place | None, falling: bool) -> Sequence[Sequence[Any]]:
        beyond = None if place is None else comparison(by, place, falling)
        return (await execute(sorted_(statement, by, beyond, falling).limit(size + 1))).all()

    return await turned(read, cursors, build, len(columns), size, cursor, start, descending)


def keyed(select: Callable[..., Select[Any]], columns: Mapping[str, Any], by: Sequence[Any]) -> Select[Any]:
    """The columns, and behind them the keys that order the rows."""
    return select(
        *(column.label(name) for name, column in columns.items()),
        *(column.label(f"key_{position}") for position, column in enumerate(by)),
    )


def sorted_(statement: Select[Any], by: Sequence[Any], beyond: Any, falling: bool) -> Select[Any]:
    """What lies beyond a place, nearest first."""
    if beyond is not None:
        statement = statement.where(beyond)
    return statement.order_by(*(column.desc() if falling else column.asc() for column in by))


async def turned(
    read: Callable[[Place | None, bool], Awaitable[Sequence[Sequence[Any]]]],
    cursors: Cursors,
    build: Callable[[list[Any]], list[S]],
    width: int,
    size: int,
    cursor: str | None,
    start: Sequence[Any] | None,
    descending: bool,
) -> Page[S]:
    """The page at this cursor, or at start; read answers up to one row more than a page has, each with its keys
    behind `width`.
    """
    if size < 1:
        raise ValueError("A page has one row at least.")
    place = None if cursor is None else cursors.read(cursor)
    if place is None and start is not None:
        place = Place(True, True, [("", value) for value in start])
    forward = place is None or place.forward
    found = await read(place, descending == forward)
    rows, more = found[:size], len(found) > size
    if not rows and place is not None:
        # All there was has gone meanwhile: the way back begins with the row that the cursor came from.
        back = cursors.write(not forward, [value for _, value in place.keys], inclusive=True)
        return Page([], previous=back) if forward else Page([], next=back)
    if not forward:
        rows = rows[::-1]
    before, after = (place is not None, more) if forward else (more, True)
    return Page(
        build([row[:width] for row in rows]),
        next=cursors.write(True, rows[-1][width:]) if after else None,
        previous=cursors.write(False, rows[0][width:]) if before else None,
    )


def comparison(by: Sequence[Any], place: Place, falling: bool) -> ColumnElement[bool]:
    """What lies beyond the place. Compares whole rows, which an index on these columns answers by itself."""
    pairs = zip(by, place.keys, strict=True)
    there = tuple_(*(bindparam(None, value, column.type) for column, (_, value) in pairs))
    return compared(by, there, falling, place.inclusive)


def compared(by: Sequence[Any], there: Any, falling: bool, inclusive: bool) -> ColumnElement[bool]:
    here = tuple_(*by)
    if inclusive:
        return here <= there if falling else here >= there  # type: ignore[no-any-return]
    return here < there if falling else here > there  # type: ignore[no-any-return]


def check_order(by: Sequence[Any]) -> None:
    columns = [_table_column(expression) for expression in by]
    last = columns[-1] if columns else None
    if last is None or not (last.unique or list(last.table.primary_key) == [last]):
        raise TypeError("The last column of an order by pages must be unique, such as the id.")
    if any(column is not None and column.nullable for column in columns):
        raise TypeError("A nullable column cannot order pages; use orm.coalesce.")


def _table_column(expression: Any) -> Column[Any] | None:
    """The column of a table, also of an alias; None for any other expression."""
    element = expression.__clause_element__() if hasattr(expression, "__clause_element__") else expression
    base = next(iter(element.base_columns), None)
    return base if isinstance(base, Column) else None
