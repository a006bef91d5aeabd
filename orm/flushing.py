"""The order of a flush."""

from typing import Any, cast

from sqlalchemy import Table, event, inspect
from sqlalchemy.orm import Mapper, Session, UOWTransaction

# SQLAlchemy orders tables by their relationships only, and has no public way to order them otherwise.
from sqlalchemy.orm.unitofwork import _SaveUpdateAll


class OrderedSession(Session):
    """Writes parents before their children, as the foreign keys say."""


@event.listens_for(OrderedSession, "before_flush")
def _parents_first(session: Session, flush: UOWTransaction, _: Any) -> None:
    save: Any = _SaveUpdateAll
    mappers: dict[str, Mapper[Any]] = {}
    for entity in (*session.new, *session.dirty, *session.deleted):
        mapper = inspect(entity).mapper
        mappers[cast(Table, mapper.local_table).fullname] = mapper
    for child in mappers.values() if len(mappers) > 1 else ():
        for name in parents(cast(Table, child.local_table)):
            if parent := mappers.get(name):
                flush.dependencies.add((save(flush, parent), save(flush, child)))


def parents(table: Table) -> set[str]:
    """By name: the model of a parent that is not being written need not even be imported."""
    keys = {key.target_fullname.rpartition(".")[0] for key in table.foreign_keys if not key.use_alter}
    return keys - {table.fullname}
