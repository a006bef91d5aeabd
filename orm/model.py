"""Models: one class a table."""

from datetime import datetime
from typing import Any, ClassVar, Self

from sqlalchemy import BigInteger, CheckConstraint, MetaData, Text, inspect
from sqlalchemy.orm import DeclarativeBase, aliased

from orm.columns import Check, Index, Time, Unique
from orm.errors import NotFound
from orm.expressions import Condition
from orm.query import Query
from orm.session import current, flush, send

# Fixed, so that Conflict.constraint means the same in every database.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """Base of all models: `class Ticket(orm.Model, table="tickets", schema="app")`.

    Columns are written `subject: orm.Column[str] = orm.text()`; `indexes` holds what orm.index, orm.check and
    orm.unique made. With abstract=True the class is no table and lends its columns and indexes.
    """

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar = {str: Text(), int: BigInteger(), datetime: Time()}
    indexes: ClassVar[tuple[Index | Check | Unique, ...]] = ()

    def __init_subclass__(
        cls, *, table: str = "", schema: str | None = None, abstract: bool = False, **options: Any
    ) -> None:
        if abstract:
            cls.__abstract__ = True
        elif not table:
            raise TypeError(f"{cls.__name__} needs a table, or abstract=True.")
        else:
            cls.__tablename__ = table
            inherited = (base.__dict__.get("indexes", ()) for base in reversed(cls.__mro__))
            cls.__table_args__ = (*(item.build(table) for items in inherited for item in items), {"schema": schema})
        super().__init_subclass__(**options)
        if not abstract:
            _keep_choices(cls)

    def __init__(self, **values: Any) -> None:
        """A new entity with its columns' defaults, not yet part of a transaction."""
        mapper = inspect(type(self))
        for name in values:
            if name not in mapper.column_attrs:
                raise TypeError(f"{type(self).__name__} has no column {name}.")
        for attribute in mapper.column_attrs:
            default = attribute.columns[0].default
            if attribute.key in values:
                setattr(self, attribute.key, values[attribute.key])
            elif default is not None and (default.is_scalar or default.is_callable):
                setattr(self, attribute.key, default.arg(None) if default.is_callable else default.arg)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {inspect(self).identity}>"

    @classmethod
    def add(cls, **values: Any) -> Self:
        """A new row, written before the next query, at the next flush or at the commit."""
        entity = cls(**values)
        current().session.add(entity)
        return entity

    @classmethod
    async def get(cls, id: Any) -> Self:
        """The row with this primary key; NotFound."""
        found: Self | None = await send(current().session.get, cls, id)
        if found is None:
            raise NotFound
        return found

    @classmethod
    def query(cls) -> Query[Self]:
        return Query(cls)

    @classmethod
    def where(cls, *conditions: Condition) -> Query[Self]:
        return Query(cls).where(*conditions)

    @classmethod
    def alias(cls, name: str) -> type[Self]:
        """The same table once more under another name, for columns, conditions and joins."""
        second: type[Self] = aliased(cls, name=name)
        return second

    @classmethod
    def full_name(cls) -> str:
        """Of its table: schema.table."""
        return str(inspect(cls).local_table.fullname)  # type: ignore[attr-defined]

    async def delete(self) -> None:
        """Deletes the row at once."""
        await send(current().session.delete, self)
        await flush()


def _keep_choices(model: type[Model]) -> None:
    table = model.metadata.tables[inspect(model).local_table.key]  # type: ignore[attr-defined]
    for column in table.columns:
        if choices := column.info.get("choices"):
            table.append_constraint(CheckConstraint(column.in_(choices), name=column.name))
