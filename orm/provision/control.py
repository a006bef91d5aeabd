from collections.abc import Sequence

from orm.address import Address
from orm.migrate import Revisions, upgrade

from .cluster import close_to_public, create_closed, database_exists, ensure_role
from .connection import connect, translating
from .grants import LIMITS
from .names import BACKUP, CONTROL, CONTROL_OWNER
from .sql import identifier, quoted
from .templates import BASE_SCRIPT, FRESH

_GRANTS = f"""
GRANT USAGE ON SCHEMA control TO {CONTROL}, {BACKUP};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA control TO {CONTROL};
REVOKE INSERT, UPDATE, DELETE ON control.revision FROM {CONTROL};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA control TO {CONTROL};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA control TO {CONTROL};
GRANT SELECT ON ALL TABLES IN SCHEMA control TO {BACKUP};
GRANT SELECT ON ALL SEQUENCES IN SCHEMA control TO {BACKUP};
"""


def _grants(appended: Sequence[str]) -> str:
    """One script, and one transaction: in none of its moments may anybody do more than at its end."""
    revoked = "REVOKE UPDATE, DELETE ON {} FROM " + CONTROL + ";\n"
    return _GRANTS + "".join(revoked.format(quoted(table)) for table in appended)


@translating()
async def control_exists(superuser: Address, name: str = CONTROL) -> bool:
    """Whether there is a control database, in whatever state."""
    async with connect(superuser) as cluster:
        return await database_exists(cluster, name)


@translating()
async def create_control(
    superuser: Address, revisions: Revisions, *, name: str = CONTROL, appended: Sequence[str] = ()
) -> None:
    """Makes or migrates the control database: DML in schema `control` for the application, SELECT for
    the one who makes the copies, nothing for anybody else. Safe to repeat.

    appended -- tables that the application may add to and never change
    """
    async with connect(superuser) as cluster:
        await ensure_role(cluster, CONTROL_OWNER, "NOLOGIN NOCREATEDB NOCREATEROLE")
        if not await database_exists(cluster, name):
            await create_closed(cluster, name, f"{FRESH} OWNER {CONTROL_OWNER}")
        await close_to_public(cluster, name)
        async with connect(superuser, name) as inside:
            await inside.execute(BASE_SCRIPT)
            await inside.execute(f"CREATE SCHEMA IF NOT EXISTS control AUTHORIZATION {CONTROL_OWNER}")
            await inside.execute(f"SET ROLE {CONTROL_OWNER}; SET search_path = control, ext, pg_temp")
            await inside.execute("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
            await inside.execute("CREATE TABLE IF NOT EXISTS control.revision (version text NOT NULL)")
            await inside.execute(
                "INSERT INTO control.revision SELECT '' WHERE NOT EXISTS (SELECT FROM control.revision)"
            )
            await upgrade(inside, revisions, table="control.revision")
            await inside.execute(_grants(appended))
        settings = {**LIMITS, "search_path": "control, ext, pg_temp"}
        for setting, value in settings.items():
            await cluster.execute(f"ALTER ROLE {CONTROL} IN DATABASE {identifier(name)} SET {setting} = {value}")
        await cluster.execute(f"GRANT CONNECT ON DATABASE {identifier(name)} TO {CONTROL}, {BACKUP}")
