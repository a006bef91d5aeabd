"""Rows put into a customer's empty database, all of them or none."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg

from orm.relations import Relation
from orm.translation import FAILURES, translated

from .database import Provisioner
from .sql import identifier, literal


class Filling:
    """One transaction of the database's owner."""

    def __init__(self, inside: asyncpg.Connection) -> None:
        self._inside = inside

    async def put(self, relation: Relation, lines: Sequence[bytes]) -> None:
        """Lines of JSON as rows. What is refused (Conflict, BadValue) is undone as a whole, and more can be put."""
        name = f"{identifier(relation.schema)}.{identifier(relation.table)}"
        fields = ", ".join(identifier(field.name) for field in relation.fields)
        statement = (
            f"INSERT INTO {name} ({fields}) SELECT {fields} FROM json_populate_recordset(NULL::{name}, $1::json)"  # noqa: S608 - names of ours, quoted
        )
        try:
            async with self._inside.transaction():
                await self._inside.execute(statement, f"[{b','.join(lines).decode()}]")
        except FAILURES as error:
            failure = translated(error)
        else:
            return
        raise failure

    async def is_empty(self, relation: Relation) -> bool:
        name = f"{identifier(relation.schema)}.{identifier(relation.table)}"
        return not await self._inside.fetchval(f"SELECT EXISTS (SELECT FROM {name})")  # noqa: S608 - as above

    async def raise_counter(self, relation: Relation, name: str, above: int) -> None:
        """What the database numbers from now on is greater. For one that has given out no numbers yet."""
        table = literal(f"{identifier(relation.schema)}.{identifier(relation.table)}")
        await self._inside.execute(f"SELECT setval(pg_get_serial_sequence({table}, {literal(name)}), $1)", above)


@asynccontextmanager
async def filling(provisioner: Provisioner, database: str) -> AsyncIterator[Filling]:
    async with provisioner.owning(database) as inside, inside.transaction():
        yield Filling(inside)
