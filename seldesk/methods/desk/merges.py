"""Two tickets about one matter, and one about two."""

from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.shapes.tickets import Changed
from seldesk.models import desk as models

PEOPLE_AND_TOKENS = (rpc.Kind.PERSON, rpc.Kind.TOKEN)


@rpc.public("tickets.write", kinds=PEOPLE_AND_TOKENS)
async def merge(caller: Caller, number: rpc.Int4, into: rpc.Int4, different_requesters: bool = False) -> Changed:
    """Let a ticket go on in another one, which is answered. Its messages stand there, its number leads there, and who
    followed it follows that one.

    Where different people asked, 409 `different_requesters` unless that is said to be meant: then this one's requester
    gets the answers in copy, and opens neither.
    """
    ticket = await models.merging.merge(caller, number, into, different_requesters=different_requesters)
    return Changed(ticket.number, ticket.status, ticket.updated_at)


@rpc.public("tickets.write", kinds=PEOPLE_AND_TOKENS)
async def undo(caller: Caller, number: rpc.Int4) -> Changed:
    """Let a ticket that was merged go on by itself again, at any time. What was written since stays where it is."""
    ticket = await models.merging.take_out(caller, number)
    return Changed(ticket.number, ticket.status, ticket.updated_at)


@rpc.public("tickets.write", kinds=PEOPLE_AND_TOKENS)
async def split(caller: Caller, number: rpc.Int4, message: UUID) -> Changed:
    """Make what a requester wrote a ticket of its own, whose requester they are, and answer that one. Nobody is mailed;
    merging it into the old one undoes this.
    """
    ticket = await models.merging.split(caller, number, message)
    return Changed(ticket.number, ticket.status, ticket.updated_at)
