"""Whether anything has changed, without reading it."""

from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.sql.elements import ColumnElement

from orm.expressions import Expression
from orm.query import Query


def fingerprint(query: Query[Any], *columns: Expression) -> ColumnElement[Any]:
    """A number of these columns of all rows, as a column: another one when a value changes, or a row comes or goes."""
    rows = query.select(*columns).subquery()
    # Of 64 bits each: two sums that agree by chance are not met, and nobody gains by making them.
    each = func.hashtextextended(cast(rows.table_valued(), Text), 0)
    return select(func.coalesce(func.sum(each), 0)).select_from(rows).scalar_subquery()
