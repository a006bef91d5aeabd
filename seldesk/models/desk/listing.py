"""What pages read of tickets: columns, never whole rows, in few statements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models.desk.attachment import Attachment
from seldesk.models.desk.message import Message
from seldesk.models.desk.person import Person
from seldesk.models.desk.seen import Seen
from seldesk.models.desk.selection import Selection
from seldesk.models.desk.team import Membership, Team
from seldesk.models.desk.ticket import UNSOLVED, Ticket
from seldesk.models.desk.viewer import ids, like

Shape = TypeVar("Shape")
MOST_COUNTED = 1000
Requester = Person.alias("requester")
Assignee = Person.alias("assignee")
Elsewhere = Ticket.alias("elsewhere")
Choice = Team.alias("choice")


def _view(caller: Caller, view: str) -> tuple[orm.Condition, ...]:
    """A view of the sidebar as conditions on tickets."""
    if view == "removed":
        return (Ticket.removed.is_not(None),)
    unsolved = Ticket.status.in_(UNSOLVED)
    chosen: dict[str, tuple[orm.Condition, ...]] = {
        "mine": (unsolved, Ticket.assignee_id == caller.id),
        "team": (unsolved, Ticket.team_id.in_(Membership.teams_of(caller.id))),
        "unassigned": (unsolved, Ticket.assignee_id.is_(None)),
        "open": (unsolved,),
        "waiting": (Ticket.status == "waiting",),
        "solved": (Ticket.status.in_(("solved", "closed")),),
        "all": (),
    }
    return (Ticket.removed.is_(None), *chosen[view])


async def counts(caller: Caller) -> dict[str, int]:
    """How many tickets stand in each view of unsolved ones, up to 1000, in one statement."""
    return await _counts(like(caller)).read(**ids(caller))


@orm.kept
def _counts(caller: Caller) -> orm.PreparedScalars:
    return orm.PreparedScalars(
        **{
            view: orm.capped(Ticket.seen_by(caller).where(*_view(caller, view)), MOST_COUNTED)
            for view in ("mine", "team", "unassigned", "open", "waiting")
        }
    )


async def choices(caller: Caller, party: type[Any], tag: type[Any]) -> dict[str, list[Any]]:
    """Who tickets can be given to, and the tags of the newest tagged tickets, the most frequent 200 by name."""
    found = await _choices(like(caller), party, tag).read(**ids(caller))
    return {"agents": found["agents"], "tags": sorted(found["tags"], key=lambda tag: tag.name.lower())}


@orm.kept
def _choices(caller: Caller, party: type[Any], tag: type[Any]) -> orm.PreparedScalars:
    tagged = Elsewhere.where(*Elsewhere.visible_to(caller), orm.function("cardinality", Elsewhere.tags) > 0)
    newest = tagged.order_by(Elsewhere.updated_at.desc())
    name = orm.function("unnest", Ticket.tags)
    known = Ticket.where(Ticket.id.in_(newest.limit(500).column(Elsewhere.id))).group_by(name)
    return orm.PreparedScalars(
        agents=Person.working().as_list(party, id=Person.id, name=Person.name, email=Person.email),
        tags=known.order_by(orm.count().desc()).limit(200).as_list(tag, name=name),
    )


async def tickets(
    caller: Caller, shape: type[Shape], selection: Selection, *, cursor: str | None, size: int
) -> orm.Page[Shape]:
    listed: orm.PreparedPage[Shape] = _tickets(like(caller), shape, selection, size)
    return await listed.read(cursor, **ids(caller))


@orm.kept
def _tickets(caller: Caller, shape: type[Shape], selection: Selection, size: int) -> orm.PreparedPage[Shape]:
    listed = Ticket.seen_by(caller).where(*_view(caller, selection.view), *selection.conditions())
    return orm.PreparedPage(
        listed.join(Requester, Requester.id == Ticket.requester_id).join(
            Assignee, Assignee.id == Ticket.assignee_id, optional=True
        ),
        shape,
        by=selection.order(),
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


async def requests(caller: Caller, shape: type[Shape], said: type[Any], *, cursor: str | None) -> orm.Page[Shape]:
    """A requester's own tickets, with who wrote to the other side last as a list of one `said`."""
    last = (
        Message.where(Message.ticket_id == Ticket.id, Message.kind == "message")
        .join(Person, Person.id == Message.author_id)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(1)
    )
    return await Ticket.where(Ticket.requester_id == caller.id, Ticket.removed.is_(None)).page(
        shape,
        by=(Ticket.updated_at, Ticket.id),
        size=20,
        cursor=cursor,
        number=Ticket.number,
        subject=Ticket.subject,
        status=Ticket.status,
        created_at=Ticket.created_at,
        last=last.as_list(said, author=Person.name, side=Message.side, created_at=Message.created_at),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket with the people in it."""

    id: UUID
    number: int
    subject: str
    status: str
    priority: str
    tags: list[str]
    channel: str
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
    teams: list[Any]


async def ticket(caller: Caller, number: int, other: type[Any], choice: type[Any]) -> Shown:
    """One ticket, with up to five others of its requester as `other`, and all teams as `choice`, in one statement."""
    found = await _ticket(like(caller), other, choice).read(number=number, **ids(caller))
    if not found:
        raise orm.NotFound
    return found[0]


@orm.kept
def _ticket(caller: Caller, other: type[Any], choice: type[Any]) -> orm.Prepared[Shown]:
    others = (
        Elsewhere.where(Elsewhere.requester_id == Ticket.requester_id, Elsewhere.id != Ticket.id)
        .where(*Elsewhere.visible_to(caller), Elsewhere.removed.is_(None))
        .order_by(Elsewhere.updated_at.desc())
        .limit(5)
    )
    teams = Choice.query().order_by(Choice.name, Choice.id).limit(200)
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
        teams=teams.as_list(choice, id=Choice.id, name=Choice.name),
        others=others.as_list(other, number=Elsewhere.number, subject=Elsewhere.subject, status=Elsewhere.status),
    )


async def messages(caller: Caller, ticket: UUID, shape: type[Shape], file: type[Any]) -> list[Shape]:
    """What was written in a ticket, oldest first, the newest 500, with their attachments as `file`."""
    written: orm.Prepared[Shape] = _messages(like(caller), shape, file)
    return (await written.read(ticket=ticket, **ids(caller)))[::-1]


@orm.kept
def _messages(caller: Caller, shape: type[Shape], file: type[Any]) -> orm.Prepared[Shape]:
    files = Attachment.where(Attachment.message_id == Message.id).order_by(Attachment.id).limit(100)
    newest = (
        Message.seen(caller)
        .where(Message.ticket_id == orm.parameter("ticket", Message.ticket_id))
        .join(Person, Person.id == Message.author_id)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(500)
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
        text=Message.text,
        visible_end=Message.visible_end,
        markdown=Message.markdown,
        html=Message.html.is_not(None),
        verified=Message.verified,
        automatic=Message.automatic,
        match_reason=Message.match_reason,
        delivery=Message.delivery,
        delivery_error=Message.delivery_error,
        created_at=Message.created_at,
        files=files.as_list(file, id=Attachment.id, name=Attachment.name, type=Attachment.type, size=Attachment.size),
    )
