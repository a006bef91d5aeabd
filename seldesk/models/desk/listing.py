"""What pages read of tickets: columns, never whole rows, in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models.desk import shown_text
from seldesk.models.desk.attachment import Attachment
from seldesk.models.desk.draft import Draft, DraftFile
from seldesk.models.desk.follower import Follower
from seldesk.models.desk.message import Message
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.person import Person
from seldesk.models.desk.saved_reply import SavedReply
from seldesk.models.desk.saved_view import SavedView
from seldesk.models.desk.seen import Seen
from seldesk.models.desk.selection import ORDERS, Outline, Selection
from seldesk.models.desk.team import Membership, Team
from seldesk.models.desk.ticket import UNSOLVED, Ticket
from seldesk.models.desk.viewer import ids, like
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
MOST_COUNTED = 1000
COUNTED = ("mine", "team", "unassigned", "open", "waiting")
Requester = Person.alias("requester")
Assignee = Person.alias("assignee")
Elsewhere = Ticket.alias("elsewhere")
Beside = Ticket.alias("beside")
# So many rows stand above the open ticket in the list beside it.
BEFORE = 8
Following = Person.alias("following")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A ticket near another one in a list, and what places it there."""

    number: int
    id: UUID
    urgency: int
    created_at: datetime
    updated_at: datetime

    def place(self, sort: str) -> tuple[Any, ...]:
        """The values of a selection's order."""
        return tuple(getattr(self, name) for name in ORDERS[sort])


def _view(caller: Caller, view: str, ticket: type[Ticket] = Ticket) -> tuple[orm.Condition, ...]:
    """A view of the sidebar as conditions on tickets."""
    if view == "removed":
        return (ticket.removed.is_not(None),)
    unsolved = ticket.status.in_(UNSOLVED)
    chosen: dict[str, tuple[orm.Condition, ...]] = {
        "mine": (unsolved, ticket.assignee_id == caller.id),
        "team": (unsolved, ticket.team_id.in_(Membership.teams_of(caller.id))),
        "unassigned": (unsolved, ticket.assignee_id.is_(None)),
        "open": (unsolved,),
        "waiting": (ticket.status == "waiting",),
        "solved": (ticket.status.in_(("solved", "closed")),),
        "all": (),
    }
    return (ticket.removed.is_(None), *chosen[view])


async def sidebar(caller: Caller, saved: type[Any]) -> tuple[dict[str, int], list[Any]]:
    """How many tickets stand in each view of unsolved ones, up to 1000, and the saved views, in one statement."""
    found = await _sidebar(like(caller), saved).read(**ids(caller))
    return {view: found[view] for view in COUNTED}, found["saved"]


@orm.kept
def _sidebar(caller: Caller, saved: type[Any]) -> orm.PreparedScalars:
    counts = {view: orm.capped(Ticket.seen_by(caller).where(*_view(caller, view)), MOST_COUNTED) for view in COUNTED}
    return orm.PreparedScalars(saved=SavedView.seen_by(caller).as_list(saved, **_saved()), **counts)


async def saved_views(caller: Caller, shape: type[Shape]) -> list[Shape]:
    return await SavedView.seen_by(caller).into(shape, **_saved())


def _saved() -> dict[str, Any]:
    return {
        "id": SavedView.id,
        "name": SavedView.name,
        "shared": SavedView.shared,
        "conditions": SavedView.conditions,
    }


async def choices(caller: Caller, party: type[Any], tag: type[Any], team: type[Any]) -> dict[str, list[Any]]:
    """Who tickets can be given to, the teams, and the most frequent 200 tags of the newest tagged tickets, by name."""
    found = await _choices(like(caller), party, tag, team).read(**ids(caller))
    return {**found, "tags": sorted(found["tags"], key=lambda tag: tag.name.lower())}


@orm.kept
def _choices(caller: Caller, party: type[Any], tag: type[Any], team: type[Any]) -> orm.PreparedScalars:
    tagged = Elsewhere.where(*Elsewhere.visible_to(caller), orm.function("cardinality", Elsewhere.tags) > 0)
    newest = tagged.order_by(Elsewhere.updated_at.desc())
    name = orm.function("unnest", Ticket.tags)
    known = Ticket.where(Ticket.id.in_(newest.limit(500).column(Elsewhere.id))).group_by(name)
    return orm.PreparedScalars(
        agents=Person.working().as_list(party, id=Person.id, name=Person.name, email=Person.email),
        teams=Team.named().as_list(team, id=Team.id, name=Team.name),
        tags=known.order_by(orm.count().desc()).limit(200).as_list(tag, name=name),
    )


async def tickets(
    caller: Caller,
    shape: type[Shape],
    selection: Selection,
    *,
    cursor: str | None,
    size: int,
    around: Sequence[Neighbour] = (),
) -> orm.Page[Shape]:
    """A page of them. around are those before a ticket, nearest first: then it begins a few rows above that."""
    values = selection.values(caller.zone)
    listed: orm.PreparedPage[Shape] = _tickets(like(caller), shape, selection.outline(values), size)
    start = around[BEFORE - 1].place(selection.sort) if len(around) > BEFORE else None
    return await listed.read(cursor, start, **values, **ids(caller))


@orm.kept
def _tickets(caller: Caller, shape: type[Shape], outline: Outline, size: int) -> orm.PreparedPage[Shape]:
    listed = Ticket.seen_by(caller).where(*_view(caller, outline.view), *outline.conditions())
    return orm.PreparedPage(
        listed.join(Requester, Requester.id == Ticket.requester_id).join(
            Assignee, Assignee.id == Ticket.assignee_id, optional=True
        ),
        shape,
        by=outline.order(),
        size=size,
        number=Ticket.number,
        subject=Ticket.subject,
        preview=Ticket.preview,
        status=Ticket.status,
        priority=Ticket.priority,
        tags=Ticket.tags,
        channel=Ticket.channel,
        requester=Requester.name,
        assignee=Assignee.name,
        created_at=Ticket.created_at,
        updated_at=Ticket.updated_at,
        unread=Seen.unread(caller),
        removed=Ticket.removed,
    )


async def requests(
    caller: Caller, shape: type[Shape], said: type[Any], *, cursor: str | None, all_seen: bool = False
) -> orm.Page[Shape]:
    """A requester's own tickets, or all they see, with who wrote to the other side last as a list of one `said`."""
    last = (
        Message.where(Message.ticket_id == Ticket.id, Message.kind == "message")
        .join(Person, Person.id == Message.author_id)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(1)
    )
    own = Ticket.where(Ticket.requester_id == caller.id, Ticket.removed.is_(None))
    listed = Ticket.seen_by(caller) if all_seen else own
    return await listed.join(Requester, Requester.id == Ticket.requester_id).page(
        shape,
        by=(Ticket.updated_at, Ticket.id),
        size=20,
        cursor=cursor,
        number=Ticket.number,
        subject=Ticket.subject,
        status=Ticket.status,
        created_at=Ticket.created_at,
        requester=Requester.name,
        last=last.as_list(
            said,
            author=Person.name,
            side=Message.side,
            created_at=Message.created_at,
            by_staff=Message.on_behalf_by.is_not(None),
        ),
    )


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
    before: list[Neighbour] = field(default_factory=list)
    after: list[Neighbour] = field(default_factory=list)
    saved_replies: list[Any] = field(default_factory=list)


async def ticket(
    caller: Caller,
    number: int,
    other: type[Any],
    party: type[Any],
    selection: Selection | None = None,
    reply: type[Any] | None = None,
) -> Shown:
    """One ticket, with up to five others of its requester as `other` and its followers as `party`, in one statement.
    With a selection also the nearest tickets of it, whether this one belongs to it or not. reply: saved ones as that.
    """
    values = selection.values(caller.zone) if selection else {}
    outline = selection.outline(values) if selection else None
    found = await _ticket(like(caller), other, party, outline, reply).read(number=number, **values, **ids(caller))
    if not found:
        raise orm.NotFound
    return found[0]


@orm.kept
def _ticket(
    caller: Caller, other: type[Any], party: type[Any], outline: Outline | None, reply: type[Any] | None
) -> orm.Prepared[Shown]:
    others = (
        Elsewhere.where(Elsewhere.requester_id == Ticket.requester_id, Elsewhere.id != Ticket.id)
        .where(*Elsewhere.visible_to(caller), Elsewhere.removed.is_(None))
        .order_by(Elsewhere.updated_at.desc())
        .limit(5)
    )
    draft = Draft.of(caller, Ticket.id)
    files = DraftFile.where(DraftFile.draft_id.in_(Draft.of(caller, Ticket.id).column(Draft.id)))
    followers = (
        Following.where(Following.id.in_(Follower.of(Ticket.id)), Following.disabled_at.is_(None))
        .order_by(Following.name, Following.id)
        .limit(200)
    )
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
        drafts=draft.limit(1).as_list(
            Begun, kind=Draft.kind, text=Draft.text, sent_to=Draft.sent_to, cc=Draft.cc, saved_at=Draft.saved_at
        ),
        draft_files=files.order_by(DraftFile.id)
        .limit(20)
        .as_list(Kept, id=DraftFile.id, name=DraftFile.name, type=DraftFile.type, size=DraftFile.size),
        followers=followers.as_list(party, id=Following.id, name=Following.name, email=Following.email),
        others=others.as_list(other, number=Elsewhere.number, subject=Elsewhere.subject, status=Elsewhere.status),
        **(_neighbours(caller, outline) if outline else {}),
        **({"saved_replies": SavedReply.names_as(reply)} if reply else {}),
    )


def _neighbours(caller: Caller, outline: Outline) -> dict[str, Any]:
    """For a row of tickets: those of the list that come right before and right after it."""
    listed = Beside.where(*Beside.visible_to(caller), *_view(caller, outline.view, Beside), *outline.conditions(Beside))
    order = outline.order(Beside)
    there, here = orm.row(*order), orm.row(*outline.order())
    before = listed.where(there > here).order_by(*(column.asc() for column in order)).limit(BEFORE + 1)
    after = listed.where(there < here).order_by(*(column.desc() for column in order)).limit(1)
    columns = {name: getattr(Beside, name) for name in ("number", "id", "urgency", "created_at", "updated_at")}
    return {"before": before.as_list(Neighbour, **columns), "after": after.as_list(Neighbour, **columns)}


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
