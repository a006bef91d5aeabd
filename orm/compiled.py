"""Statements in words, which go to the driver as they are."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Delete, Insert, Select, Update

from orm.engine import engine

Rows = Sequence[Sequence[Any]]


class Compiled:
    """A statement with the values that never change. columns are what it answers."""

    def __init__(self, statement: Select[Any] | Update | Insert | Delete, columns: Sequence[Any] = ()) -> None:
        compiled = statement.compile(dialect=engine.dialect)
        named = [bound.key for bound in compiled.binds.values() if bound.required]
        state = compiled.construct_expanded_state(dict.fromkeys(named))
        self.text = state.statement
        # Those of state are of lists that were taken apart; how others are asked for has no public name.
        processors: Mapping[str, Any] = {**compiled._bind_processors, **state.processors}
        self._bound = [(name, processors.get(name)) for name in state.positiontup or ()]
        self._fixed = {
            name: process(state.parameters[name]) if process else state.parameters[name]
            for name, process in self._bound
            if name not in named
        }
        readers = [_reader(column) for column in columns]
        self._readers = readers if any(readers) else None

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        """As the driver takes them."""
        return [self._value(name, process, values) for name, process in self._bound]

    def read(self, rows: Rows) -> Rows:
        """What the driver brought, as the columns' own types."""
        if self._readers is None:
            return rows
        return [
            tuple(read(value) if read else value for read, value in zip(self._readers, row, strict=True))
            for row in rows
        ]

    def _value(self, name: str, process: Callable[[Any], Any] | None, values: Mapping[str, Any]) -> Any:
        if name in self._fixed:
            return self._fixed[name]
        return process(values[name]) if process else values[name]


def _reader(column: Any) -> Callable[[Any], Any] | None:
    reader: Callable[[Any], Any] | None = column.type.dialect_impl(engine.dialect).result_processor(
        engine.dialect, None
    )
    return reader
