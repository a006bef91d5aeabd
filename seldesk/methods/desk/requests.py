"""Tickets as their requester works them, signed in or by a mailed link."""

import builtins
from dataclasses import replace
from typing import Annotated, Literal, TypeVar

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.shapes.people import Me, Party
from seldesk.methods.desk.shapes.requests import LastSaid, Linked, LinkOpened, Request, RequestRow, Requests
from seldesk.methods.desk.shapes.tickets import Changed, FileRow, Message, Other, Written
from seldesk.models import desk as models
from seldesk.surroundings import surroundings

REQUESTERS = (rpc.Kind.LINK, rpc.Kind.PERSON)
SIGNED_IN = (rpc.Kind.PERSON,)
Whose = Literal["mine", "organisation"]
Said = TypeVar("Said", Message, LastSaid)
Files = Annotated[builtins.list[rpc.Upload], Meta(max_length=20)]


@rpc.public(None, kinds=(rpc.Kind.ANONYMOUS,))
async def open(caller: Caller, token: str) -> LinkOpened:
    """Trade a mailed link for a session that opens its ticket and nothing else."""
    session, ticket = await models.Session.by_link(caller, token)
    return LinkOpened(session, ticket.number)


@rpc.public("requests", kinds=SIGNED_IN, reads=True)
async def list(caller: Caller, whose: Whose = "mine", cursor: str | None = None) -> Requests:
    """One's own tickets, the newest change first. cursor is `next` or `previous` of another page.

    whose "organisation" adds those of the others in it: 404 where one is in none, or where it shares nothing.
    """
    organisation = await models.Organisation.shared_by(caller.id)
    if whose == "organisation" and organisation is None:
        raise rpc.NotFound
    page = await models.listing.requests(caller, RequestRow, LastSaid, cursor=cursor, all_seen=whose == "organisation")
    items = [replace(row, last=[_as_told(said) for said in row.last]) for row in page.items]
    return Requests(Me.of(caller), items, page.next, page.previous, organisation)


@rpc.public("requests", kinds=SIGNED_IN, reads=True)
async def blank(caller: Caller) -> Me:
    """In whose name a new request is opened."""
    return Me.of(caller)


@rpc.public("requests", kinds=SIGNED_IN)
async def create(caller: Caller, subject: rpc.Line, body: rpc.Text, files: Files = []) -> Written:  # noqa: B006
    """Ask something new. The answer comes by mail as well."""
    ticket, message = await models.Conversation.begin(caller, subject, body, files)
    return Written(message.id, ticket.number, ticket.status)


@rpc.public("requests", kinds=REQUESTERS, reads=True)
async def read(caller: Caller, number: rpc.Int4) -> Request:
    """One's own ticket, without notes, events and agents' addresses; one that was merged is the one it goes on in."""
    shown = await models.reading.ticket(caller, number, Other, Party)
    messages = await models.reading.messages(caller, shown.id, Message, FileRow)
    return Request(
        customer=surroundings().customer.name,
        number=shown.number,
        subject=shown.subject,
        status=shown.status,
        requester=Party(shown.requester_id, shown.requester, shown.requester_email),
        created_at=shown.created_at,
        updated_at=shown.updated_at,
        messages=[_as_shown(message) for message in messages],
        zone=caller.zone,
        own=shown.requester_id == caller.id,
        begins_new=shown.status == "closed" and await (await models.Ticket.get(shown.id)).is_over(),
        linked=await models.reading.linked(caller, shown.id, Linked),
    )


def _as_shown(message: Message) -> Message:
    """Without what is for agents only: their addresses, how a mail found its ticket, what became of a letter."""
    email = message.email if message.side == "requester" and not message.by_staff else ""
    shown = _as_told(message)
    return replace(shown, email=email, match_reason=None, delivery="", delivery_error=None, sent_to=[], cc=[])


def _as_told(said: Said) -> Said:
    """What the operator's staff write in somebody's name was said by the customer: that they were there is for those
    who work here.
    """
    return replace(said, author=surroundings().customer.name, by_staff=False) if said.by_staff else said


@rpc.public("requests", kinds=REQUESTERS)
async def answer(caller: Caller, number: rpc.Int4, body: rpc.Text, files: Files = []) -> Written:  # noqa: B006
    """Write in one's own ticket. A solved or closed one opens again; where `begins_new` says so a new one begins, which
    is linked with it and whose number is answered.
    """
    conversation = models.Conversation(await models.merging.locked(caller, number))
    ticket, message = await conversation.answer(caller, body, files=files)
    return Written(message.id, ticket.number, ticket.status)


@rpc.public("requests", kinds=REQUESTERS)
async def close(caller: Caller, number: rpc.Int4) -> Changed:
    """Say that it is solved."""
    ticket = await models.merging.locked(caller, number)
    await ticket.settle(caller, "solved")
    return Changed(ticket.number, ticket.status, ticket.updated_at)


@rpc.public("requests", kinds=REQUESTERS)
async def reopen(caller: Caller, number: rpc.Int4) -> Changed:
    """Say that it is not solved after all. TicketClosed where an answer would begin a new one."""
    ticket = await models.merging.locked(caller, number)
    await ticket.settle(caller, "open")
    return Changed(ticket.number, ticket.status, ticket.updated_at)


@rpc.public("requests", kinds=REQUESTERS)
async def sign_out(caller: Caller) -> None:
    """End this session."""
    await models.Session.end(caller)
