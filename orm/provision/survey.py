"""What lies on a cluster beside what is known of it. Nothing here drops anything."""

from dataclasses import dataclass

from orm.errors import Error

from .connection import connect, translating
from .database import Identity, Provisioner
from .names import Names
from .sql import identifier

_QUARANTINED = "quarantine_"
_ROLES = r"^((own|ro|read)_)?(c_[a-z0-9_]+)$"


@dataclass(frozen=True, slots=True)
class Found:
    """A database and whose it says it is: None where it says nothing, or cannot be asked."""

    database: str
    identity: Identity | None
    is_open: bool


@translating()
async def look_into(provisioner: Provisioner, database: str) -> Found:
    try:
        identity = await provisioner.identity(database)
        return Found(database, identity, await provisioner.is_open(database))
    except Error:
        return Found(database, None, False)


@translating()
async def quarantine(provisioner: Provisioner, database: str) -> str:
    """Closes a database to everybody and gives it a name that nothing leads to, which is answered. Its roles stay."""
    new = f"{_QUARANTINED}{Names(database).database}"
    await provisioner.set_aside(database)
    async with provisioner.as_owner(database) as cluster:
        # Sessions of others than the application would keep it from being renamed.
        await cluster.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", database)
        await cluster.execute(f"ALTER DATABASE {identifier(database)} RENAME TO {identifier(new)}")
    return new


@translating()
async def quarantined(provisioner: Provisioner) -> list[str]:
    """Those that wait for a person's decision."""
    async with connect(provisioner.address) as cluster:
        rows = await cluster.fetch("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", _QUARANTINED)
        return sorted(row["datname"] for row in rows)


@translating()
async def ownerless_roles(provisioner: Provisioner) -> dict[str, str]:
    """Customers' roles of which there is no database, each with that one's name."""
    async with connect(provisioner.address) as cluster:
        rows = await cluster.fetch(
            "SELECT rolname, regexp_replace(rolname, $1, '\\3') AS place FROM pg_roles"
            " WHERE rolname ~ $1 AND NOT EXISTS (SELECT FROM pg_database"
            " WHERE datname IN (regexp_replace(rolname, $1, '\\3'), $2 || regexp_replace(rolname, $1, '\\3')))",
            _ROLES,
            _QUARANTINED,
        )
        return {row["rolname"]: row["place"] for row in rows}
