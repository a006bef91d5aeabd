"""Lists of tickets, and what stands beside them: columns, never whole rows, in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models.desk.message import Message
from seldesk.models.desk.person import Person
from seldesk.models.desk.saved_view import SavedView
from seldesk.models.desk.seen import Seen
from seldesk.models.desk.selection import ORDERS, Outline, Selection
from seldesk.models.desk.team import Membership, Team
from seldesk.models.desk.ticket import UNSOLVED, Ticket
from seldesk.models.desk.viewer import ids, like

Shape = TypeVar("Shape")
MOST_COUNTED = 1000
COUNTED = ("mine", "team", "unassigned", "open", "waiting")
Requester = Person.alias("requester")
Assignee = Person.alias("assignee")
Beside = Ticket.alias("beside")
# So many rows stand above the open ticket in the list beside it.
BEFORE = 8


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
        return (ticket.removed.in_(orm.constants("spam", "deleted")),)
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
    tagged = Ticket.where(*Ticket.visible_to(caller), orm.function("cardinality", Ticket.tags) > 0)
    newest = tagged.order_by(Ticket.updated_at.desc()).limit(500)
    return orm.PreparedScalars(
        agents=Person.working().as_list(party, id=Person.id, name=Person.name, email=Person.email),
        teams=Team.named().as_list(team, id=Team.id, name=Team.name),
        tags=newest.most_frequent(tag, 200, name=Ticket.tags),
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


def neighbours(caller: Caller, outline: Outline) -> dict[str, Any]:
    """For a row of tickets: those of the list that come right before and right after it."""
    listed = Beside.where(*Beside.visible_to(caller), *_view(caller, outline.view, Beside), *outline.conditions(Beside))
    order = outline.order(Beside)
    there, here = orm.row(*order), orm.row(*outline.order())
    before = listed.where(there > here).order_by(*(column.asc() for column in order)).limit(BEFORE + 1)
    after = listed.where(there < here).order_by(*(column.desc() for column in order)).limit(1)
    columns = {name: getattr(Beside, name) for name in ("number", "id", "urgency", "created_at", "updated_at")}
    return {"before": before.as_list(Neighbour, **columns), "after": after.as_list(Neighbour, **columns)}
