"""Statements that are put into words once and sent again and again with other values.

To build and compile a statement takes the processor several times as long as to send it, so what every page asks is
built once and goes straight to the driver. What differs from call to call is a parameter(), given when it is sent.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, ParamSpec, TypeVar, cast

from sqlalchemy import Delete, Insert, Select, Update, and_, bindparam, delete, func, select, true, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.sql.elements import ColumnElement

from orm.compiled import Compiled, Rows
from orm.cursors import Cursors, Place, told, words_of
from orm.expressions import Expression
from orm.paging import Page, check_order, compared, keyed, sorted_, turned
from orm.query import Query
from orm.session import fetch
from orm.shapes import builder

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")
Values = Mapping[str, Any]
KEPT = 500  # statements of one builder


def kept(build: Callable[P, R]) -> Callable[P, R]:
    """Builds a statement once for each choice of arguments; those that were asked for last are kept."""
    return cast(Callable[P, R], lru_cache(maxsize=KEPT)(build))


def parameter(name: str, like: Any) -> Any:
    """A value of the same type as the column `like`, given by its name when the statement is sent."""
    return bindparam(name, type_=like.type, required=True)


def among(column: Any, name: str) -> Any:
    """column = any of the values of this parameter, which is a list of any length in one and the same statement."""
    return column == func.any(bindparam(name, type_=ARRAY(column.type), required=True))


class Statement:
    """A statement that is sent again and again."""

    def __init__(self, statement: Select[Any] | Update | Insert | Delete) -> None:
        self._compiled = Compiled(statement, getattr(statement, "selected_columns", ()))

    async def rows(self, values: Values) -> Rows:
        return self._compiled.read(await fetch(self._compiled.text, self._compiled.parameters(values)))


class Prepared(Generic[S]):
    """Query.into() of a query with parameters: `await prepared.read(me=..., number=...)`."""

    def __init__(self, query: Query[Any], shape: type[S], /, **columns: Expression) -> None:
        self._build = builder(shape, tuple(columns))
        self._query = query
        self._statement = Statement(query.selecting(columns))

    async def read(self, **values: Any) -> list[S]:
        return self._query.bounded(self._build(await self._statement.rows(values)))


class PreparedUpdate:
    """Query.update() of a query with parameters, also in what is set. Entities read before stay as they are.

    With `lazy` a transaction that is this one statement is not waited for until it is on the disk: for what may be
    forgotten when the server crashes at this moment.
    """

    def __init__(self, query: Query[Any], /, *, lazy: bool = False, **values: Any) -> None:
        changed = update(query.model).where(*query.only_conditions()).values(**values)
        answer: ColumnElement[Any] = func.set_config("synchronous_commit", "off", True) if lazy else true()
        self._statement = Statement(changed.returning(answer))

    async def send(self, **values: Any) -> int:
        """How many rows were changed."""
        return len(await self._statement.rows(values))


class PreparedInsert:
    """A row of these columns. One that is there already, by the columns `on`, has those in `set` replaced, or set to
    an expression; without `set` it stays as it is. answer is a column of the row, for value(). The rows of `gone`,
    others than this one, are deleted by the same statement.
    """

    def __init__(
        self,
        model: type[Any],
        *columns: str,
        on: Sequence[str] = (),
        set: Sequence[str] | Mapping[str, Expression] = (),
        answer: Any = None,
        gone: Query[Any] | None = None,
    ) -> None:
        row = insert(model).values({name: parameter(name, getattr(model, name)) for name in columns})
        if set:
            new = set if isinstance(set, Mapping) else {name: row.excluded[name] for name in set}
            row = row.on_conflict_do_update(index_elements=list(on), set_=new)
        else:
            row = row.on_conflict_do_nothing(index_elements=list(on) or None)
        if gone is not None:
            row = row.add_cte(delete(gone.model).where(*gone.only_conditions()).cte("gone"))
        self._statement = Statement(row.returning(true() if answer is None else answer))

    async def send(self, **values: Any) -> bool:
        """Whether a row was written."""
        return bool(await self._statement.rows(values))

    async def value(self, **values: Any) -> Any:
        """The answer of a row that is written in any case."""
        return (await self._statement.rows(values))[0][0]


class PreparedDelete:
    """Query.delete() of a query with parameters. Entities read before stay as they are."""

    def __init__(self, query: Query[Any]) -> None:
        self._statement = Statement(delete(query.model).where(*query.only_conditions()))

    async def send(self, **values: Any) -> None:
        await self._statement.rows(values)


class PreparedScalars:
    """orm.scalars() of expressions with parameters."""

    def __init__(self, **named: ColumnElement[Any]) -> None:
        self._names = tuple(named)
        self._statement = Statement(select(*(value.label(name) for name, value in named.items())))

    async def read(self, **values: Any) -> dict[str, Any]:
        return dict(zip(self._names, (await self._statement.rows(values))[0], strict=True))


class PreparedPage(Generic[S]):
    """Query.page() of a query with parameters, whose values a cursor is bound to."""

    def __init__(
        self, query: Query[Any], shape: type[S], /, *, by: tuple[Any, ...], size: int = 50, **columns: Expression
    ) -> None:
        check_order(by)
        self._build, self._width = builder(shape, tuple(columns)), len(columns)
        self._by, self._size = by, size
        self._select = keyed(query.select, columns, by)
        self._words = words_of(tuple_(*by, and_(True, *query.conditions)))
        self._statements: dict[tuple[bool, bool | None], Statement] = {}

    async def read(self, cursor: str | None = None, start: Sequence[Any] | None = None, /, **values: Any) -> Page[S]:
        cursors = Cursors(lambda: f"{self._words}\0{told(values)}", True)

        async def beyond(place: Place | None, falling: bool) -> Sequence[Sequence[Any]]:
            statement = self._beyond(falling, None if place is None else place.inclusive)
            keys = () if place is None else place.keys
            return await statement.rows({**values, **{f"place_{at}": key for at, (_, key) in enumerate(keys)}})

        return await turned(beyond, cursors, self._build, self._width, self._size, cursor, start, True)

    def _beyond(self, falling: bool, inclusive: bool | None) -> Statement:
        """One statement for each way to turn the pages, made when it is first needed."""
        if (falling, inclusive) not in self._statements:
            condition = None
            if inclusive is not None:
                there = tuple_(*(parameter(f"place_{at}", column) for at, column in enumerate(self._by)))
                condition = compared(self._by, there, falling, inclusive)
            statement = sorted_(self._select, self._by, condition, falling)
            self._statements[falling, inclusive] = Statement(statement.limit(self._size + 1))
        return self._statements[falling, inclusive]
