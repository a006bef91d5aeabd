"""Queries: values that say what to read, and read it when awaited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Self, TypeVar, cast, overload

from sqlalchemy import Select, func, inspect, select, text, update
from sqlalchemy import delete as delete_from
from sqlalchemy import exists as exists_in
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import Subquery

from orm.errors import NotFound, TooManyRows
from orm.expressions import Condition, Expression
from orm.paging import Page, page
from orm.session import execute
from orm.shapes import LONGEST, Rows, builder, check_shape

M = TypeVar("M")
S = TypeVar("S")


@dataclass(frozen=True, slots=True, eq=False)
class Query(Generic[M]):
    """Rows of a model (or of its alias). Immutable: each step answers a new query."""

    model: type[M]
    _where: tuple[Condition, ...] = ()
    _joins: tuple[tuple[type[Any], Condition, bool], ...] = ()
    _order: tuple[Expression, ...] = ()
    _groups: tuple[Expression, ...] = ()
    _limit: int | None = None
    _lock: dict[str, Any] | None = None

    def where(self, *conditions: Condition) -> Self:
        return replace(self, _where=(*self._where, *conditions))

    def join(self, model: type[Any], condition: Condition, *, optional: bool = False) -> Self:
        """Adds another table; optional keeps the rows that have no partner there, with nulls."""
        return replace(self, _joins=(*self._joins, (model, condition, optional)))

    def order_by(self, *expressions: Expression) -> Self:
        return replace(self, _order=(*self._order, *expressions))

    def group_by(self, *expressions: Expression) -> Self:
        return replace(self, _groups=(*self._groups, *expressions))

    def limit(self, size: int) -> Self:
        return replace(self, _limit=size)

    def lock(self, *, skip_locked: bool = False) -> Self:
        """Locks the model's rows until the transaction ends (FOR UPDATE) and reads them afresh."""
        return replace(self, _lock={"skip_locked": skip_locked})

    async def get(self, id: Any) -> M:
        """The row of this query with this primary key; NotFound."""
        (primary,) = inspect(self.model).mapper.primary_key
        return await self.where(self._attribute(primary) == id).one()

    async def one(self) -> M:
        """The only row; NotFound, TooManyRows."""
        found = await self._entities(2)
        if not found:
            raise NotFound
        if len(found) > 1:
            raise TooManyRows("The query found more than one row.")
        return found[0]

    async def first(self) -> M | None:
        found = await self._entities(1)
        return found[0] if found else None

    async def all(self) -> list[M]:
        """The entities: as many as the limit says; without one, more than 1000 are TooManyRows."""
        return self.bounded(await self._entities(self._most))

    async def into(self, shape: type[S], /, **columns: Expression) -> list[S]:
        """Rows as dataclasses, each field from its column; bounded like all()."""
        build = builder(shape, tuple(columns))
        return self.bounded(build((await execute(self.selecting(columns))).all()))

    async def one_into(self, shape: type[S], /, **columns: Expression) -> S:
        """The first row as a dataclass; NotFound."""
        found = await self.limit(1).into(shape, **columns)
        if not found:
            raise NotFound
        return found[0]

    async def page(
        self,
        shape: type[S],
        /,
        *,
        by: tuple[ColumnElement[Any] | Any, ...],
        size: int = 50,
        cursor: str | None = None,
        start: Sequence[Any] | None = None,
        descending: bool = True,
        **columns: Expression,
    ) -> Page[S]:
        """A page of the list in the order of `by`: columns never null, the last one unique; BadCursor.

        The cursor is one of the `next` and `previous` that an earlier page of this very list gave. Without one,
        the page begins at `start`, the values of `by` of one of its rows, or at the list's beginning.
        """
        if self._order or self._groups or self._limit is not None:
            raise TypeError("A page has its own order and size: no order_by, group_by or limit.")
        return await page(self.select, self.conditions, shape, by, size, cursor, start, descending, columns)

    async def count_up_to(self, most: int) -> int:
        """How many rows there are, `most` at most, and no more than that are visited."""
        return cast(int, (await execute(select(capped(self, most)))).scalar_one())

    async def exists(self) -> bool:
        return cast(bool, (await execute(select(exists(self)))).scalar_one())

    async def update(self, **values: Any) -> int:
        """Changes all rows of the query by one statement and answers how many."""
        statement = update(self.model).where(*self.only_conditions()).values(**values)
        return (await execute(statement)).rowcount  # type: ignore[attr-defined, no-any-return]

    async def delete(self) -> int:
        """Deletes all rows of the query by one statement and answers how many."""
        statement = delete_from(self.model).where(*self.only_conditions())
        return (await execute(statement)).rowcount  # type: ignore[attr-defined, no-any-return]

    @overload
    def as_list(self, /, **columns: Expression) -> ColumnElement[list[dict[str, Any]]]: ...
    @overload
    def as_list(self, shape: type[S], /, **columns: Expression) -> ColumnElement[list[S]]: ...
    def as_list(self, shape: type[Any] | None = None, /, **columns: Expression) -> ColumnElement[list[Any]]:
        """The rows as one column of another query's into(): a list of dataclasses, or of dicts.

        Conditions may name the other query's columns; the order and the limit are kept. Bounded like all().
        """
        if shape is not None:
            check_shape(shape, tuple(columns))
        rows = self._correlated(*_labelled(columns)).limit(self._most).subquery()
        return _listed(rows, Rows(shape, self._limit is None))

    def most_frequent(self, shape: type[S], most: int, /, **array: Expression) -> ColumnElement[list[S]]:
        """What stands most often in an array of these rows, the most frequent first: a column as that of as_list().

        shape has one field, which is named here with the array.
        """
        check_shape(shape, tuple(array))
        rows = self._correlated(*_labelled(array)).subquery()
        (element,) = (func.unnest(column).label(column.name) for column in rows.c)
        often = select(element).group_by(element).order_by(func.count().desc()).limit(most).subquery()
        return _listed(often, Rows(shape, False))

    def column(self, expression: Expression) -> ColumnElement[Any]:
        """One column as a subquery: for in_(), or as a value where it has one row."""
        return self._correlated(expression).scalar_subquery()

    def _correlated(self, *columns: Any) -> Select[Any]:
        """A select whose conditions may name tables of the query around it."""
        return (
            self.select(*columns)
            .limit(self._limit)
            .correlate_except(self.model, *(joined for joined, _, _ in self._joins))
        )

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All that says which rows these are."""
        return (*self._where, *(condition for _, condition, _ in self._joins))

    def selecting(self, columns: Mapping[str, Any]) -> Select[Any]:
        """What into() sends."""
        return self.select(*_labelled(columns)).limit(self._most)

    def select(self, *columns: Any) -> Select[Any]:
        statement = select(*columns).select_from(self.model)
        for joined, condition, optional in self._joins:
            statement = statement.join(joined, condition, isouter=optional)
        if self._lock is not None:
            statement = statement.with_for_update(of=self.model, **self._lock)
        return statement.where(*self._where).group_by(*self._groups).order_by(*self._order)

    async def _entities(self, size: int) -> list[M]:
        statement = self.select(self.model).limit(size)
        if self._lock is not None:
            statement = statement.execution_options(populate_existing=True)
        return list((await execute(statement)).scalars())

    @property
    def _most(self) -> int:
        """How many rows to read: without a limit one too many for a list, so that it is noticed."""
        return LONGEST + 1 if self._limit is None else self._limit

    def bounded(self, rows: list[Any]) -> list[Any]:
        if self._limit is None and len(rows) > LONGEST:
            raise TooManyRows
        return rows

    def only_conditions(self) -> tuple[Condition, ...]:
        if self._joins or self._order or self._groups or self._limit is not None:
            raise TypeError("update and delete know conditions only: no join, order, group or limit.")
        return self._where

    def _attribute(self, column: Any) -> Any:
        mapper = inspect(self.model).mapper
        return getattr(self.model, mapper.get_property_by_column(column).key)


def capped(query: Query[Any], most: int) -> ColumnElement[int]:
    """The number of rows, `most` at most, as a column: several travel in one statement."""
    limit = most if query._limit is None else min(most, query._limit)
    counted = query.limit(limit)._correlated(text("1")).order_by(None).subquery()
    return select(func.count()).select_from(counted).scalar_subquery()


def exists(query: Query[Any]) -> ColumnElement[bool]:
    """Whether there is such a row, as a condition; it may name columns of the query around it."""
    return exists_in(query._correlated(text("1")).order_by(None))


def _listed(rows: Subquery, kind: Rows) -> ColumnElement[list[Any]]:
    listed = func.coalesce(func.json_agg(rows.table_valued()), text("'[]'::json"), type_=kind)
    return select(listed).select_from(rows).scalar_subquery()


def _labelled(columns: Mapping[str, Any]) -> list[Any]:
    return [column.label(name) for name, column in columns.items()]
