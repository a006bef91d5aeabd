"""What the tables are made of: for programs that treat all of them alike."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.schema import Column

from orm.columns import Time
from orm.errors import BadValue
from orm.tables import metadata_of

_BYTES = r"^\\x([0-9a-f]{2})*$"
# Kinds of columns, first match wins, and what a value of each is in JSON.
_KINDS: tuple[tuple[type, str, Any], ...] = (
    (Uuid, "uuid", UUID),
    (Boolean, "boolean", bool),
    (BigInteger, "integer", Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]),
    (Integer, "integer", Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]),
    (LargeBinary, "bytes", Annotated[str, Meta(pattern=_BYTES)]),
    (Time, "time", Annotated[datetime, Meta(tz=True)]),
    (ARRAY, "texts", list[str]),
    (JSONB, "json", Any),
    (TSVECTOR, "words", str),
    (Text, "text", str),
)
# JSON can say what PostgreSQL's text cannot hold.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True, slots=True)
class Field:
    """A column. choices are the values that it may have, where it has but some; counter: the database numbers it."""

    name: str
    kind: str
    optional: bool
    choices: tuple[str, ...]
    counter: bool
    hint: Any


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, and what it is made of."""

    schema: str
    table: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        return f"{self.schema}.{self.table}"

    @property
    def counters(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields if field.counter)

    def read(self, line: bytes) -> Mapping[str, Any]:
        """A row of this table from a line of JSON; BadValue with a sentence that says why it is none.

        Each column that may be null can be left out, and no other name can stand in it.
        """
        if b"\\u0000" in line and _NUL.search(line):
            raise BadValue("It has a character that cannot be kept.")
        try:
            row = _decoder(self).decode(line)
        except msgspec.ValidationError as error:
            raise BadValue(f"{str(error).rstrip('.').replace('object', 'row')}.") from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise BadValue("It is no JSON.") from None
        return MappingProxyType({name: getattr(row, name) for name in row.__struct_fields__})


def relations(schemas: Collection[str]) -> list[Relation]:
    """The tables of these schemas, each after all that it refers to."""
    return [_relation(table) for table in metadata_of(schemas).sorted_tables]


def _relation(table: Table) -> Relation:
    key = tuple(str(column.name) for column in table.primary_key.columns)
    return Relation(table.schema or "", str(table.name), key, tuple(map(_field, table.columns)))


def _field(column: "Column[Any]") -> Field:
    found = next(
        ((kind, hint) for base, kind, hint in _KINDS if isinstance(column.type, base)),
        None,
    )
    if found is None:
        raise TypeError(f"{column} is of a kind that cannot be told as JSON: {column.type!r}")
    kind, hint = found
    choices = tuple(column.info.get("choices", ()))
    hint = Literal[choices] if choices else hint
    return Field(str(column.name), kind, bool(column.nullable), choices, column.identity is not None, hint)


@lru_cache(maxsize=500)
def _decoder(relation: Relation) -> "msgspec.json.Decoder[Any]":
    fields: list[Any] = [
        (field.name, field.hint | None, None) if field.optional else (field.name, field.hint)
        for field in relation.fields
    ]
    row = msgspec.defstruct("Row", fields, kw_only=True, forbid_unknown_fields=True)
    return msgspec.json.Decoder(row)
