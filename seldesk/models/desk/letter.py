"""Writes out the mails that leave."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from seldesk.mail.compose import Outgoing, compose
from seldesk.models.desk.mailbox import Mailbox, threading
from seldesk.models.desk.message import Message
from seldesk.models.desk.person import Person
from seldesk.models.desk.ticket import Ticket
from seldesk.surroundings import surroundings

LINK_GOOD_FOR = timedelta(days=30)
REFERENCES = 20


async def write(kind: str, message_id: UUID, *, created: datetime) -> dict[str, Any]:
    """A letter's envelope and its finished message; the same each time it is written."""
    message = await Message.get(message_id)
    ticket = await Ticket.get(message.ticket_id)
    requester = await Person.get(ticket.requester_id)
    mailbox = await Mailbox.get(ticket.mailbox_id)
    confirms = kind == "confirmation"
    written = await (_confirmation if confirms else _reply)(ticket, message, requester, mailbox, created)
    return {
        # RFC 3834: an automatic answer names nobody to whom another machine could answer.
        "sender": "" if confirms else mailbox.address,
        "recipients": [requester.email],
        "message_id": written.message_id,
        "automatic": confirms,
        "confirms": requester.email if confirms else None,
        "raw": compose(written),
    }


def ticket_link(ticket: Ticket) -> str:
    """The address at which the requester reads and answers the ticket without an account."""
    around = surroundings()
    content = {"ticket": str(ticket.id), "person": str(ticket.requester_id)}
    token = around.signer.sign("ticket", content, around.now + LINK_GOOD_FOR)
    return f"{around.addresses.customer(around.customer.slug)}/link/{token}"


async def _reply(ticket, message, requester, mailbox, created):
    return Outgoing(
        mailbox.address,
        requester.email,
        f"Re: [#{ticket.number}] {ticket.subject}",
        message.mail_id,
        threading().plus_address(mailbox.address, ticket.number),
        message.text + "\n\n" + ticket_link(ticket),
    )


async def _confirmation(ticket, message, requester, mailbox, created):
    return Outgoing(
        mailbox.address,
        requester.email,
        f"We received your request [#{ticket.number}]",
        "<c" + message.mail_id.strip("<"),
        threading().plus_address(mailbox.address, ticket.number),
        ticket_link(ticket),
    )
