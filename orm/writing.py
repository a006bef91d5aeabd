"""Writes that must not fail when the row is there already."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Row, inspect
from sqlalchemy.dialects.postgresql import insert

from orm.model import Model
from orm.session import execute


async def upsert(
    model: type[Model],
    values: Mapping[str, Any],
    *,
    on: Sequence[str],
    set: Mapping[str, Any],
    returning: Sequence[Any] = (),
) -> Row[Any]:
    """Inserts the row, or applies `set` (values or expressions) to the one with the same values in `on`.

    Answers the columns of `returning`, of the primary key by default.
    """
    statement = insert(model).values(**values).on_conflict_do_update(index_elements=list(on), set_=dict(set))
    return (await execute(statement.returning(*(returning or inspect(model).primary_key)))).one()


async def insert_or_skip(model: type[Model], values: Mapping[str, Any]) -> bool:
    """Inserts the row unless it collides with another by any unique rule; whether it did."""
    result = await execute(insert(model).values(**values).on_conflict_do_nothing())
    return cast(int, result.rowcount) == 1  # type: ignore[attr-defined]
