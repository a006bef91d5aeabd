import hashlib
from collections.abc import Awaitable, Callable

import asyncpg

from orm.address import Address
from orm.migrate import Revisions, upgrade

from .cluster import close_to_public, create_closed, database_exists
from .connection import connect, translating
from .names import BASE, FULL, SEARCH_PATH, TEMPLATE_OWNER
from .sql import identifier, literal

EXTENSIONS = ("pg_trgm", "unaccent")

# The same collation on every cluster, whatever its system: a copy made on one must sort alike on another.
FRESH = (
    "TEMPLATE template0 STRATEGY wal_log ENCODING 'UTF8' "
    "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"
)

# The extensions lie in a schema of their own that belongs to the superuser, so that nobody can put
# something of the same name beside them.
BASE_SCRIPT = """
DROP SCHEMA IF EXISTS public;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION
    lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea), lo_put(oid, bigint, bytea),
    lo_import(text), lo_import(text, oid), lo_export(oid, text)
    FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS ext;
GRANT USAGE ON SCHEMA ext TO PUBLIC;
""" + "".join(f"CREATE EXTENSION IF NOT EXISTS {name} SCHEMA ext;\n" for name in EXTENSIONS)

_SCHEMAS = "".join(
    f"CREATE SCHEMA {schema} AUTHORIZATION {TEMPLATE_OWNER};\n" for schema in ("app", "secret", "log", "meta")
)
_META = """
CREATE TABLE meta.revision (version text NOT NULL);
INSERT INTO meta.revision VALUES ('');
CREATE TABLE meta.customer (
    id uuid PRIMARY KEY, slug text NOT NULL, plan text NOT NULL, created_at timestamptz NOT NULL
);
"""


@translating()
async def create_templates(superuser: Address, revisions: Revisions) -> None:
    """Makes what customers are cloned from: `seldesk_base` without tables, `seldesk_full` with all.

    Nobody can connect to either. The schemas app, secret, log and meta are there before the first revision;
    revisions may create neither schemas nor functions in another language than SQL. A template whose making
    has changed, be it by a revision, is made anew under another name and put in its place at once.
    Safe to repeat.
    """

    async def empty(inside: asyncpg.Connection) -> None:
        await inside.execute(BASE_SCRIPT)

    async def full(inside: asyncpg.Connection) -> None:
        await inside.execute(_SCHEMAS)
        await inside.execute(f"SET ROLE {TEMPLATE_OWNER}; SET search_path = {SEARCH_PATH}; {_META}")
        await upgrade(inside, revisions)

    base = _fingerprint(FRESH, BASE_SCRIPT)
    await _renew(superuser, BASE, FRESH, base, empty)
    from_base = f"TEMPLATE {BASE} STRATEGY wal_log"
    await _renew(superuser, FULL, from_base, _fingerprint(base, _SCHEMAS, _META, revisions.fingerprint), full)


async def _renew(
    superuser: Address,
    name: str,
    options: str,
    fingerprint: str,
    fill: Callable[[asyncpg.Connection], Awaitable[None]],
) -> None:
    new, old = f"{name}_new", f"{name}_old"
    async with connect(superuser) as cluster:
        for left in (new, old):
            await _drop(cluster, left)
        made_of = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1"
        if await cluster.fetchval(made_of, name) == fingerprint:
            return
        await create_closed(cluster, new, options)
        await close_to_public(cluster, new)
        async with connect(superuser, new) as inside:
            await fill(inside)
        quoted = identifier(new)
        await cluster.execute(f"ALTER DATABASE {quoted} ALLOW_CONNECTIONS false IS_TEMPLATE true")
        await cluster.execute(f"COMMENT ON DATABASE {quoted} IS {literal(fingerprint)}")
        async with cluster.transaction():
            if await database_exists(cluster, name):
                await cluster.execute(f"ALTER DATABASE {identifier(name)} RENAME TO {identifier(old)}")
            await cluster.execute(f"ALTER DATABASE {quoted} RENAME TO {identifier(name)}")
        await _drop(cluster, old)


async def _drop(cluster: asyncpg.Connection, name: str) -> None:
    if await database_exists(cluster, name):
        await cluster.execute(f"ALTER DATABASE {identifier(name)} IS_TEMPLATE false")
        await cluster.execute(f"DROP DATABASE {identifier(name)} WITH (FORCE)")


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
