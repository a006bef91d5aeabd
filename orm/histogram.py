"""How values are spread, counted by the database: no row of those that were counted is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import ColumnElement

from orm.expressions import Expression
from orm.query import Query
from orm.session import execute


@dataclass(frozen=True, slots=True)
class Histogram:
    """counts -- one more than there are bounds: below the first, from each on, and from the last on. least of all
    values, None where there is none.
    """

    counts: list[int]
    least: Any

    @property
    def total(self) -> int:
        return sum(self.counts)


async def histogram(query: Query[Any], value: Expression, bounds: Sequence[Any]) -> Histogram:
    """How many rows have a value between which of these bounds, which rise. Null counts nowhere."""
    # Materialized: else a value that is looked up elsewhere is looked up once for the group and once for the least.
    labelled: ColumnElement[Any] = value.label("value")  # type: ignore[union-attr]  # a column or what is made of some
    values = query.select(labelled).cte("counted").prefix_with("MATERIALIZED")
    column = values.c.value
    bucket = func.width_bucket(column, literal([*bounds], ARRAY(column.type)), type_=Integer())
    grouped = select(bucket, func.count(), func.min(column)).where(column.is_not(None)).group_by(bucket)
    found: Sequence[Sequence[Any]] = (await execute(grouped)).all()
    counts = [0] * (len(bounds) + 1)
    for place, number, _ in found:
        counts[place] = number
    return Histogram(counts, min((least for _, _, least in found), default=None))
