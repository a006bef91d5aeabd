"""Mail that was not sent because a copy was restored: owners send it after all, or let it go."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.panels import Panel, panel
from seldesk.models import desk as models
from seldesk.models.desk import unsent

PEOPLE = (rpc.Kind.PERSON,)


@dataclass(frozen=True, slots=True)
class Unsent:
    """number and subject are of the ticket that it is about; recipient is "" where nobody is known any more."""

    id: UUID
    kind: str
    recipient: str
    number: int | None
    subject: str | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class UnsentPage:
    """The newest first; next and previous are cursors."""

    panel: Panel
    items: list[Unsent]
    next: str | None
    previous: str | None


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def page(caller: Caller, cursor: str | None = None) -> UnsentPage:
    """All that the page about unsent mail shows."""
    found = await unsent.page(cursor)
    items = [Unsent(one.id, one.kind, one.recipient, one.number, one.subject, one.written_at) for one in found.items]
    return UnsentPage(panel(caller), items, found.next, found.previous)


@rpc.public("settings", kinds=PEOPLE)
async def send(caller: Caller, mail: UUID) -> None:
    """It goes out after all, as it would be written today. It may be that it went out before the restore too."""
    await models.Outbox.again(mail)


@rpc.public("settings", kinds=PEOPLE)
async def drop(caller: Caller, mail: UUID) -> None:
    """It never goes out. A reply says so in its ticket."""
    await models.Outbox.let_go(mail)
