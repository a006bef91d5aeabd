"""Keyset pages and their signed cursors."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Column, Select, and_, bindparam, tuple_
from sqlalchemy.sql.elements import ClauseElement, ColumnElement

from orm.engine import engine
from orm.errors import BadCursor
from orm.session import current, execute
from orm.shapes import check_shape, shape_rows

S = TypeVar("S")

LONGEST_CURSOR = 2000
_KINDS: dict[str, type[Any]] = {"t": datetime, "d": date, "u": UUID, "i": int, "s": str}


@dataclass(frozen=True, slots=True)
class Page(Generic[S]):
    """Part of a list; next and previous are cursors, None at its ends."""

    items: list[S]
    next: str | None = None
    previous: str | None = None


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A gap in the list, beside the row with these keys, and the direction in which to read from there."""

    forward: bool
    inclusive: bool
    keys: list[tuple[str, Any]]


async def page(
    select: Callable[..., Select[Any]],
    conditions: Sequence[Any],
    shape: type[S],
    by: Sequence[Any],
    size: int,
    cursor: str | None,
    descending: bool,
    columns: dict[str, Any],
) -> Page[S]:
    check_shape(shape, tuple(columns))
    _check_order(by)
    sign = _Signature(conditions, by, descending)
    place = None if cursor is None else sign.read(cursor, len(by))
    forward = place is None or place.forward
    falling = descending == forward
    statement = select(
        *(column.label(name) for name, column in columns.items()),
        *(column.label(f"key_{position}") for position, column in enumerate(by)),
    )
    if place is not None:
        statement = statement.where(_beyond(by, place, falling))
    statement = statement.order_by(*(column.desc() if falling else column.asc() for column in by)).limit(
        size + 1
    )
    rows = (await execute(statement)).all()
    more, rows = len(rows) > size, rows[:size]
    if not forward:
        rows = rows[::-1]
    width = len(columns)
    items = shape_rows(shape, tuple(columns), [row[:width] for row in rows])
    before, after = (place is not None, more) if forward else (more, True)
    if not rows:
        if place is None:
            return Page(items)
        # All rows beyond have gone meanwhile: the way back begins with the row that the cursor came from.
        back = sign.write(Place(not forward, True, place.keys))
        return Page(items, previous=back) if forward else Page(items, next=back)
    return Page(
        items,
        next=sign.write(Place(True, False, _keys(rows[-1][width:]))) if after else None,
        previous=sign.write(Place(False, False, _keys(rows[0][width:]))) if before else None,
    )


def _beyond(by: Sequence[Any], place: Place, falling: bool) -> ColumnElement[bool]:
    """One comparison of whole rows, which an index on these columns answers by itself."""
    here = tuple_(*by)
    there = tuple_(
        *(
            bindparam(None, value, type_=column.type)
            for column, (_, value) in zip(by, place.keys, strict=True)
        )
    )
    if place.inclusive:
        return here <= there if falling else here >= there
    return here < there if falling else here > there


def _check_order(by: Sequence[Any]) -> None:
    tables = [_table_column(column) for column in by]
    if not by or tables[-1] is None or not (tables[-1].primary_key or tables[-1].unique):
        raise TypeError("The last column of an order by pages must be unique, such as the id.")
    if any(column is not None and column.nullable for column in tables):
        raise TypeError("A nullable column cannot order pages; use orm.coalesce.")


def _table_column(expression: Any) -> Column[Any] | None:
    element = expression.__clause_element__() if hasattr(expression, "__clause_element__") else expression
    (column,) = element.base_columns if len(element.base_columns) == 1 else (None,)
    return column if isinstance(column, Column) else None


def _keys(values: Sequence[Any]) -> list[tuple[str, Any]]:
    return [(_kind(value), value) for value in values]


def _kind(value: Any) -> str:
    """The driver's UUID is a class of its own, a datetime is a date too, and a bool is an int."""
    for name, kind in _KINDS.items():
        if isinstance(value, kind) and not isinstance(value, bool):
            return name
    raise TypeError(f"A page cannot be ordered by {type(value).__name__}.")


class _Signature:
    """Binds cursors to the tenant, and to the order and the filter of one list."""

    def __init__(self, conditions: Sequence[Any], by: Sequence[Any], descending: bool) -> None:
        opened = current()
        self._key = opened.cursor_key
        words = f"{opened.tenant}\0{descending}\0{_text(tuple_(*by, and_(True, *conditions)))}"
        self._list = hashlib.sha256(words.encode()).digest()

    def write(self, place: Place) -> str:
        content = msgspec.json.encode(place)
        return base64.urlsafe_b64encode(self._mac(content) + content).rstrip(b"=").decode()

    def read(self, cursor: str, width: int) -> Place:
        if len(cursor) > LONGEST_CURSOR:
            raise BadCursor
        try:
            raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            raise BadCursor from None
        mac, content = raw[:32], raw[32:]
        if not hmac.compare_digest(mac, self._mac(content)):
            raise BadCursor
        place = msgspec.json.decode(content, type=Place)
        keys = [(kind, msgspec.convert(value, _KINDS[kind])) for kind, value in place.keys]
        return Place(place.forward, place.inclusive, keys)

    def _mac(self, content: bytes) -> bytes:
        return hmac.digest(self._key, self._list + content, "sha256")


def _text(clause: ClauseElement) -> str:
    """What the clause says, with all values but times: "due before now" is the same list a minute later."""
    compiled = clause.compile(dialect=engine.dialect)
    values = {
        name: _value(value) for name, value in compiled.params.items() if not isinstance(value, datetime)
    }
    return f"{compiled}\0{sorted(values.items())}"


def _value(value: Any) -> str:
    return repr(sorted(map(repr, value)) if isinstance(value, list | tuple | set | frozenset) else value)
