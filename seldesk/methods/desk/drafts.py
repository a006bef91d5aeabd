"""What an agent has begun to write: kept on the server, and shown to nobody else."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.models import desk as models

PEOPLE = (rpc.Kind.PERSON,)
Addresses = Annotated[str, Meta(max_length=5000)]


@rpc.public("tickets.read", kinds=PEOPLE)
async def keep(
    caller: Caller,
    number: rpc.Int4,
    body: str = "",
    kind: Literal["message", "note"] = "message",
    to: Addresses = "",
    cc: Addresses = "",
    seen: UUID | None = None,
) -> None:
    """Save one's draft in this ticket; an empty body forgets it. tickets.page shows it until something is sent.

    seen is the ticket's last message as the writer knows it: what was sent meanwhile is not kept as a draft again.
    """
    await models.Draft.keep(caller, number, seen=seen, text=body, kind=kind, sent_to=to, cc=cc)
