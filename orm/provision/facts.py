from dataclasses import dataclass

from orm.address import Address

from .connection import connect, translating


@dataclass(frozen=True, slots=True)
class Facts:
    """What a server says of itself; reserved_connections are kept for superusers and the like."""

    version: str
    major: int
    max_connections: int
    reserved_connections: int


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
async def server_facts(address: Address) -> Facts:
    """Needs no more than the right to connect."""
    async with connect(address) as connection:
        row = await connection.fetchrow(
            "SELECT current_setting('server_version') AS version,"
            " current_setting('server_version_num')::int / 10000 AS major,"
            " current_setting('max_connections')::int AS max_connections,"
            " current_setting('superuser_reserved_connections')::int"
            " + current_setting('reserved_connections')::int AS reserved"
        )
        return Facts(row["version"], row["major"], row["max_connections"], row["reserved"])
