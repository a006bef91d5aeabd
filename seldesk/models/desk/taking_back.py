"""A reply that has not left yet is taken back: as if it had not been written, but for the history."""

from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models.desk.conversation import Conversation
from seldesk.models.desk.draft import Draft, DraftFile
from seldesk.models.desk.event import Event
from seldesk.models.desk.event_words import EventWords
from seldesk.models.desk.message import Message
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.retelling import MOST, retell
from seldesk.models.desk.ticket import Ticket


class TooLateToUndo(rpc.Conflict):
    """This reply has left already and cannot be taken back any more."""

    code = "too_late_to_undo"


async def take_back(caller: Caller, number: int, message_id: UUID) -> Ticket:
    """One's own reply becomes one's draft again, with its files, and the ticket is what it was before."""
    ticket = (await Conversation.of(caller, number)).ticket
    own = Message.where(Message.id == message_id, Message.ticket_id == ticket.id, Message.author_id == caller.id)
    message = await own.where(Message.kind == "message", Message.side == "agent").one()
    if not await Outbox.withdraw(message.id):
        raise TooLateToUndo
    await _keep(caller, ticket, message)
    await _put_back(caller, ticket, message)
    await message.delete()
    await retell(ticket)
    return ticket


async def _keep(caller: Caller, ticket: Ticket, message: Message) -> None:
    """What was begun meanwhile stays below it."""
    begun = await Draft.of(caller, ticket.id).first()
    text = "\n\n".join(filter(None, (message.text, begun.text if begun else "")))
    to, cc = ", ".join(message.sent_to), ", ".join(message.cc)
    draft = await Draft.write(caller, ticket.id, kind="message", text=text, sent_to=to, cc=cc)
    await DraftFile.take(draft, message.id)


async def _put_back(caller: Caller, ticket: Ticket, message: Message) -> None:
    """Only what nobody has changed since."""
    Event.record(caller, ticket.id, "taken_back", {"message": str(message.id)}, {})
    replies = Event.where(Event.ticket_id == ticket.id, Event.kind == "replied")
    newest = await replies.order_by(Event.created_at.desc(), Event.id.desc()).limit(MOST).all()
    replied = next((one for one in newest if one.after.get("message") == str(message.id)), None)
    if replied is None or ticket.last_message_id != message.id:
        return
    if list(ticket.cc) == list(message.cc):
        words = await EventWords.where(EventWords.event_id == replied.id).first()
        ticket.copy_to(caller, words.before.get("cc", []) if words else [])
    if replied.before["assignee"] is None and ticket.assignee_id == caller.id:
        await ticket.assign(caller, None)
    if ticket.status == replied.after["status"]:
        ticket.turn(caller, replied.before["status"])
