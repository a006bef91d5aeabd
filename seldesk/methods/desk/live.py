"""What open pages of the desk hear of: that something changed, and who else is looking."""

import builtins
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.models import desk as models
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)
Numbers = Annotated[builtins.list[rpc.Int4], Meta(min_length=1, max_length=20)]
Tab = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-zA-Z0-9-]+$(?!\n)")]


@dataclass(frozen=True, slots=True)
class Opening:
    """Whose page it is that listens."""

    session: UUID
    person: UUID
    role: str


@dataclass(frozen=True, slots=True)
class Listener:
    """A session that is not over, with a ticket that its person sees; without one when they see none of them."""

    session: UUID
    role: str
    ticket: UUID | None
    number: int | None
    message: UUID | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Audience:
    """Who still listens, and the names of the people that were asked for."""

    listeners: list[Listener]
    names: dict[UUID, str]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a requester said last; opened: with it the ticket began."""

    number: int
    subject: str
    author: str
    opened: bool


@rpc.public("tickets.read", kinds=PEOPLE, reads=True)
async def open(caller: Caller) -> Opening:
    """May this page listen?"""
    if caller.session is None:
        raise rpc.Unauthenticated
    return Opening(caller.session, caller.id, caller.role)


@rpc.public("work", kinds=(rpc.Kind.JOB,), reads=True)
async def audience(
    caller: Caller,
    sessions: builtins.list[UUID],
    tickets: builtins.list[UUID] = [],  # noqa: B006 - decoded anew for each call, never changed
    people: builtins.list[UUID] = [],  # noqa: B006
) -> Audience:
    """Which of these sessions are not over, and which of the tickets each of them may hear of."""
    listeners = await models.audience.of(sessions, tickets, Listener)
    return Audience(listeners, await models.audience.names(people))


@rpc.public("tickets.read", kinds=PEOPLE, reads=True)
async def attend(caller: Caller, number: rpc.Int4, tab: Tab, doing: Literal["viewing", "writing", "gone"]) -> None:
    """Tell the others that one looks at a ticket, or writes in it. Nothing of it is stored."""
    ticket = await models.Ticket.seen_by(caller).where(models.Ticket.number == number).one()
    surroundings().news.attended(ticket.id, caller.id, tab, doing)


@rpc.public("tickets.read", kinds=PEOPLE, reads=True)
async def arrivals(caller: Caller, numbers: Numbers) -> builtins.list[Arrival]:
    """What requesters said last in these tickets, as far as they are one's own, one's teams' or nobody's."""
    return await models.audience.arrivals(caller, numbers, Arrival)
