"""Who is told by mail what happened in a ticket: those who may see it and want it, never the one who did it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models.desk.follower import Follower
from seldesk.models.desk.message import Message
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.person import Notice, Person
from seldesk.models.desk.team import Membership
from seldesk.models.desk.ticket import Ticket

MOST = 200


@dataclass(frozen=True, slots=True)
class _Told:
    id: UUID


async def opened(caller: Caller, ticket: Ticket) -> None:
    """A ticket that is nobody's: to all who want it; in a team, to those in it."""
    if ticket.assignee_id is not None:
        return
    wanting = await _new(in_team=ticket.team_id is not None).read(team=ticket.team_id)
    people = [one.id for one in wanting if one.id != caller.id and ticket.removed is None]
    await Outbox.post_notifications(ticket.id, people, {"kind": "new", "by": caller.told_as})


async def assigned(caller: Caller, tickets: Sequence[Ticket]) -> None:
    """These were given to somebody just now. Many at once are one mail."""
    theirs: dict[UUID, list[Ticket]] = {}
    for ticket in tickets:
        if ticket.assignee_id not in (None, caller.id) and ticket.removed is None:
            theirs.setdefault(ticket.assignee_id, []).append(ticket)
    if not theirs:
        return
    working = Person.where(Person.id.in_(theirs), Person.disabled_at.is_(None)).limit(MOST)
    for person in await working.where(orm.any_of(Person.notified_of, "assigned")).into(_Told, id=Person.id):
        given = theirs[person.id]
        if len(given) == 1:
            await Outbox.post_notifications(given[0].id, [person.id], {"kind": "assigned", "by": caller.told_as})
        else:
            await Outbox.post_digest(person.id, [ticket.id for ticket in given], caller.told_as)


async def answered(caller: Caller, ticket: Ticket, message: Message) -> None:
    """A requester wrote: to whom the ticket belongs, and to its followers."""
    concerned = orm.or_(Person.id == ticket.assignee_id, Person.id.in_(Follower.of(ticket.id)))
    # A mail that only claims to be an agent's is not theirs: they above all should know of it.
    cause_of = caller.id if message.verified else None
    people = await _wanting("answered", ticket, cause_of, concerned)
    await Outbox.post_notifications(ticket.id, people, {"kind": "answered", "message": str(message.id)})


async def mentioned(caller: Caller, ticket: Ticket, message: Message, people: Iterable[UUID]) -> None:
    told = await _wanting("mentioned", ticket, caller.id, Person.id.in_([*people]))
    await Outbox.post_notifications(ticket.id, told, {"kind": "mentioned", "message": str(message.id)})


@orm.kept
def _new(*, in_team: bool) -> orm.Prepared[_Told]:
    """Who wants to hear of a new ticket that is nobody's."""
    team = orm.parameter("team", Ticket.team_id)
    wanting = Ticket.readers_of(team, None).where(orm.any_of(Person.notified_of, "new"))
    if in_team:
        wanting = wanting.where(Person.id.in_(Membership.members_of(team)))
    return orm.Prepared(wanting.limit(MOST), _Told, id=Person.id)


async def _wanting(kind: Notice, ticket: Ticket, but: UUID | None, *conditions: orm.Condition) -> list[UUID]:
    if ticket.removed is not None:
        return []
    wanting = ticket.readers().where(orm.any_of(Person.notified_of, kind), *conditions).limit(MOST)
    return [one.id for one in await wanting.into(_Told, id=Person.id) if one.id != but]
