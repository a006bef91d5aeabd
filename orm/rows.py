"""Whole tables, read by cursors of the server: however many rows there are, few are in memory."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnClause, ColumnElement, Select, Text, cast, column, func, select, table

from orm.compiled import Compiled
from orm.relations import Field, Relation
from orm.session import fetch, stream

AT_ONCE = 1_000_000  # bytes
MOST = 500  # rows


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows a table has, and about how many bytes the largest of them."""

    rows: int
    largest: int

    @property
    def at_once(self) -> int:
        """So many that they are no more than AT_ONCE, were all as large as the largest."""
        return max(1, min(MOST, AT_ONCE // max(1, self.largest)))


async def measured(relation: Relation) -> Size:
    lengths = [_length(field) for field in relation.fields if field.kind in _LENGTHS]
    largest = func.max(sum(lengths[1:], lengths[0])) if lengths else func.max(0)
    counted: Any = select(func.count(), func.coalesce(largest, 0)).select_from(_table(relation))
    compiled = Compiled(counted)
    ((rows, most),) = await fetch(compiled.text, compiled.parameters({}))
    return Size(rows, most)


async def lines(relation: Relation, at_once: int) -> AsyncIterator[list[str]]:
    """Each row as a line of JSON, in the order of the key; times are in UTC, bytes are \\x and hexadecimal."""
    rows: Any = select(*(column(field.name) for field in relation.fields)).select_from(_table(relation))
    rows_in_order = rows.order_by(*map(column, relation.key)).subquery("r")
    async for found in _stream(select(cast(func.row_to_json(rows_in_order.table_valued()), Text)), at_once):
        yield [row[0] for row in found]


async def identifiers(relation: Relation, name: str) -> AsyncIterator[list[UUID]]:
    """What stands in a column, but for nulls, in order."""
    wanted: ColumnClause[UUID] = column(name)
    chosen = select(wanted).select_from(_table(relation)).where(wanted.is_not(None)).order_by(wanted)
    async for found in _stream(chosen, MOST):
        yield [row[0] for row in found]


async def _stream(statement: Select[Any], at_once: int) -> AsyncIterator[Sequence[Sequence[Any]]]:
    async for found in stream(Compiled(statement).text, at_once):
        yield found


def _table(relation: Relation) -> Any:
    return table(relation.table, schema=relation.schema)


def _length(field: Field) -> ColumnElement[int]:
    measure: ColumnElement[int] = func.coalesce(_LENGTHS[field.kind](column(field.name)), 0)
    return measure


# octet_length of text and bytes reads nothing of a large value but its length.
_LENGTHS: dict[str, Any] = {
    "text": func.octet_length,
    "bytes": lambda value: func.octet_length(value) * 2,
    "texts": lambda value: func.octet_length(cast(value, Text)),
    "json": lambda value: func.octet_length(cast(value, Text)),
    "words": lambda value: func.octet_length(cast(value, Text)),
}
