"""All that this helpdesk has, as one archive for its owners."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.control import downloads
from seldesk.methods.desk.panels import Panel, panel
from seldesk.models import desk as models
from seldesk.models.password import Password
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)
KIND = "export"


@dataclass(frozen=True, slots=True)
class Export:
    """state is new, running, done or dead; made of total rows and files. by is "" where the operator made it.

    offered: the link holds, until expires_at.
    """

    id: UUID
    state: str
    by: str
    made: int
    total: int
    size: int
    offered: bool
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExportPage:
    panel: Panel
    exports: list[Export]

    @property
    def under_way(self) -> bool:
        return any(one.state in ("new", "running") for one in self.exports)


@dataclass(frozen=True, slots=True)
class Asked:
    """The password was not right where not asked; wait is in seconds, 0 for no wait."""

    asked: bool
    wait: int = 0


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def page(caller: Caller) -> ExportPage:
    """All that the page about exports shows, the newest first."""
    around = surroundings()
    found = await around.operator(downloads.list, customer=around.customer.id, kind=KIND)
    names = await models.Person.names(one.asked_by for one in found)
    exports = [
        Export(
            one.id,
            one.state,
            names.get(one.asked_by, "an owner who is gone") if one.asked_by else "",
            one.made,
            one.total,
            one.size,
            one.offered,
            one.created_at,
            one.expires_at,
        )
        for one in found
    ]
    return ExportPage(panel(caller), exports)


@rpc.public("settings", kinds=PEOPLE)
async def ask(caller: Caller, password: Password) -> Asked:
    """Have an export made, one at a time and three in a day. A refusal of the password is an answer, so that it
    stays counted.
    """
    right, wait = await models.proof.own_password(caller, password)
    if not right:
        return Asked(asked=False, wait=wait)
    around = surroundings()
    _ = await around.operator(downloads.ask, customer=around.customer.id, kind=KIND, asked_by=caller.id)
    return Asked(asked=True)
