"""What customers' roles have set for themselves, for a whole cluster at once: cheap enough for every few minutes."""

from collections import defaultdict

from .catalogue import Finding, declared_settings
from .connection import connect, translating
from .database import Provisioner
from .names import Names

_SET = """
SELECT r.rolname, coalesce(d.datname, ''), unnest(s.setconfig) FROM pg_db_role_setting s
JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
WHERE r.rolname ~ '^((own|ro|read)_)?c_'
"""


@translating()
async def changed_settings(provisioner: Provisioner, databases: list[str]) -> dict[str, list[Finding]]:
    """Database -> settings of its roles that were not declared, or are missing. A role may change its own: that does
    not open anything, but tells that somebody has its password."""
    async with connect(provisioner.address) as cluster:
        # By role, as there are four to each of thousands of databases.
        found = defaultdict[str, set[tuple[str, ...]]](set)
        for row in await cluster.fetch(_SET):
            found[row[0]].add(tuple(row))
    changed = {}
    for database in databases:
        names = Names(database)
        roles = (names.owner, names.login, names.reader, names.dumper)
        mine = {row for role in roles for row in found.get(role, ())}
        declared = set(declared_settings(names))
        details = [f"{role} has {value}" for role, _, value in sorted(mine - declared)]
        details += [f"{role} lacks {value}" for role, _, value in sorted(declared - mine)]
        if details:
            changed[database] = [Finding("setting", detail) for detail in details]
    return changed
