"""Writes out what requesters get: replies, and that their request has arrived. Written twice, a letter is the same to
the last byte.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orm
from seldesk.caller import on_behalf_of
from seldesk.mail.compose import File, Outgoing
from seldesk.mail.compose import Mailbox as Address
from seldesk.mail.markup import escape
from seldesk.models.desk.attachment import Attachment
from seldesk.models.desk.mailbox import Mailbox, threading
from seldesk.models.desk.message import Message
from seldesk.models.desk.person import Person
from seldesk.models.desk.ticket import Ticket
from seldesk.models.envelope import envelope, lines, template
from seldesk.surroundings import surroundings

LINK_GOOD_FOR = timedelta(days=30)
THREAD = 20
CONFIRMATION = (
    "Your {what} has arrived, and has become ticket #{number}. We answer to this address. "
    "To add something, answer this mail."
)
FOLLOW = "Follow it here, no account needed: {link}"


@dataclass(frozen=True, slots=True)
class _Known:
    mail_id: str


async def write(claimed: orm.Claimed) -> dict[str, Any]:
    """A letter's envelope and its finished message; once some of its recipients have it, for those that are left."""
    payload, created = claimed.payload, claimed.created_at
    message = await Message.get(UUID(payload["message"]))
    # What confirms that something came says so of the ticket that it became, wherever that goes on by now.
    ticket = await Ticket.get(UUID(payload["ticket"]) if claimed.kind == "confirmation" else message.ticket_id)
    requester = await Person.get(ticket.requester_id)
    mailbox = await Mailbox.get(ticket.mailbox_id)
    link = _link(ticket, created + LINK_GOOD_FOR)
    if claimed.kind == "confirmation":
        outgoing = _confirmation(claimed.id, ticket, requester, mailbox, link, created)
    else:
        outgoing = await _reply(message, ticket, requester, mailbox, link, created)
    finished = envelope(outgoing)
    if outgoing.automatic:
        finished["confirms"] = requester.email
    if (left := payload.get("left")) is not None:
        finished["recipients"] = [one for one in finished["recipients"] if one in left]
    return finished


async def _reply(
    message: Message, ticket: Ticket, requester: Person, mailbox: Mailbox, link: str, created: datetime
) -> Outgoing:
    author = await Person.get(message.author_id)
    thread = await _thread(ticket, message)
    files = [File(file.name, file.type, await file.content()) for file in await Attachment.of(message.id)]
    names = {requester.email: requester.name}
    to = [Address(names.get(one, ""), one) for one in message.sent_to or [requester.email]]
    cc = [Address(names.get(one, ""), one) for one in message.cc if one not in [each.address for each in to]]
    # The link is as good as the requester's word: it goes to nobody else.
    follow = link if [one.address for one in (*to, *cc)] == [requester.email] else None
    return Outgoing(
        message_id=message.mail_id or threading().message_id(ticket.id, message.id),
        date=created,
        sender=Address(f"{_written_by(author, message)} ({mailbox.name})", mailbox.address),
        to=to,
        cc=cc,
        subject=f"Re: {ticket.subject}" if thread else ticket.subject,
        text=f"{message.text}\n\n-- \n{mailbox.signed}\n{FOLLOW.format(link=follow) if follow else ''}".rstrip() + "\n",
        html=f'{message.markdown}<p class="foot">{_foot(mailbox, follow)}</p>',
        reply_to=threading().plus_address(mailbox.address, ticket.number),
        number=ticket.number,
        in_reply_to=thread[-1] if thread else None,
        references=thread,
        files=files,
        template=template(),
    )


def _written_by(author: Person, message: Message) -> str:
    return author.name if message.on_behalf_by is None else on_behalf_of(author.name)


def _confirmation(
    task: UUID, ticket: Ticket, requester: Person, mailbox: Mailbox, link: str, created: datetime
) -> Outgoing:
    """Nothing of what the sender wrote: anybody can write in another's name."""
    said = CONFIRMATION.format(number=ticket.number, what="mail" if ticket.channel == "mail" else "request")
    return Outgoing(
        message_id=threading().message_id(ticket.id, task),
        date=created,
        sender=Address(mailbox.name, mailbox.address),
        to=[Address("", requester.email)],
        subject="We have received your request",
        text=f"{said}\n\n-- \n{mailbox.signed}\n{FOLLOW.format(link=link)}\n",
        html=f'<p>{said}</p><p class="foot">{_foot(mailbox, link)}</p>',
        reply_to=threading().plus_address(mailbox.address, ticket.number),
        number=ticket.number,
        automatic=True,
        marker=None,
        template=template(),
    )


async def _thread(ticket: Ticket, message: Message) -> list[str]:
    """The Message-IDs of what the requester can know of this ticket before this message, oldest first."""
    earlier = Message.where(
        Message.ticket_id == ticket.id,
        Message.kind == "message",
        Message.created_at <= message.created_at,
        Message.id != message.id,
        Message.mail_id.is_not(None),
    )
    newest = earlier.order_by(Message.created_at.desc(), Message.id.desc()).limit(THREAD)
    return [one.mail_id for one in reversed(await newest.into(_Known, mail_id=Message.mail_id))]


def _link(ticket: Ticket, until: datetime) -> str:
    """Where the requester reads and answers the ticket without an account."""
    around = surroundings()
    content = {"ticket": str(ticket.id), "person": str(ticket.requester_id)}
    token = around.signer.sign("ticket", content, until)
    return f"{around.addresses.customer(around.customer.slug)}/link/{token}"


def signature(mailbox: Mailbox | None) -> str:
    """What stands under a mail; a customer without a mailbox signs with its name."""
    return mailbox.signed if mailbox is not None else surroundings().customer.name


def _foot(mailbox: Mailbox, link: str | None) -> str:
    if link is None:
        return lines(mailbox.signed)
    return f'{lines(mailbox.signed)}<br><a href="{escape(link)}">Follow your request</a>, no account needed.'
