"""What of a living database is carried over into one that was restored from an older copy."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import asyncpg

from .connection import translating
from .database import Provisioner
from .sql import identifier, quoted

_BATCH = 2000  # rows that are carried over at once
_PIECES = 8  # of a table on its way


@dataclass(frozen=True, slots=True)
class Carried:
    """What holds as it is now, however old the copy: these columns of the rows that have the same key in both.

    removed: rows that the living database has no more go too. added_for: rows that only the living database has come
    too, where their key, or the column `by`, is the id of a row in that table. replaced: all rows are as they are in
    the living database, and nothing may refer to them yet. cleared: these columns are null in all rows of the restored
    database.
    """

    table: str
    key: str
    columns: tuple[str, ...] = ()
    removed: bool = False
    added_for: str = ""
    by: str = ""
    replaced: bool = False
    cleared: tuple[str, ...] = ()


@translating()
async def carry_over(
    provisioner: Provisioner,
    living: str,
    restored: str,
    parts: Sequence[Carried],
    *,
    source_cluster: Provisioner | None = None,
) -> None:
    """What is newer and about safety goes from the living database, be it on another cluster, into the one that was
    restored.
    """
    async with (
        (source_cluster or provisioner).owning(living) as source,
        provisioner.owning(restored) as target,
        source.transaction(isolation="repeatable_read", readonly=True),
        target.transaction(),
    ):
        for part in parts:
            await _carry(source, target, part)


async def _carry(source: asyncpg.Connection, target: asyncpg.Connection, part: Carried) -> None:
    table, key = quoted(part.table), identifier(part.key)
    columns = [identifier(name) for name in part.columns]
    listed = ", ".join([key, *columns])
    await target.execute(f"CREATE TEMP TABLE carried ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA")  # noqa: S608 quoted
    fill = "INSERT INTO carried SELECT (jsonb_populate_record(NULL::carried, one::jsonb)).* FROM unnest($1::text[]) one"
    rows: list[str] = []
    async for row in source.cursor(f"SELECT to_jsonb(t)::text FROM (SELECT {listed} FROM {table}) t", prefetch=_BATCH):  # noqa: S608 quoted
        rows.append(row[0])
        if len(rows) == _BATCH:
            await target.execute(fill, rows)
            rows = []
    await target.execute(fill, rows)
    if part.cleared:
        nothing = ", ".join(f"{identifier(one)} = NULL" for one in part.cleared)
        await target.execute(f"UPDATE {table} SET {nothing}")  # noqa: S608 quoted
    if part.replaced:
        await target.execute(f"DELETE FROM {table}")  # noqa: S608 quoted
        await target.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM carried")  # noqa: S608 quoted
    elif columns:
        to = ", ".join(f"{one} = c.{one}" for one in columns)
        changed = " OR ".join(f"t.{one} IS DISTINCT FROM c.{one}" for one in columns)
        await target.execute(f"UPDATE {table} t SET {to} FROM carried c WHERE t.{key} = c.{key} AND ({changed})")  # noqa: S608 quoted
    if part.added_for:
        there = f"EXISTS (SELECT FROM {quoted(part.added_for)} WHERE id = c.{identifier(part.by or part.key)})"
        unknown = f"NOT EXISTS (SELECT FROM {table} t WHERE t.{key} = c.{key})"
        await target.execute(
            f"INSERT INTO {table} ({listed}) SELECT {listed} FROM carried c WHERE {there} AND {unknown}"  # noqa: S608 quoted
        )
    if part.removed:
        await target.execute(f"DELETE FROM {table} WHERE {key} NOT IN (SELECT {key} FROM carried)")  # noqa: S608 quoted
    await target.execute("DROP TABLE carried")


@translating()
async def raise_numbers(provisioner: Provisioner, living: str, restored: str) -> None:
    """No number is given out a second time: each sequence goes on where the living database's would."""
    query = "SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
    async with provisioner.owning(living) as source, provisioner.owning(restored) as target:
        there = {row[0] for row in await target.fetch("SELECT schemaname || '.' || sequencename FROM pg_sequences")}
        for name, last in await source.fetch(query):
            if name in there:
                raised = f"SELECT setval($1::text::regclass, $2) FROM {quoted(name)} WHERE last_value < $2"  # noqa: S608 quoted
                await target.execute(raised, quoted(name), last)


@translating()
async def keep(provisioner: Provisioner, living: str, restored: str, tables: Sequence[str]) -> None:
    """These tables are as they are in the living database, where both have them: what was written down of what was
    done is not undone. A table stands after those that it names.
    """
    known = "SELECT to_regclass($1) IS NOT NULL"
    async with (
        provisioner.owning(living) as source,
        provisioner.owning(restored) as target,
        source.transaction(isolation="repeatable_read", readonly=True),
        target.transaction(),
    ):
        both = [one for one in tables if await source.fetchval(known, one) and await target.fetchval(known, one)]
        for table in reversed(both):
            await target.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608 quoted
        for table in both:
            await _copy_all(source, target, table)


@translating()
async def weigh(provisioner: Provisioner, database: str, tables: Sequence[str]) -> int:
    """Of these tables together, where they are there: in bytes, with their indexes."""
    async with provisioner.owning(database) as inside:
        query = "SELECT coalesce(sum(pg_total_relation_size(to_regclass(one))), 0)::bigint FROM unnest($1::text[]) one"
        found: int = await inside.fetchval(query, sorted({quoted(one) for one in tables}))
        return found


async def _copy_all(source: asyncpg.Connection, target: asyncpg.Connection, table: str) -> None:
    columns = await source.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        quoted(table),
    )
    names, pieces = [row[0] for row in columns], asyncio.Queue[bytes | None](_PIECES)

    async def read() -> None:
        query = f"SELECT {', '.join(map(identifier, names))} FROM {quoted(table)}"  # noqa: S608 quoted
        try:
            await source.copy_from_query(query, output=pieces.put, format="binary")
        finally:
            await pieces.put(None)

    async def come() -> AsyncIterator[bytes]:
        while (piece := await pieces.get()) is not None:
            yield piece

    reading = asyncio.create_task(read())
    try:
        schema, _, name = table.partition(".")
        await target.copy_to_table(name, schema_name=schema, source=come(), columns=names, format="binary")
        await reading
    finally:
        reading.cancel()
