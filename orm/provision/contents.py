"""What a database holds, in numbers that are the same wherever it was restored on the same major version."""

from dataclasses import dataclass

import asyncpg

from .sql import identifier, literal

# ext holds the extensions alone.
_OURS = "schemaname !~ '^pg_' AND schemaname NOT IN ('information_schema', 'ext')"
# With what each column is sent in binary: that names no numbers of types, which are others in another database.
_TABLES = f"""
    SELECT schemaname, tablename, coalesce(string_agg(format('%s(t.%I)', typsend, attname), ', ' ORDER BY attnum), '')
    FROM pg_tables JOIN pg_attribute ON attrelid = format('%I.%I', schemaname, tablename)::regclass
    JOIN pg_type ON pg_type.oid = atttypid
    WHERE {_OURS} AND attnum > 0 AND NOT attisdropped GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 constants


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds, in whatever order: rows, and a hash over theirs. Of a sequence: where it stands."""

    rows: int
    hash: str


async def tables(inside: asyncpg.Connection) -> dict[str, Content]:
    """Each table by its full name, in one statement: all of one moment."""
    names = await inside.fetch(_TABLES)
    if not names:
        return {}
    rows = await inside.fetch(" UNION ALL ".join(_counted(*row) for row in names))
    return {row["name"]: Content(row["rows"], row["hash"]) for row in rows}


async def sequences(inside: asyncpg.Connection) -> dict[str, Content]:
    """Where each stands. A snapshot does not hold them: they compare only where nobody writes."""
    rows = await inside.fetch(
        "SELECT schemaname || '.' || sequencename AS name, coalesce(last_value, 0)::text AS last"  # noqa: S608 a constant
        f" FROM pg_sequences WHERE {_OURS}"
    )
    return {row["name"]: Content(0, row["last"]) for row in rows}


def _counted(schema: str, table: str, sent: str) -> str:
    # A sum of 64 bits: the order of the rows does not matter. A row is hashed as it is sent in binary, which no setting
    # changes; written as text, and that twice, it would cost more than the dump itself.
    sums = f"coalesce(sum(hash_record_extended(ROW({sent}), 1)), 0)::text"
    return (
        f"SELECT {literal(f'{schema}.{table}')} AS name, count(*) AS rows,"  # noqa: S608 names from the catalogue, quoted
        f" encode(sha256(convert_to({sums}, 'UTF8')), 'hex') AS hash FROM {identifier(schema)}.{identifier(table)} t"
    )
