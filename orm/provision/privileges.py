import asyncpg

from . import grants
from .names import Names

# Each row: kind, schema, object, who ('' is PUBLIC), privilege, may pass it on. What PostgreSQL and the
# extensions give to PUBLIC is theirs; what they would have to be told to give one of our roles is not.
_OBJECTS = """
WITH member AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
entry AS (
    SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind, n.nspname AS schema,
        c.relname::text AS object, 'pg_class'::regclass AS class, c.oid,
        coalesce(
            c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)
        ) AS acl
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    UNION ALL
    SELECT 'table', n.nspname, c.relname || '.' || a.attname, 'pg_class'::regclass, c.oid, a.attacl
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attacl IS NOT NULL
    UNION ALL
    SELECT 'function', n.nspname, p.proname, 'pg_proc'::regclass, p.oid,
        coalesce(p.proacl, acldefault('f', p.proowner))
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    UNION ALL
    SELECT 'schema', nspname, nspname, 'pg_namespace'::regclass, oid,
        coalesce(nspacl, acldefault('n', nspowner))
    FROM pg_namespace
    UNION ALL
    SELECT 'type', n.nspname, t.typname, 'pg_type'::regclass, t.oid, t.typacl
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typacl IS NOT NULL
    UNION ALL
    SELECT 'language', '', lanname, 'pg_language'::regclass, oid, coalesce(lanacl, acldefault('l', lanowner))
    FROM pg_language WHERE lanpltrusted AND lanname <> 'sql'
)
SELECT e.kind, e.schema, e.object, coalesce(r.rolname, ''), a.privilege_type, a.is_grantable
FROM entry e CROSS JOIN aclexplode(e.acl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE r.rolname = ANY($1) OR a.grantee <> 10 AND (
    e.oid >= 16384 AND NOT EXISTS (SELECT FROM member m WHERE m.classid = e.class AND m.objid = e.oid)
    OR e.kind = 'language'
    OR e.object IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lo_import', 'lo_export')
)
"""
_LATER = """
SELECT CASE d.defaclobjtype WHEN 'r' THEN 'table' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'function'
        ELSE 'type or schema' END, coalesce(n.nspname, ''), 'later ones',
    coalesce(r.rolname, ''), a.privilege_type, a.is_grantable
FROM pg_default_acl d CROSS JOIN aclexplode(d.defaclacl) a
LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace LEFT JOIN pg_roles r ON r.oid = a.grantee
"""
_DATABASES = """
SELECT 'database', '', d.datname, coalesce(r.rolname, ''), a.privilege_type, a.is_grantable
FROM pg_database d CROSS JOIN aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE a.grantee <> 10 AND (d.datname = $2 OR r.rolname = ANY($1))
UNION ALL
SELECT 'parameter', '', p.parname, r.rolname, a.privilege_type, a.is_grantable
FROM pg_parameter_acl p CROSS JOIN aclexplode(p.paracl) a JOIN pg_roles r ON r.oid = a.grantee
WHERE r.rolname = ANY($1)
UNION ALL
SELECT 'object', '', 'another database', r.rolname, 'ownership or a privilege', false
FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid
WHERE s.refclassid = 'pg_authid'::regclass AND r.rolname = ANY($1)
    AND s.dbid NOT IN (0, (SELECT oid FROM pg_database WHERE datname = $2))
"""


async def excess_privileges(inside: asyncpg.Connection, names: Names) -> list[str]:
    """Each privilege in this database, or of its roles elsewhere, that is not among the declared ones."""
    roles = [names.owner, names.login, names.reader, names.dumper]
    rows = [
        *await inside.fetch(_OBJECTS, roles),
        *await inside.fetch(_LATER),
        *await inside.fetch(_DATABASES, roles, names.database),
    ]
    declared = _declared(names)
    return [
        f"{role or 'PUBLIC'} has {privilege} on {kind} {schema + '.' if schema else ''}{name}"
        for kind, schema, name, role, privilege, grantable in rows
        if (role != names.owner or (kind == "database" and name not in names.standing))
        and (grantable or (kind, schema or name, role, privilege) not in declared)
    ]


def _declared(names: Names) -> set[tuple[str, str, str, str]]:
    """Kind, schema (or the object's name where it lies in none), role, privilege."""
    given = (("table", grants.tables), ("sequence", grants.sequences), ("function", grants.functions))
    declared = {
        (kind, schema, role, privilege)
        for kind, of in given
        for role, schemas in of(names).items()
        for schema, privileges in schemas.items()
        for privilege in privileges
    }
    declared.add(("schema", "ext", "", "USAGE"))
    for role, schemas in grants.tables(names).items():
        declared |= {("schema", schema, role, "USAGE") for schema in schemas}
        declared.add(("database", names.database, role, "CONNECT"))
    return declared
