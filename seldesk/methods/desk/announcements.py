"""What people at a customer are told by the operator."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.models import desk as models
from seldesk.surroundings import surroundings

PROGRAMS = (rpc.Kind.JOB,)
Named = Annotated[list[str], Meta(max_length=1000)]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of those who were named are here and are not, and what became of their mails. Nothing else leaves."""

    found: int
    missing: int
    sent: int
    failed: int


@rpc.public("work", kinds=PROGRAMS)
async def tell(
    caller: Caller, incident: UUID, update: UUID, title: rpc.Line, before: str, text: rpc.Text, named: Named
) -> Counts:
    """Write to those who are named and those who were told of this incident before. Asked again, it only counts."""
    said = models.announcing.Announced(incident, update, title, before, text)
    told = await models.announcing.tell(said, named)
    surroundings().trail.repeats = not told.fresh
    return Counts(told.found, told.missing, told.sent, told.failed)
