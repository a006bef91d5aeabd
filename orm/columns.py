"""The kinds of columns that a model may have, and what else belongs to a table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar, overload
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy import Index as TableIndex
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column

from orm.errors import BadValue
from orm.ids import uuid7

Column = Mapped
T = TypeVar("T")


class Time(TypeDecorator[datetime]):
    """timestamptz that refuses a time without a zone, which the driver would take for UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise BadValue("A time needs a zone.")
        return value


def key() -> Column[UUID]:
    """The primary key: a version 7 UUID, made when the entity is."""
    return mapped_column(primary_key=True, default=uuid7)


def counter() -> Column[int]:
    """Numbers from 1 that the database gives out, each once; gaps are possible."""
    return mapped_column(BigInteger, Identity(), unique=True)


@overload
def reference(to: str, *, optional: Literal[True], **options: Any) -> Column[UUID | None]: ...
@overload
def reference(to: str, *, optional: Literal[False] = ..., **options: Any) -> Column[UUID]: ...
def reference(to: str, *, optional: bool = False, **options: Any) -> Any:
    """A foreign key to "schema.table.column".

    delete= says what becomes of this row when that one is deleted: "restrict", "cascade", "set null". With
    cycle=True neither tables nor new rows are ordered by this key: that table refers to this one too.
    """
    return _reference(to, optional, **options)


@overload
def identifier(*, optional: Literal[True], **options: Any) -> Column[UUID | None]: ...
@overload
def identifier(*, optional: Literal[False] = ..., **options: Any) -> Column[UUID]: ...
def identifier(*, optional: bool = False, **options: Any) -> Any:
    """A UUID that refers to nothing in this database."""
    return _column(Uuid(), optional, **options)


@overload
def text(*, optional: Literal[True], **options: Any) -> Column[str | None]: ...
@overload
def text(*, optional: Literal[False] = ..., **options: Any) -> Column[str]: ...
def text(*, optional: bool = False, **options: Any) -> Any:
    return _column(Text(), optional, **options)


@overload
def choice(*values: str, optional: Literal[True], **options: Any) -> Column[str | None]: ...
@overload
def choice(*values: str, optional: Literal[False] = ..., **options: Any) -> Column[str]: ...
def choice(*values: str, optional: bool = False, **options: Any) -> Any:
    """text that a CHECK keeps to these values."""
    return _column(Text(), optional, info={"choices": values}, **options)


@overload
def integer(*, optional: Literal[True], **options: Any) -> Column[int | None]: ...
@overload
def integer(*, optional: Literal[False] = ..., **options: Any) -> Column[int]: ...
def integer(*, optional: bool = False, **options: Any) -> Any:
    return _column(Integer(), optional, **options)


@overload
def big(*, optional: Literal[True], **options: Any) -> Column[int | None]: ...
@overload
def big(*, optional: Literal[False] = ..., **options: Any) -> Column[int]: ...
def big(*, optional: bool = False, **options: Any) -> Any:
    """A 64-bit integer."""
    return _column(BigInteger(), optional, **options)


@overload
def flag(*, optional: Literal[True], **options: Any) -> Column[bool | None]: ...
@overload
def flag(*, optional: Literal[False] = ..., **options: Any) -> Column[bool]: ...
def flag(*, optional: bool = False, **options: Any) -> Any:
    return _column(Boolean(), optional, **options)


@overload
def time(*, optional: Literal[True], **options: Any) -> Column[datetime | None]: ...
@overload
def time(*, optional: Literal[False] = ..., **options: Any) -> Column[datetime]: ...
def time(*, optional: bool = False, **options: Any) -> Any:
    """timestamptz; a time without a zone is BadValue."""
    return _column(Time(), optional, **options)


@overload
def binary(*, optional: Literal[True], **options: Any) -> Column[bytes | None]: ...
@overload
def binary(*, optional: Literal[False] = ..., **options: Any) -> Column[bytes]: ...
def binary(*, optional: bool = False, **options: Any) -> Any:
    return _column(LargeBinary(), optional, **options)


def texts(**options: Any) -> Column[list[str]]:
    """text[], empty by default; changes in place are seen."""
    column: Column[list[str]] = _column(MutableList.as_mutable(ARRAY(Text())), False, **{"default": list, **options})
    return column


def json(*, optional: bool = False, **options: Any) -> Column[Any]:
    """jsonb. Assign a new value to change it: a change in place is not seen."""
    column: Column[Any] = _column(JSONB(none_as_null=True), optional, **options)
    return column


def _column(
    kind: Any,
    optional: bool,
    *,
    default: Any | Callable[[], Any] = None,
    primary: bool = False,
    unique: bool = False,
    index: bool = False,
    info: dict[str, Any] | None = None,
) -> Any:
    return mapped_column(
        kind,
        nullable=optional,
        default=default,
        primary_key=primary,
        unique=unique or None,
        index=index or None,
        info=info or {},
    )


def _reference(
    to: str,
    optional: bool,
    *,
    primary: bool = False,
    unique: bool = False,
    index: bool = True,
    delete: Literal["restrict", "cascade", "set null"] = "restrict",
    cycle: bool = False,
) -> Any:
    return mapped_column(
        ForeignKey(to, ondelete=None if delete == "restrict" else delete.upper(), use_alter=cycle),
        nullable=optional,
        primary_key=primary,
        unique=unique or None,
        # A foreign key has no index by itself, and each delete of that row would read this whole table.
        index=index and not (unique or primary),
    )


@dataclass(frozen=True, slots=True)
class Index:
    name: str
    columns: tuple[str, ...]
    where: str | None
    unique: bool
    using: str | None

    def build(self, table: str) -> TableIndex:
        return TableIndex(
            self.name.format(table=table),
            *(sql(column) for column in self.columns),
            unique=self.unique,
            postgresql_where=None if self.where is None else sql(self.where),
            postgresql_using=self.using,
        )


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    condition: str

    def build(self, table: str) -> CheckConstraint:
        return CheckConstraint(sql(self.condition), name=self.name)


@dataclass(frozen=True, slots=True)
class Unique:
    columns: tuple[str, ...]

    def build(self, table: str) -> UniqueConstraint:
        return UniqueConstraint(*self.columns)


def index(name: str, *columns: str, where: str | None = None, unique: bool = False, using: str | None = None) -> Index:
    """An index; columns and condition are SQL, as in "updated_at DESC" or "lower(address)".

    It gets this very name; "{table}" in it becomes the table's, for an abstract model.
    """
    return Index(name, columns, where, unique, using)


def check(name: str, condition: str) -> Check:
    """A CHECK in SQL; its constraint is named ck_<table>_<name>."""
    return Check(name, condition)


def unique(*columns: str) -> Unique:
    """No two rows with the same values in these columns; the constraint is named uq_<table>_<columns>."""
    return Unique(columns)
