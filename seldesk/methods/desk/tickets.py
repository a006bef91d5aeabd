"""Tickets as agents and tokens work them."""

import builtins
from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

import rpc
from seldesk.caller import Caller
from seldesk.mail import markdown
from seldesk.methods.desk import pages
from seldesk.methods.desk.shapes.desk import Bulk, BulkResult, Hits, Queue, SavedReplyName, Tickets
from seldesk.methods.desk.shapes.people import Party
from seldesk.methods.desk.shapes.tickets import (
    Changed,
    Event,
    FileRow,
    Message,
    NewTicketPage,
    Other,
    Ticket,
    TicketPage,
    Written,
)
from seldesk.methods.desk.shapes.words import Channel, Priority, Removed, Side, Sort, Status, Tag, View
from seldesk.models import desk as models
from seldesk.models.long_text import apart

PEOPLE_AND_TOKENS = (rpc.Kind.PERSON, rpc.Kind.TOKEN)
PEOPLE = (rpc.Kind.PERSON,)
Size = Annotated[int, Meta(ge=1, le=100)]
Files = Annotated[builtins.list[rpc.Upload], Meta(max_length=20)]
Tags = Annotated[builtins.list[Tag], Meta(max_length=50)]
Addressed = Annotated[builtins.list[rpc.Line], Meta(max_length=10)]
Copied = Annotated[builtins.list[rpc.Line], Meta(max_length=20)]
Named = Annotated[str, Meta(max_length=255, pattern=r"^[^\r\n]*$(?!\n)")]
Kept = Annotated[builtins.list[UUID], Meta(max_length=20)]
Numbers = Annotated[builtins.list[rpc.Int4], Meta(min_length=1, max_length=100)]


@rpc.public("tickets.read", kinds=PEOPLE_AND_TOKENS, reads=True)
async def list(
    caller: Caller,
    view: View = "all",
    status: Status | None = None,
    assignee: UUID | None = None,
    team: UUID | None = None,
    tag: Tag | None = None,
    requester: rpc.Line | None = None,
    channel: Channel | None = None,
    created_from: date | None = None,
    created_until: date | None = None,
    sort: Sort = "updated",
    cursor: str | None = None,
    size: Size = 50,
) -> Tickets:
    """One page of tickets: the newest change, the newest ticket or the most urgent first.

    requester is an address. Both days belong to it, and are days of the token's owner, of their customer's country
    when they chose no time zone. cursor is `next` or `previous` of another page.
    """
    selection = models.Selection(
        view=view,
        status=status,
        assignee=assignee,
        team=team,
        tag=tag,
        requester=requester,
        channel=channel,
        created_from=created_from,
        created_until=created_until,
        sort=sort,
    )
    return await pages.tickets(caller, selection, cursor, size)


@rpc.public("tickets.read", kinds=PEOPLE_AND_TOKENS, reads=True)
async def search(caller: Caller, query: str, cursor: str | None = None) -> Hits:
    """Tickets by number, subject, requester and what was written, notes too; the newest change first.

    All words must be there, the last one may be the beginning of one. "Exact words", -without, and status: tag:
    from: assignee: (a name, an address, me or nobody) is: (unassigned or unsolved) narrow it.
    """
    return await pages.hits(caller, query, cursor)


@rpc.public("tickets.read", kinds=PEOPLE, reads=True)
async def queue(
    caller: Caller,
    view: View = "open",
    status: Status | None = None,
    assignee: UUID | None = None,
    team: UUID | None = None,
    tag: Tag | None = None,
    requester: rpc.Line | None = None,
    channel: Channel | None = None,
    created_from: date | None = None,
    created_until: date | None = None,
    sort: Sort = "updated",
    cursor: str | None = None,
    bulk: UUID | None = None,
    saved: UUID | None = None,
) -> Queue:
    """All that the queue page shows. bulk is one's own change of many tickets, to be told what became of it.

    saved is a view that was saved: its conditions take the place of all others.
    """
    selection = models.Selection(
        view=view,
        status=status,
        assignee=assignee,
        team=team,
        tag=tag,
        requester=requester,
        channel=channel,
        created_from=created_from,
        created_until=created_until,
        sort=sort,
    )
    desk = await pages.desk(caller)
    kept = None
    if saved is not None:
        kept, selection = pages.saved_view(desk, saved)
    agents, teams, tags = await pages.choices(caller)
    done = await models.Bulk.of(caller, bulk) if bulk else None
    return Queue(
        desk=desk,
        view=selection.view,
        status=selection.status,
        tickets=await pages.tickets(caller, selection, cursor, 50),
        agents=agents,
        tags=tags,
        bulk=_told(done) if done else None,
        saved=kept,
        teams=teams,
    )


@rpc.public("tickets.read", kinds=PEOPLE_AND_TOKENS, reads=True)
async def read(caller: Caller, number: rpc.Int4, messages: bool = False) -> Ticket:
    """One ticket, or the one it was merged into, whose number is another; with `messages` also what was written in
    it, oldest first.
    """
    shown = await models.reading.ticket(caller, number, Other, Party)
    written = await models.reading.messages(caller, shown.id, Message, FileRow) if messages else None
    return replace(pages.ticket(shown), messages=written)


@rpc.public("tickets.read", kinds=PEOPLE)
async def page(caller: Caller, number: rpc.Int4, view: View = "open", saved: UUID | None = None) -> TicketPage:
    """All that the ticket page shows, of the ticket that this one was merged into if it was. The ticket is read from
    now on, until something is written in it.

    saved is the view it was opened from, if that was saved.
    """
    desk = await pages.desk(caller)
    kept, selection = pages.saved_view(desk, saved) if saved is not None else (None, models.Selection(view=view))
    shown = await models.reading.ticket(caller, number, Other, Party, selection, SavedReplyName)
    if caller.acting is None:  # what staff look at was not seen by the one in whose name they look
        await models.Seen.mark(caller, shown.id, shown.last_message)
    agents, teams, tags = await pages.choices(caller)
    messages = await models.reading.messages(caller, shown.id, Message, FileRow)
    return TicketPage(
        ticket=pages.ticket(shown),
        desk=desk,
        view=selection.view,
        queue=await pages.tickets(caller, selection, None, 25, shown.before),
        messages=messages,
        events=await models.Event.of_ticket(shown.id, Event),
        agents=agents,
        teams=teams,
        tags=tags,
        saved=kept,
        previous=shown.before[0].number if shown.before else None,
        next=shown.after[0].number if shown.after else None,
        draft=pages.draft(shown),
        saved_replies=shown.saved_replies,
        suggested=models.recipients.suggested(messages, (shown.requester_email, *shown.cc)),
    )


@rpc.public("tickets.read", kinds=PEOPLE_AND_TOKENS, reads=True)
async def agents(caller: Caller) -> builtins.list[Party]:
    """Who tickets can be given to, by name."""
    return await models.Person.agents(Party)


@rpc.public("tickets.reply", kinds=PEOPLE, reads=True)
async def blank(caller: Caller) -> NewTicketPage:
    """All that the page for a new ticket shows."""
    agents, teams, tags = await pages.choices(caller)
    replies = await models.SavedReply.names(SavedReplyName)
    return NewTicketPage(await pages.desk(caller), agents, tags, teams, replies)


@rpc.public("tickets.reply", kinds=PEOPLE_AND_TOKENS)
async def open(
    caller: Caller,
    subject: rpc.Line,
    body: rpc.Text,
    requester_email: rpc.Line,
    requester_name: Named = "",
    priority: Priority = "normal",
    tags: builtins.list[Tag] = [],  # noqa: B006 - decoded anew for each call, never changed
    files: Files = [],  # noqa: B006
    written_by: Side = "requester",
    cc: Copied = [],  # noqa: B006
    assignee: UUID | None = None,
    team: UUID | None = None,
) -> Written:
    """Open a ticket for a requester, who is added when not known yet, but for staff.

    By default body is what they said, in plain text, and nothing is mailed. written_by "agent" says that it is
    the caller's first message, in Markdown, which is mailed to the requester and to cc.
    """
    mailed = written_by == "agent"
    models.recipients.address(requester_email, "requester_email", mailed=mailed)
    if caller.acting is not None:
        requester = await models.Person.known_already(requester_email, "requester_email")
    else:
        requester = await models.Person.known(requester_email, requester_name)
    ticket = await models.Ticket.open(
        caller, requester, subject=subject, channel=caller.channel, priority=priority, tags=tags
    )
    if team is not None:
        await ticket.hand_to(caller, team)
    if assignee is not None:
        await ticket.assign(caller, assignee)
    conversation = models.Conversation(ticket)
    if mailed:
        message = await conversation.reply(caller, body, seen=None, status="waiting", files=files, cc=cc)
    else:
        message = await conversation.ask(caller, requester, body, files)
        ticket.copy_to(caller, models.recipients.addresses(cc, "cc"))
    await models.notification.opened(caller, ticket)
    await models.notification.assigned(caller, [ticket])
    return Written(message.id, ticket.number, ticket.status)


@rpc.public("tickets.reply", kinds=PEOPLE_AND_TOKENS)
async def reply(
    caller: Caller,
    number: rpc.Int4,
    body: rpc.Text,
    seen: UUID | None = None,
    status: Status = "waiting",
    files: Files = [],  # noqa: B006
    to: Addressed = [],  # noqa: B006
    cc: Copied | UnsetType = UNSET,
    kept: Kept = [],  # noqa: B006
) -> Written:
    """Answer by mail and set the status. body is Markdown.

    It goes to the requester, or to the addresses in `to`. cc are those who get a copy of this reply and of the next
    ones; left out, they are those who got the last. kept are files of one's draft that go with it.

    seen is the last message that the writer has read (`last_message` of the ticket); when another came since,
    nothing is sent and the answer is 409 `newer_message`. Left out, nothing is compared.
    """
    conversation = await models.Conversation.of(caller, number)
    copied = None if cc is UNSET else cc
    message = await conversation.reply(caller, body, seen=seen, status=status, files=files, to=to, cc=copied, kept=kept)
    return Written(message.id, number, conversation.ticket.status)


@rpc.public("tickets.note", kinds=PEOPLE_AND_TOKENS)
async def note(
    caller: Caller,
    number: rpc.Int4,
    body: rpc.Text,
    files: Files = [],  # noqa: B006
    kept: Kept = [],  # noqa: B006
) -> Written:
    """Add an internal note, which no requester ever sees. body is Markdown; kept as in reply."""
    conversation = await models.Conversation.of(caller, number)
    message = await conversation.note(caller, body, files=files, kept=kept)
    return Written(message.id, number, conversation.ticket.status)


@rpc.public("tickets.read", kinds=PEOPLE_AND_TOKENS, reads=True)
async def preview(caller: Caller, body: rpc.Text) -> str:
    """The safe HTML that a reply or a note with this Markdown becomes, in the mail as well."""
    return await apart(body, markdown.render, body)


@rpc.public("tickets.reply", kinds=PEOPLE)
async def take_back(caller: Caller, number: rpc.Int4, message: UUID) -> Changed:
    """Take back one's own reply that has not left yet: it becomes one's draft, and the ticket what it was before.

    409 `too_late_to_undo` when a worker has it.
    """
    ticket = await models.taking_back.take_back(caller, number, message)
    return Changed(ticket.number, ticket.status, ticket.updated_at)


@rpc.public("tickets.note", kinds=PEOPLE_AND_TOKENS)
async def follow(caller: Caller, number: rpc.Int4) -> None:
    """Be told by mail what the requester answers here."""
    await models.Follower.begin(caller, await models.Ticket.seen_by(caller).where(models.Ticket.number == number).one())


@rpc.public("tickets.note", kinds=PEOPLE_AND_TOKENS)
async def unfollow(caller: Caller, number: rpc.Int4) -> None:
    """Be told no more, unless the ticket is one's own."""
    await models.Follower.end(caller, await models.Ticket.seen_by(caller).where(models.Ticket.number == number).one())


@rpc.public("tickets.write", kinds=PEOPLE_AND_TOKENS)
async def update(
    caller: Caller,
    number: rpc.Int4,
    status: Status | UnsetType = UNSET,
    assignee: UUID | UnsetType | None = UNSET,
    priority: Priority | UnsetType = UNSET,
    subject: rpc.Line | UnsetType = UNSET,
    tags: builtins.list[Tag] | UnsetType = UNSET,
    team: UUID | UnsetType | None = UNSET,
    add_tags: Tags = [],  # noqa: B006
    remove_tags: Tags = [],  # noqa: B006
    removed: Removed | UnsetType | None = UNSET,
) -> Changed:
    """Change what is given and leave the rest. assignee is a person's id, team a team's, null for none.

    add_tags and remove_tags leave all other tags as they are, tags sets all of them. removed takes the ticket out of
    all views, null restores it.
    """
    ticket = await models.Ticket.locked(caller, number)
    change = models.Change(
        status=status,
        assignee=assignee,
        team=team,
        priority=priority,
        subject=subject,
        tags=tags,
        add_tags=add_tags,
        remove_tags=remove_tags,
        removed=removed,
    )
    await change.make(caller, ticket)
    gone = (
        caller.role == "limited"
        and not await models.Ticket.seen_by(caller).where(models.Ticket.id == ticket.id).exists()
    )
    return Changed(ticket.number, ticket.status, ticket.updated_at, gone)


@rpc.public("tickets.write", kinds=PEOPLE_AND_TOKENS)
async def update_many(
    caller: Caller,
    numbers: Numbers,
    status: Status | UnsetType = UNSET,
    assignee: UUID | UnsetType | None = UNSET,
    priority: Priority | UnsetType = UNSET,
    add_tags: Tags = [],  # noqa: B006
    remove_tags: Tags = [],  # noqa: B006
    removed: Removed | UnsetType | None = UNSET,
) -> Bulk:
    """Change what is given on up to 100 tickets. Each has a result of its own: one that is refused stops no other."""
    change = models.Change(
        status=status,
        assignee=assignee,
        priority=priority,
        add_tags=add_tags,
        remove_tags=remove_tags,
        removed=removed,
    )
    return _told(await models.Bulk.change(caller, numbers, change))


@rpc.public("tickets.write", kinds=PEOPLE_AND_TOKENS)
async def undo(caller: Caller, bulk: UUID) -> Bulk:
    """Put back what one's own update_many changed, unless it was changed again since. Good for a week."""
    return _told(await models.Bulk.undo(caller, bulk))


def _told(bulk: models.Bulk) -> Bulk:
    return Bulk(bulk.id, bulk.undoes, [BulkResult(**result) for result in bulk.results])
