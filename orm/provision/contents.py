"""What a database holds, in numbers that are the same wherever it was restored on the same major version."""

from dataclasses import dataclass

import asyncpg

from .sql import identifier, literal

# ext holds the extensions alone.
_OURS = "schemaname !~ '^pg_' AND schemaname NOT IN ('information_schema', 'ext')"
# A row's text, and so its hash, depends on these.
_WRITTEN = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds, in whatever order: rows, and a hash over theirs. Of a sequence: where it stands."""

    rows: int
    hash: str


async def tables(inside: asyncpg.Connection) -> dict[str, Content]:
    """Each table by its full name, in one statement: all of one moment."""
    for name, value in _WRITTEN.items():
        await inside.execute("SELECT set_config($1, $2, false)", name, value)
    names = await inside.fetch(f"SELECT schemaname, tablename FROM pg_tables WHERE {_OURS} ORDER BY 1, 2")  # noqa: S608 a constant
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


def _counted(schema: str, table: str) -> str:
    # Two sums of 64 bits each: the order of the rows does not matter, and rows that differ cannot cancel out.
    sums = " || ' ' || ".join(f"coalesce(sum(hashtextextended(t::text, {seed})), 0)::text" for seed in (1, 2))
    return (
        f"SELECT {literal(f'{schema}.{table}')} AS name, count(*) AS rows,"  # noqa: S608 names from the catalogue, quoted
        f" encode(sha256(convert_to({sums}, 'UTF8')), 'hex') AS hash FROM {identifier(schema)}.{identifier(table)} t"
    )
