"""What lists show of a ticket, and what it is found by, when its messages are not what they were."""

from seldesk.models.desk.message import Message
from seldesk.models.desk.searchable import Searchable
from seldesk.models.desk.ticket import Ticket

MOST = 500


async def retell(ticket: Ticket) -> None:
    """From the newest of what stands in it now. What was merged into it is found by its subject too."""
    said = Message.where(Message.ticket_id == ticket.id).order_by(Message.created_at.desc(), Message.id.desc())
    newest = await said.limit(MOST).all()
    last = newest[0] if newest else None
    ticket.last_message_id = last.id if last else None
    ticket.preview = last.beginning if last else ""
    merged = await Ticket.where(Ticket.merged_into_id == ticket.id).order_by(Ticket.id).limit(MOST).all()
    told = [(one.subject, False) for one in merged] + [(one.said, one.kind == "note") for one in reversed(newest)]
    await Searchable.retell(ticket.id, told)
