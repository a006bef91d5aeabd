from dataclasses import dataclass
from datetime import datetime

from orm.address import Address

from .connection import connect, translating
from .sql import quoted


@dataclass(frozen=True, slots=True)
class Facts:
    """What a server says of itself, now by its clock; reserved_connections are kept for superusers and the like."""

    version: str
    major: int
    max_connections: int
    reserved_connections: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Standbys:
    """Servers that follow this one by a slot: how many do, how many of them are not connected, and how many bytes of
    log the one that is farthest behind has still to write down.
    """

    known: int
    away: int
    behind: int


@translating()
async def standbys(address: Address) -> Standbys:
    """Needs no more than the right to connect. One that follows without a slot is not seen, and can be lost."""
    async with connect(address) as connection:
        row = await connection.fetchrow(
            "SELECT count(*)::int AS known, (count(*) FILTER (WHERE NOT active))::int AS away,"
            " coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)), 0)::bigint AS behind"
            " FROM pg_replication_slots WHERE slot_type = 'physical'"
        )
        return Standbys(row["known"], row["away"], max(0, row["behind"]))


@translating()
async def disk_used(address: Address) -> int:
    """Bytes of all databases together, what is not WAL: also for one who may enter none of them."""
    async with connect(address) as connection:
        # Of the default tablespace of one's own database anybody may know it.
        found: int = await connection.fetchval("SELECT pg_tablespace_size('pg_default')")
        return found


@translating()
async def connections(address: Address) -> int:
    """How many there are just now, this one included."""
    async with connect(address) as connection:
        # Who may not look into others' sessions is told how many there are all the same.
        found: int = await connection.fetchval("SELECT coalesce(sum(numbackends), 0)::int FROM pg_stat_database")
        return found


@translating()
async def narrower(address: Address, limit: int) -> list[str]:
    """Customers' roles that may open fewer connections than this; each is named like its database."""
    async with connect(address) as connection:
        rows = await connection.fetch(
            "SELECT rolname FROM pg_roles WHERE rolname ~ '^c_' AND rolconnlimit BETWEEN 0 AND $1 ORDER BY 1", limit - 1
        )
        return [row[0] for row in rows]


@translating()
async def server_facts(address: Address) -> Facts:
    """Needs no more than the right to connect."""
    async with connect(address) as connection:
        row = await connection.fetchrow(
            "SELECT current_setting('server_version') AS version,"
            " current_setting('server_version_num')::int / 10000 AS major,"
            " current_setting('max_connections')::int AS max_connections,"
            " current_setting('superuser_reserved_connections')::int"
            " + current_setting('reserved_connections')::int AS reserved, clock_timestamp() AS now"
        )
        return Facts(row["version"], row["major"], row["max_connections"], row["reserved"], row["now"])


@translating()
async def revision_at(address: Address, table: str) -> str:
    """The migration at which a database stands, as this table of it says."""
    async with connect(address) as connection:
        found: str = await connection.fetchval(f"SELECT version FROM {quoted(table)}")  # noqa: S608 quoted
        return found
