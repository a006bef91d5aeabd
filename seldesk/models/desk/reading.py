"""What the page of a ticket reads: columns, never whole rows, in few statements."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models.desk import listing, merging, shown_text
from seldesk.models.desk.attachment import Attachment
from seldesk.models.desk.draft import Draft, DraftFile
from seldesk.models.desk.event import Event
from seldesk.models.desk.follower import Follower
from seldesk.models.desk.listing import Assignee, Requester
from seldesk.models.desk.message import Message
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.person import Person
from seldesk.models.desk.saved_reply import SavedReply
from seldesk.models.desk.selection import Outline, Selection
from seldesk.models.desk.team import Team
from seldesk.models.desk.ticket import Ticket
from seldesk.models.desk.viewer import ids, like
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
Elsewhere = Ticket.alias("elsewhere")
Merged = Ticket.alias("merged")
Following = Person.alias("following")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a draft. size in bytes."""

    id: UUID
    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class Begun:
    """What the reader has begun to write."""

    kind: str
    text: str
    sent_to: str
    cc: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket with the people in it, and the reader's draft in a list of one, or none."""

    id: UUID
    number: int
    subject: str
    status: str
    priority: str
    tags: list[str]
    channel: str
    cc: list[str]
    last_message: UUID | None
    removed: str | None
    created_at: datetime
    updated_at: datetime
    requester_id: UUID
    requester: str
    requester_email: str
    assignee_id: UUID | None
    assignee: str | None
    assignee_email: str | None
    team_id: UUID | None
    team: str | None
    others: list[Any]
    drafts: list[Begun]
    draft_files: list[Kept]
    followers: list[Any]
    merged: list[Any]
    before: list[listing.Neighbour] = field(default_factory=list)
    after: list[listing.Neighbour] = field(default_factory=list)
    saved_replies: list[Any] = field(default_factory=list)


async def ticket(
    caller: Caller,
    number: int,
    other: type[Any],
    party: type[Any],
    selection: Selection | None = None,
    reply: type[Any] | None = None,
) -> Shown:
    """One ticket, or the one that it goes on in, with up to five others of its requester as `other` and its followers
    as `party`, in one statement. With a selection also the nearest tickets of it, whether this one belongs to it or
    not. reply: saved ones as that.
    """
    values = selection.values(caller.zone) if selection else {}
    outline = selection.outline(values) if selection else None
    asked = _ticket(like(caller), other, party, outline, reply)
    found = await asked.read(number=number, **values, **ids(caller))
    if not found or found[0].removed == "merged":
        found = await asked.read(number=await merging.goes_on(caller, number), **values, **ids(caller))
    if not found:
        raise orm.NotFound
    return found[0]


@orm.kept
def _ticket(
    caller: Caller, other: type[Any], party: type[Any], outline: Outline | None, reply: type[Any] | None
) -> orm.Prepared[Shown]:
    shown = (
        Ticket.seen_by(caller)
        .where(Ticket.number == orm.parameter("number", Ticket.number))
        .join(Requester, Requester.id == Ticket.requester_id)
        .join(Assignee, Assignee.id == Ticket.assignee_id, optional=True)
        .join(Team, Team.id == Ticket.team_id, optional=True)
        .limit(1)
    )
    return orm.Prepared(
        shown,
        Shown,
        id=Ticket.id,
        number=Ticket.number,
        subject=Ticket.subject,
        status=Ticket.status,
        priority=Ticket.priority,
        tags=Ticket.tags,
        channel=Ticket.channel,
        cc=Ticket.cc,
        last_message=Ticket.last_message_id,
        removed=Ticket.removed,
        created_at=Ticket.created_at,
        updated_at=Ticket.updated_at,
        requester_id=Requester.id,
        requester=Requester.name,
        requester_email=Requester.email,
        assignee_id=Assignee.id,
        assignee=Assignee.name,
        assignee_email=Assignee.email,
        team_id=Team.id,
        team=Team.name,
        **_beside(caller, other, party),
        **(listing.neighbours(caller, outline) if outline else {}),
        **({"saved_replies": SavedReply.names_as(reply)} if reply else {}),
    )


def _beside(caller: Caller, other: type[Any], party: type[Any]) -> dict[str, Any]:
    """The lists that belong to a ticket, as columns of its own statement."""
    others = (
        Elsewhere.where(Elsewhere.requester_id == Ticket.requester_id, Elsewhere.id != Ticket.id)
        .where(*Elsewhere.visible_to(caller), Elsewhere.removed.is_(None))
        .order_by(Elsewhere.updated_at.desc())
        .limit(5)
    )
    merged = Merged.where(Merged.merged_into_id == Ticket.id, *Merged.visible_to(caller)).order_by(Merged.number)
    draft = Draft.of(caller, Ticket.id)
    files = DraftFile.where(DraftFile.draft_id.in_(Draft.of(caller, Ticket.id).column(Draft.id)))
    followers = (
        Following.where(Following.id.in_(Follower.of(Ticket.id)), Following.disabled_at.is_(None))
        .order_by(Following.name, Following.id)
        .limit(200)
    )
    return {
        "others": others.as_list(other, number=Elsewhere.number, subject=Elsewhere.subject, status=Elsewhere.status),
        "drafts": draft.limit(1).as_list(
            Begun, kind=Draft.kind, text=Draft.text, sent_to=Draft.sent_to, cc=Draft.cc, saved_at=Draft.saved_at
        ),
        "draft_files": files.order_by(DraftFile.id)
        .limit(20)
        .as_list(Kept, id=DraftFile.id, name=DraftFile.name, type=DraftFile.type, size=DraftFile.size),
        "merged": merged.limit(50).as_list(other, number=Merged.number, subject=Merged.subject, status=Merged.status),
        "followers": followers.as_list(party, id=Following.id, name=Following.name, email=Following.email),
    }


async def linked(caller: Caller, ticket: UUID, shape: type[Shape]) -> list[Shape]:
    """The tickets in which one goes on, or from which it does: those of the same person, and those that one sees."""
    listed: orm.Prepared[Shape] = _linked(like(caller), shape)
    return await listed.read(ticket=ticket, **ids(caller))


@orm.kept
def _linked(caller: Caller, shape: type[Shape]) -> orm.Prepared[Shape]:
    named = Event.where(Event.ticket_id == orm.parameter("ticket", Event.ticket_id), Event.kind == "linked")
    number = orm.function("int4", Event.after["ticket"].astext)
    opens = orm.and_(*Ticket.visible_to(caller))
    theirs = Ticket.where(Ticket.number.in_(named.column(number)), Ticket.removed.is_(None))
    theirs = theirs.where(orm.or_(Ticket.requester_id == caller.id, opens)).order_by(Ticket.number).limit(20)
    return orm.Prepared(theirs, shape, number=Ticket.number, opens=opens)


async def messages(caller: Caller, ticket: UUID, shape: type[Shape], file: type[Any]) -> list[Shape]:
    """What was written in a ticket, oldest first, the newest 500, with their attachments as `file`."""
    written: orm.Prepared[Shape] = _messages(like(caller), shape, file)
    return (await written.read(ticket=ticket, now=surroundings().now, **ids(caller)))[::-1]


@orm.kept
def _messages(caller: Caller, shape: type[Shape], file: type[Any]) -> orm.Prepared[Shape]:
    files = Attachment.where(Attachment.message_id == Message.id).order_by(Attachment.id).limit(100)
    newest = (
        Message.seen(caller)
        .where(Message.ticket_id == orm.parameter("ticket", Message.ticket_id))
        .join(Person, Person.id == Message.author_id)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(shown_text.MOST_MESSAGES)
    )
    return orm.Prepared(
        newest,
        shape,
        id=Message.id,
        kind=Message.kind,
        side=Message.side,
        author=Person.name,
        email=Person.email,
        origin=Message.origin,
        **shown_text.columns(orm.parameter("ticket", Message.ticket_id)),
        visible_end=Message.visible_end,
        html=Message.html.is_not(None),
        verified=Message.verified,
        automatic=Message.automatic,
        sent_to=Message.sent_to,
        cc=Message.cc,
        match_reason=Message.match_reason,
        delivery=Message.delivery,
        delivery_error=Message.delivery_error,
        created_at=Message.created_at,
        by_staff=Message.on_behalf_by.is_not(None),
        undo_until=Outbox.leaves_at(caller, orm.parameter("now", Message.created_at)),
        files=files.as_list(file, id=Attachment.id, name=Attachment.name, type=Attachment.type, size=Attachment.size),
    )
