from collections.abc import Mapping
from dataclasses import dataclass, field

import asyncpg

from orm.address import Address

from .connection import connect, translating
from .names import BACKUP, CONTROL, MAKERS, PROVISIONER, TEMPLATE_OWNER
from .scram import verifier
from .sql import identifier, literal


@dataclass(frozen=True, slots=True)
class ClusterPasswords:
    provisioner: str = field(repr=False)
    control: str = field(repr=False)
    backup: str = field(repr=False)


@translating()
async def prepare_cluster(superuser: Address, passwords: ClusterPasswords) -> None:
    """Makes a new cluster fit for customers: nothing for PUBLIC, and the roles that serve all of them.

    Safe to repeat; sets the passwords again.
    """
    async with connect(superuser) as connection, connection.transaction():
        await connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
        await ensure_role(connection, PROVISIONER, "LOGIN NOCREATEDB NOCREATEROLE", passwords.provisioner)
        await ensure_role(connection, CONTROL, "LOGIN NOINHERIT NOCREATEDB NOCREATEROLE", passwords.control)
        await ensure_role(connection, BACKUP, "LOGIN NOCREATEDB NOCREATEROLE", passwords.backup)
        await ensure_role(connection, TEMPLATE_OWNER, "NOLOGIN NOCREATEDB NOCREATEROLE")
        # Whoever has the provisioner's key is all of them: a password for each would part nobody from anything.
        await ensure_roles(connection, dict.fromkeys(MAKERS, ("LOGIN CREATEDB CREATEROLE", passwords.provisioner)))
        makers = ", ".join(map(identifier, MAKERS))
        await connection.execute(f"GRANT CONNECT ON DATABASE postgres TO {identifier(PROVISIONER)}, {makers}")
        # To hand what a clone brings along over to its owner; to end the sessions of what is dropped.
        needed = f"{identifier(TEMPLATE_OWNER)}, pg_signal_backend"
        await connection.execute(f"GRANT {needed} TO {makers} WITH INHERIT TRUE, SET FALSE")


async def ensure_role(connection: asyncpg.Connection, name: str, attributes: str, password: str | None = None) -> None:
    """Creates a role or brings it to `attributes` (SQL), which name all that may have been changed."""
    await ensure_roles(connection, {name: (attributes, password)})


async def ensure_roles(connection: asyncpg.Connection, wanted: Mapping[str, tuple[str, str | None]]) -> None:
    """Several, each by its name with attributes and password, all of them or none."""
    # As text: of an array of names the driver would first ask the catalogue how it is written, which takes longer.
    rows = await connection.fetch("SELECT rolname FROM pg_roles WHERE rolname::text = ANY($1)", list(wanted))
    found, statements = {row[0] for row in rows}, []
    for name, (attributes, password) in wanted.items():
        secret = "NULL" if password is None else literal(verifier(password))
        verb = "ALTER" if name in found else "CREATE"
        statements.append(f"{verb} ROLE {identifier(name)} {attributes} PASSWORD {secret}")
    # One script is one transaction.
    await connection.execute("; ".join(statements))


async def create_closed(connection: asyncpg.Connection, name: str, options: str) -> None:
    """Creates a database that nobody can enter while PUBLIC may still connect to it, as to each new one."""
    await connection.execute(f"CREATE DATABASE {identifier(name)} {options} ALLOW_CONNECTIONS false")


async def close_to_public(connection: asyncpg.Connection, name: str) -> None:
    """Takes what PUBLIC has by default; then lets in those who have been granted it."""
    # A closed database refuses the superuser too.
    await connection.execute(
        f"REVOKE ALL ON DATABASE {identifier(name)} FROM PUBLIC;"
        f"ALTER DATABASE {identifier(name)} ALLOW_CONNECTIONS true"
    )


async def database_exists(connection: asyncpg.Connection, name: str) -> bool:
    found = await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name)
    return bool(found)
