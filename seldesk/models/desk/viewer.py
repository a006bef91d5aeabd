"""Callers as parameters of statements that are built once for all who see the same."""

from typing import Any
from uuid import UUID

import orm
from seldesk.caller import NOBODY, Caller
from seldesk.models.desk.person import Person

_ME: Any = orm.parameter("me", Person.id)
_THEIRS: Any = orm.parameter("theirs", Person.id)


def like(caller: Caller) -> Caller:
    """Whoever sees what this caller sees of their own: kind and role, whether they read tickets and are there
    themselves, and parameters for ids. Other rights show nothing more, and there are as many sets of them as there are
    roles.
    """
    theirs = None if caller.ticket is None else _THEIRS
    reads = caller.permissions & {"tickets.read"}
    session = _ME if caller.in_person else None
    return Caller(kind=caller.kind, permissions=reads, id=_ME, role=caller.role, ticket=theirs, session=session)


def ids(caller: Caller) -> dict[str, UUID]:
    """Those ids, for read()."""
    return {"me": caller.id, "theirs": caller.ticket or NOBODY}
