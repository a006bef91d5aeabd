"""Two tickets about one matter become one, and are two again when somebody says so; and one about two becomes two.

What was merged keeps its number, its people and its history, and points to where it goes on. What was said in it stands
there, and each message knows where it came from. Whoever locks several follows the pointers.
"""

from collections.abc import Collection
from uuid import UUID

import orm
import rpc
from seldesk.caller import Caller
from seldesk.errors import DifferentRequesters
from seldesk.models.desk.draft import Draft
from seldesk.models.desk.event import Event
from seldesk.models.desk.event_words import EventWords
from seldesk.models.desk.follower import Follower
from seldesk.models.desk.message import Message
from seldesk.models.desk.person import Person
from seldesk.models.desk.retelling import MOST, retell
from seldesk.models.desk.ticket import Ticket

# Pointers on the way to where a ticket goes on.
LONGEST = 100
NOWHERE = "There is no such ticket, or you do not see it."


class NotMerged(rpc.Conflict):
    """This ticket is not merged into another one."""

    code = "not_merged"


class NotByItself(rpc.Conflict):
    """Only what a requester wrote beside other messages becomes a ticket of its own."""

    code = "not_by_itself"


class GoesOnElsewhere(rpc.NotFound):
    """This request goes on together with another one. The answers reach you by mail, and you can answer those."""

    code = "goes_on_elsewhere"


async def goes_on(caller: Caller, number: int) -> int:
    """The number under which a merged ticket goes on; NotFound for any other. The caller may not see that one, unless
    they asked this one: then GoesOnElsewhere.
    """
    merged = await Ticket.where(Ticket.number == number, Ticket.removed == "merged").one()
    end = await _end(merged, locked=False)
    if merged.requester_id == caller.id and not await Ticket.seen_by(caller).where(Ticket.id == end.id).exists():
        raise GoesOnElsewhere
    return end.number


async def followed(ticket: Ticket) -> Ticket:
    """Where it goes on, locked: itself when it was not merged."""
    return await _end(ticket, locked=True)


async def locked(caller: Caller, number: int) -> Ticket:
    """The ticket for a change by its requester, whose answers go where it goes on."""
    found = await Ticket.seen_by(caller).where(Ticket.number == number).lock().first()
    if found is not None and found.removed != "merged":
        found.demand_there()
        return found
    return await Ticket.locked(caller, await goes_on(caller, number))


async def merge(caller: Caller, number: int, into: int, *, different_requesters: bool) -> Ticket:
    """All of it goes on in the other one, which is answered."""
    ticket = await Ticket.locked(caller, number)
    ticket.demand_there()
    target = await _target(caller, ticket, into)
    if ticket.requester_id != target.requester_id and not different_requesters:
        raise DifferentRequesters
    copied = await _copied(ticket, target)
    target.copy_to(caller, [*target.cc, *copied])
    await Follower.add_all(target.id, await _following(ticket, target))
    await _move(ticket, target)
    if ticket.status in ("new", "open") and target.status in ("waiting", "solved", "closed"):
        target.turn(caller, "open")
    ticket.join(caller, target, copied)
    await orm.flush()
    for one in (ticket, target):
        await retell(one)
    return target


async def take_out(caller: Caller, number: int) -> Ticket:
    """What was said in it before it was merged goes back; what was said since stays where it was said."""
    ticket = await Ticket.locked(caller, number)
    if ticket.removed != "merged":
        raise NotMerged
    target = await Ticket.locked(caller, (await followed(ticket)).number)
    family = await _family(ticket.id)
    await Message.where(Message.merged_from_id.in_(family)).update(ticket_id=ticket.id)
    await Message.where(Message.merged_from_id == ticket.id).update(merged_from_id=None)
    copied = await _copied_then(ticket, target)
    target.copy_to(caller, [one for one in target.cc if one not in copied])
    ticket.leave(caller, target)
    await orm.flush()
    for one in (ticket, target):
        await retell(one)
    return ticket


async def split(caller: Caller, number: int, message_id: UUID) -> Ticket:
    """What its author asked in it becomes a ticket of their own; both histories name the other."""
    ticket = await Ticket.locked(caller, number)
    ticket.demand_there()
    said = Message.where(Message.ticket_id == ticket.id)
    message = await said.where(Message.id == message_id).one()
    asked = message.side == "requester" and message.kind == "message"
    if not asked or not await said.where(Message.id != message.id).exists():
        raise NotByItself
    author = await Person.get(message.author_id)
    new = await Ticket.open(caller, author, subject=ticket.subject, channel=message.origin, mailbox=ticket.mailbox_id)
    await orm.flush()
    message.ticket_id, message.merged_from_id = new.id, None
    new.link(caller, ticket)
    await orm.flush()
    for one in (ticket, new):
        await retell(one)
    return new


async def _end(ticket: Ticket, *, locked: bool) -> Ticket:
    for _ in range(LONGEST):
        if ticket.merged_into_id is None:
            return ticket
        into = Ticket.where(Ticket.id == ticket.merged_into_id)
        ticket = await (into.lock() if locked else into).one()
    raise NotMerged


async def _target(caller: Caller, ticket: Ticket, into: int) -> Ticket:
    if into == ticket.number:
        raise rpc.Invalid(fields={"into": "This is the ticket itself."})
    named = await Ticket.seen_by(caller).where(Ticket.number == into).lock().first()
    if named is None:
        raise rpc.Invalid(fields={"into": NOWHERE})
    target = await followed(named)
    if target.id == ticket.id:
        raise rpc.Invalid(fields={"into": "That one was merged into this one."})
    if not await Ticket.seen_by(caller).where(Ticket.id == target.id).exists():
        raise rpc.Invalid(fields={"into": NOWHERE})
    if target.removed is not None:
        raise rpc.Invalid(fields={"into": "That one is deleted or spam. Restore it first."})
    return target


async def _copied(ticket: Ticket, target: Ticket) -> list[str]:
    """Who gets the answers from now on besides those who had them there."""
    asked = await Person.where(Person.id.in_((ticket.requester_id, target.requester_id))).all()
    addresses = {one.id: one.email for one in asked}
    theirs = [addresses[ticket.requester_id], *ticket.cc]
    had = {addresses[target.requester_id], *target.cc}
    return [one for one in dict.fromkeys(theirs) if one not in had]


async def _copied_then(ticket: Ticket, target: Ticket) -> Collection[str]:
    """Whom merging them added to those who get the answers."""
    merged = Event.where(Event.ticket_id == target.id, Event.kind == "merged").order_by(Event.id.desc()).limit(MOST)
    event = next((one for one in await merged.all() if one.after.get("ticket") == ticket.number), None)
    words = None if event is None else await EventWords.where(EventWords.event_id == event.id).first()
    return [] if words is None else words.after.get("cc", [])


async def _following(ticket: Ticket, target: Ticket) -> list[UUID]:
    """Who was told of the one and sees the other."""
    told = orm.or_(Person.id == ticket.assignee_id, Person.id.in_(Follower.of(ticket.id)))
    return [one.id for one in await target.readers().where(told, Person.id != target.assignee_id).limit(MOST).all()]


async def _move(ticket: Ticket, target: Ticket) -> None:
    said = Message.where(Message.ticket_id == ticket.id)
    if ticket.requester_id != target.requester_id:
        # A letter without recipients went to the ticket's requester: who that is, it says itself from now on.
        requester = await Person.get(ticket.requester_id)
        letters = said.where(
            Message.side == "agent", Message.kind == "message", orm.function("cardinality", Message.sent_to) == 0
        )
        await letters.update(sent_to=[requester.email])
    await said.update(ticket_id=target.id, merged_from_id=orm.coalesce(Message.merged_from_id, ticket.id))
    # Whoever is just writing goes on writing there.
    begun = Draft.where(Draft.ticket_id == target.id).column(Draft.person_id)
    moving = Draft.where(Draft.ticket_id == ticket.id, Draft.person_id.not_in(begun))
    await moving.where(Draft.person_id.in_(target.readers().column(Person.id))).update(ticket_id=target.id)


async def _family(ticket: UUID) -> list[UUID]:
    """It, and all that was merged into it, however many pointers away."""
    family = [ticket]
    while found := await Ticket.where(Ticket.merged_into_id.in_(family), Ticket.id.not_in(family)).limit(MOST).all():
        family += [one.id for one in found]
    return family
