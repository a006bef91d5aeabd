"""New entities, written by one prepared statement for each table.

The unit of work takes three times as long for them. It still writes what is changed and deleted, and what is new
where only it knows the order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, inspect
from sqlalchemy.orm import InstanceState, Mapper, Session
from sqlalchemy.sql.elements import ClauseElement

from orm.compiled import Compiled, Rows
from orm.flushing import parents

KEPT = 500  # statements
MOST = 20  # rows of one statement: each number of rows is a statement of its own

Entity = InstanceState[Any]


@dataclass(frozen=True, slots=True)
class Insertion:
    """New entities of one table, and the statement that writes them."""

    entities: Sequence[Entity]
    statement: Compiled
    generated: tuple[str, ...]
    absent: dict[str, None]
    key: tuple[str, ...]

    @property
    def parameters(self) -> list[Any]:
        values = enumerate(entity.dict for entity in self.entities)
        return self.statement.parameters({f"{name}_{at}": row[name] for at, row in values for name in row})

    def written(self, session: Session, rows: Rows) -> None:
        """The entities are rows from now on, and know what the database made for them."""
        if self.generated:
            made = {tuple(row[len(self.generated) :]): row for row in self.statement.read(rows)}
            for entity in self.entities:
                row = made[tuple(entity.dict[name] for name in self.key)]
                entity.dict.update(zip(self.generated, row, strict=False))
        for entity in self.entities:
            entity.dict.update(self.absent)
        # SQLAlchemy has no public way to say that a pending entity was written: its own flush ends with this.
        session._register_persistent(set(self.entities))


def insertions(session: Session) -> Iterator[Insertion]:
    """What is new in the session, parents first; nothing where the unit of work has to write it."""
    found: defaultdict[Mapper[Any], list[Entity]] = defaultdict(list)
    for entity in session.new:
        state: Entity = inspect(entity)
        found[state.mapper].append(state)
    changed = {inspect(entity).mapper for entity in session.dirty}
    if session.deleted or not changed.isdisjoint(found):
        return
    order = _ordered(frozenset(found))
    if order and all(_plain(mapper, found[mapper]) for mapper in order):
        for mapper in order:
            yield _insertion(mapper, found[mapper])


def _plain(mapper: Mapper[Any], entities: Sequence[Entity]) -> bool:
    """Few, with their keys, all with the same columns, and values only."""
    given = entities[0].dict.keys()
    return (
        len(entities) <= MOST
        and all(entity.dict.keys() == given for entity in entities)
        and all(key in given for key in _key(mapper))
        and not any(isinstance(value, ClauseElement) for entity in entities for value in entity.dict.values())
    )


def _insertion(mapper: Mapper[Any], entities: list[Entity]) -> Insertion:
    entities.sort(key=lambda entity: cast(int, entity.insert_order))
    given = tuple(entities[0].dict)
    statement, generated = _statement(mapper, given, len(entities))
    absent = dict.fromkeys({*mapper.column_attrs.keys()} - {*given, *generated})
    return Insertion(entities, statement, generated, absent, _key(mapper))


@lru_cache(KEPT)
def _key(mapper: Mapper[Any]) -> tuple[str, ...]:
    return tuple(mapper.get_property_by_column(column).key for column in mapper.primary_key)


@lru_cache(KEPT)
def _statement(mapper: Mapper[Any], given: tuple[str, ...], number: int) -> tuple[Compiled, tuple[str, ...]]:
    """Columns that are not given are null, or what the database makes of them, which is answered."""
    columns = {attribute.key: attribute.columns[0] for attribute in mapper.column_attrs}
    generated = tuple(
        name for name, column in columns.items() if name not in given and column.server_default is not None
    )
    rows = [
        {
            columns[name]: bindparam(f"{name}_{at}", type_=columns[name].type, required=True)
            for name in given
            if name in columns
        }
        for at in range(number)
    ]
    statement = insert(cast(Table, mapper.local_table)).values(rows if number > 1 else rows[0])
    if not generated:
        return Compiled(statement), ()
    answered = [columns[name] for name in (*generated, *_key(mapper))]
    return Compiled(statement.returning(*answered), answered), generated


@lru_cache(KEPT)
def _ordered(mappers: frozenset[Mapper[Any]]) -> tuple[Mapper[Any], ...]:
    """Parents first; none where tables refer to each other in a circle."""
    by_name = {cast(Table, mapper.local_table).fullname: mapper for mapper in mappers}
    graph = {name: _within(parents(cast(Table, mapper.local_table)), by_name) for name, mapper in by_name.items()}
    try:
        return tuple(by_name[name] for name in TopologicalSorter(graph).static_order())
    except CycleError:
        return ()


def _within(names: Iterable[str], known: Iterable[str]) -> set[str]:
    return set(names) & set(known)
