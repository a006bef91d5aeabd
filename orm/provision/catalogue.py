from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import asyncpg

from orm.address import Address

from . import grants
from .connection import connect, translating
from .names import BACKUP, Names
from .privileges import excess_privileges
from .templates import EXTENSIONS

# Objects that PostgreSQL brings along have numbers below 16384.

# What has an owner: kind, catalogue, column of the name, column of the owner.
_OWNED = (
    ("schema", "pg_namespace", "nspname", "nspowner"),
    ("relation", "pg_class", "relname", "relowner"),
    ("function", "pg_proc", "proname", "proowner"),
    ("type", "pg_type", "typname", "typowner"),
    ("operator", "pg_operator", "oprname", "oprowner"),
    ("operator class", "pg_opclass", "opcname", "opcowner"),
    ("operator family", "pg_opfamily", "opfname", "opfowner"),
    ("collation", "pg_collation", "collname", "collowner"),
    ("conversion", "pg_conversion", "conname", "conowner"),
    ("statistics", "pg_statistic_ext", "stxname", "stxowner"),
    ("text search dictionary", "pg_ts_dict", "dictname", "dictowner"),
    ("text search configuration", "pg_ts_config", "cfgname", "cfgowner"),
)

# What a customer's database never holds: kind, and a query for the names.
_NEVER = (
    ("foreign server", "SELECT srvname FROM pg_foreign_server"),
    ("foreign data wrapper", "SELECT fdwname FROM pg_foreign_data_wrapper"),
    ("event trigger", "SELECT evtname FROM pg_event_trigger"),
    ("publication", "SELECT pubname FROM pg_publication"),
    (
        "subscription",
        "SELECT subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid"
        " WHERE d.datname = current_database()",
    ),
    ("language", "SELECT lanname FROM pg_language WHERE oid >= 16384"),
    ("large object", "SELECT oid::text FROM pg_largeobject_metadata"),
    (
        "function in C",
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
        " WHERE p.oid >= 16384 AND NOT l.lanpltrusted AND l.lanname <> 'sql'"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass"
        " AND d.objid = p.oid AND d.deptype = 'e')",
    ),
    # Without pg_temp named last, it is searched first, and the caller chooses what the function runs.
    (
        "security definer without a pinned search_path",
        "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef AND NOT EXISTS"
        " (SELECT FROM unnest(proconfig) c WHERE c ~ '^search_path=.*, pg_temp$')",
    ),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a customer's database or roles that was not declared."""

    kind: str
    detail: str


@translating()
async def check_catalogue(address: Address, database: str) -> list[Finding]:
    """Compares one customer's database and roles with what provisioning makes; empty where all is well.

    Reads catalogues only: as the superuser, or as the one who makes the copies.
    """
    names = Names(database)
    async with connect(address, database) as inside:
        return [finding async for finding in _findings(inside, names)]


async def _findings(inside: asyncpg.Connection, names: Names) -> AsyncIterator[Finding]:
    owner = await inside.fetchval("SELECT datdba::regrole::text FROM pg_database WHERE datname = $1", names.database)
    if owner != names.owner:
        yield Finding("owner", f"the database belongs to {owner}")
    for row in await inside.fetch(_foreign_objects(), names.owner):
        yield Finding("owner", "{} {} belongs to {}".format(*row))
    for detail in await excess_privileges(inside, names):
        yield Finding("privilege", detail)
    for row in await inside.fetch("SELECT extname FROM pg_extension"):
        if row[0] not in ("plpgsql", *EXTENSIONS):
            yield Finding("extension", row[0])
    for kind, query in _NEVER:
        for row in await inside.fetch(query):
            yield Finding(kind, row[0])
    for detail in [*await _roles(inside, names), *await _members(inside, names)]:
        yield Finding("role", detail)
    for detail in await _settings(inside, names):
        yield Finding("setting", detail)


def _foreign_objects() -> str:
    # What an extension brought belongs to the superuser, and so does the schema they lie in.
    return " UNION ALL ".join(
        f"SELECT '{kind}', o.{name}::text, o.{owner}::regrole::text FROM {catalogue} o"  # noqa: S608 constants
        f" WHERE o.oid >= 16384 AND o.{owner}::regrole::text <> $1"
        f" AND o.{name} <> 'ext' AND o.{name} !~ '^pg_(toast_)?temp_'"
        f" AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '{catalogue}'::regclass"
        " AND d.objid = o.oid AND d.deptype IN ('e', 'i'))"
        for kind, catalogue, name, owner in _OWNED
    )


async def _roles(inside: asyncpg.Connection, names: Names) -> list[str]:
    rows = await inside.fetch(
        "SELECT rolname, rolcanlogin, rolconnlimit, rolinherit AND rolcanlogin AS inherits,"
        " rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS powerful"
        " FROM pg_roles WHERE rolname = ANY($1)",
        [names.owner, names.login, names.reader, names.dumper],
    )
    found = {row["rolname"]: row for row in rows}
    details = []
    for role in (names.owner, names.login, names.reader, names.dumper):
        if (row := found.get(role)) is None:
            details.append(f"{role} is missing")
            continue
        may_login = role in (names.login, names.reader)
        if row["powerful"] or row["inherits"] or row["rolcanlogin"] != may_login:
            details.append(f"{role} has other attributes than declared")
        if may_login and row["rolconnlimit"] < 0:
            details.append(f"{role} has no connection limit")
    return details


async def _members(inside: asyncpg.Connection, names: Names) -> list[str]:
    rows = await inside.fetch(
        "SELECT roleid::regrole::text AS role, member::regrole::text AS member,"
        " admin_option, inherit_option, set_option FROM pg_auth_members"
        " WHERE roleid::regrole::text = ANY($1) OR member::regrole::text = ANY($1)",
        [names.owner, names.login, names.reader, names.dumper],
    )
    # Who created a role may grant it; that is not the same as having its privileges.
    roles = (names.owner, names.login, names.reader, names.dumper)
    allowed = {(role, names.maker, True, False, False) for role in roles}
    allowed.add((names.dumper, BACKUP, False, True, False))
    return [f"{row['member']} is a member of {row['role']}" for row in rows if tuple(row) not in allowed]


async def _settings(inside: asyncpg.Connection, names: Names) -> list[str]:
    rows = await inside.fetch(
        "SELECT coalesce(r.rolname, ''), coalesce(d.datname, ''), unnest(s.setconfig)"
        " FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole"
        " LEFT JOIN pg_database d ON d.oid = s.setdatabase"
        " WHERE r.rolname = ANY($1) OR d.datname = $2",
        [names.owner, names.login, names.reader, names.dumper],
        names.database,
    )
    found, declared = {tuple(row) for row in rows}, set(declared_settings(names))
    surplus = [f"{role or 'everybody'} has {value}" for role, _, value in sorted(found - declared)]
    return surplus + [f"{role} lacks {value}" for role, _, value in sorted(declared - found)]


def declared_settings(names: Names) -> Iterator[tuple[str, str, str]]:
    for role, settings in grants.settings(names).items():
        for name, value in settings.items():
            yield role, names.database, f"{name}={value.strip(chr(39))}"
