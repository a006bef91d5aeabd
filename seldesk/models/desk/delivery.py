"""What became of a letter, where people see it: at the message it carries, and at the addresses it went to."""

from uuid import UUID

import orm
from rpc import Kind
from seldesk.caller import NOBODY, Caller
from seldesk.models.desk.event import Event
from seldesk.models.desk.message import Message
from seldesk.models.desk.person import Person
from seldesk.models.desk.ticket import Ticket
from seldesk.surroundings import surroundings


async def show(task: orm.Task, state: str, error: str | None) -> None:
    """Confirmations are nobody's message."""
    if task.kind != "reply":
        return
    message = await Message.where(Message.id == UUID(task.payload["message"])).first()
    if message is None:
        return
    before, message.delivery, message.delivery_error = message.delivery_error, state, error
    if error is not None and error != before:
        worker = Caller(kind=Kind.JOB, id=NOBODY)
        told = {"message": str(message.id), "reason": error}
        Event.record(worker, message.ticket_id, "undelivered", {}, told)


async def bounced(task: orm.Task) -> None:
    """Nobody whom it was for can be reached."""
    if "person" in task.payload:
        (await Person.get(UUID(task.payload["person"]))).bounced_at = surroundings().now
        return
    if "ticket" not in task.payload:
        return
    ticket = await Ticket.where(Ticket.id == UUID(task.payload["ticket"])).first()
    if ticket is not None:
        if task.kind == "reply":
            went_to = await (await Message.get(UUID(task.payload["message"]))).went_to()
        else:
            went_to = [(await Person.get(ticket.requester_id)).email]
        await Person.bounced(task.payload.get("left") or went_to)
