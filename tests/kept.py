"""What a database held at one moment, put back in a few milliseconds."""

import io
from dataclasses import dataclass

import asyncpg

# A table that a test has filled is emptied as a whole: its dead rows would slow down those that come after.
FULL = 200_000  # bytes

_TABLES = """
SELECT format('%I.%I', schemaname, tablename) AS name, schemaname AS schema, tablename AS table,
       pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) AS size
FROM pg_tables WHERE schemaname = ANY($1) AND tablename <> 'alembic_version'
"""
_SEQUENCES = (
    "SELECT format('%I.%I', schemaname, sequencename) AS name, last_value FROM pg_sequences WHERE schemaname = ANY($1)"
)

_SET = """
SELECT setval(name::regclass, coalesce(last, 1), last IS NOT NULL)
FROM unnest($1::text[], $2::bigint[]) AS kept (name, last)
"""


@dataclass(frozen=True)
class Kept:
    """Rows and sequences of some schemas; tables that were empty are not named."""

    schemas: tuple[str, ...]
    rows: dict[tuple[str, str], bytes]
    sequences: dict[str, int | None]

    @classmethod
    async def of(cls, connection: asyncpg.Connection, *schemas: str) -> "Kept":
        rows: dict[tuple[str, str], bytes] = {}
        for table in await connection.fetch(_TABLES, schemas):
            if await connection.fetchval("SELECT EXISTS (SELECT FROM " + table["name"] + ")"):  # noqa: S608 - quoted
                copied = io.BytesIO()
                await connection.copy_from_table(
                    table["table"], schema_name=table["schema"], output=copied, format="binary"
                )
                rows[table["schema"], table["table"]] = copied.getvalue()
        found = await connection.fetch(_SEQUENCES, schemas)
        return cls(schemas, rows, {row["name"]: row["last_value"] for row in found})

    async def put_back(self, connection: asyncpg.Connection) -> None:
        """As the superuser: keys to other tables are not checked meanwhile."""
        tables = await connection.fetch(_TABLES, self.schemas)
        used = [table["name"] for table in tables if table["size"]]
        full = [table["name"] for table in tables if table["size"] > FULL]
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            if full:
                await connection.execute(f"TRUNCATE {', '.join(full)} CASCADE")
            await connection.execute(";".join(f"DELETE FROM {table}" for table in used))  # noqa: S608 - quoted
            for (schema, table), copied in self.rows.items():
                await connection.copy_to_table(table, schema_name=schema, source=io.BytesIO(copied), format="binary")
            await connection.execute(_SET, list(self.sequences), list(self.sequences.values()))
