"""Rows as the models would write them, for COPY and for a bare driver: what is not given has the model's default."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import asyncpg
import msgspec
from sqlalchemy import Column, Table

import orm


class Rows:
    """Rows of one model's table. A row that lacks a column without a default is a KeyError, of null is refused."""

    def __init__(self, model: type[orm.Model], *given: str) -> None:
        self.table = cast(Table, model.__table__)
        self._columns: list[Column[Any]] = [
            column for column in self.table.columns if column.identity is None or column.name in given
        ]
        self.names = [column.name for column in self._columns]

    def row(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(
            values[column.name] if column.name in values else _default(self.table.name, column)
            for column in self._columns
        )

    async def copy(self, connection: asyncpg.Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        await connection.copy_records_to_table(
            self.table.name, schema_name=self.table.schema, columns=self.names, records=map(self.row, rows)
        )

    def insert(self, rows: int = 1, returning: str = "") -> str:
        """One statement for so many rows."""
        width = len(self.names)
        lines = (", ".join(f"${at * width + place + 1}" for place in range(width)) for at in range(rows))
        values = ", ".join(f"({line})" for line in lines)
        columns = ", ".join(f'"{name}"' for name in self.names)
        answer = f" returning {returning}" if returning else ""
        return f"insert into {self.table.fullname} ({columns}) values {values}{answer}"  # noqa: S608 - names of our own tables

    def parameters(self, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        return [value for row in rows for value in self.row(row)]


def _default(table: str, column: Column[Any]) -> Any:
    default: Any = column.default
    if default is None:
        if not column.nullable:
            raise KeyError(f"{table}.{column.name}")
        return None
    return default.arg(None) if default.is_callable else default.arg


async def speak_json(connection: asyncpg.Connection) -> None:
    """As values, with the version byte that jsonb has in its binary form, which COPY uses."""
    for name, head in (("json", b""), ("jsonb", b"\x01")):
        await connection.set_type_codec(
            name,
            schema="pg_catalog",
            encoder=lambda value, head=head: head + msgspec.json.encode(value),
            decoder=lambda content, head=head: msgspec.json.decode(content[len(head) :]),
            format="binary",
        )
