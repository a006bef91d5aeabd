"""Callers as parameters of statements that are built once for all who see the same."""

from typing import Any
from uuid import UUID

import orm
from seldesk.caller import NOBODY, Caller
from seldesk.models.desk.person import Person

_ME: Any = orm.parameter("me", Person.id)
_THEIRS: Any = orm.parameter("theirs", Person.id)


def like(caller: Caller) -> Caller:
    """Whoever sees what this caller sees of their own: kind, role and rights, and parameters for ids."""
    theirs = None if caller.ticket is None else _THEIRS
    return Caller(kind=caller.kind, permissions=caller.permissions, id=_ME, role=caller.role, ticket=theirs)


def ids(caller: Caller) -> dict[str, UUID]:
    """Those ids, for read()."""
    return {"me": caller.id, "theirs": caller.ticket or NOBODY}
