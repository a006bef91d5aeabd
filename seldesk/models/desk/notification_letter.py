"""Writes out what agents are told of tickets. Read anew when it leaves: who may not see it by then gets nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orm
from seldesk.caller import on_behalf_of
from seldesk.mail.compose import Mailbox as Address
from seldesk.mail.compose import Outgoing
from seldesk.mail.markup import escape
from seldesk.models.desk.follower import Follower
from seldesk.models.desk.letter import signature
from seldesk.models.desk.limit import Limit
from seldesk.models.desk.mailbox import Mailbox, threading
from seldesk.models.desk.message import Message
from seldesk.models.desk.person import Person
from seldesk.models.desk.ticket import Ticket
from seldesk.models.envelope import envelope, lines, template
from seldesk.models.limit import Window
from seldesk.surroundings import surroundings

RATE = Window("notifications", 60, timedelta(hours=1))
LONGEST = 4000  # letters of each message
ANSWER = "Your answer to this mail becomes an internal note. To answer the requester, open the ticket."
# What the subject says, from the strongest cause to the weakest.
SUBJECTS = {
    "mentioned": "{by} mentioned you: {subject}",
    "assigned": "{by} gave you: {subject}",
    "answered": "{by} answered: {subject}",
    "new": "New: {subject}",
}


@dataclass(frozen=True, slots=True)
class _Said:
    id: UUID
    author: str
    kind: str
    text: str
    visible_end: int
    markdown: str | None
    verified: bool
    created_at: datetime
    by_staff: bool

    @property
    def writer(self) -> str:
        return on_behalf_of(self.author) if self.by_staff else self.author

    @property
    def excerpt(self) -> str:
        said = self.text[: self.visible_end].strip()
        return said if len(said) <= LONGEST else said[:LONGEST].rstrip() + " …"

    @property
    def html(self) -> str:
        whole = self.markdown is not None and len(self.text) <= LONGEST
        return self.markdown or "" if whole else f"<p>{lines(self.excerpt)}</p>"

    @property
    def heading(self) -> str:
        wrote = "wrote an internal note" if self.kind == "note" else "wrote"
        doubt = "" if self.verified else " (nothing proves that this sender owns the address)"
        return f"{self.writer} {wrote} on {self.created_at:%d %B %Y at %H:%M} UTC{doubt}:"


@dataclass(frozen=True, slots=True)
class _Given:
    number: int
    subject: str


async def write(claimed: orm.Claimed) -> dict[str, Any] | None:
    """None when it says nothing any more, or the person has had enough mail for this hour."""
    payload, again = claimed.payload, claimed.attempts > 1
    person = await Person.where(Person.id == UUID(payload["person"])).first()
    if person is None or not person.works_here:
        return None
    written = _digest if claimed.kind == "digest" else _notification
    outgoing = await written(claimed.id, person, payload, claimed.created_at)
    if outgoing is None or not (again or await Limit.take(RATE, str(person.id))):
        return None
    return envelope(outgoing)


async def _notification(task: UUID, person: Person, payload: Mapping[str, Any], created: datetime) -> Outgoing | None:
    ticket = await Ticket.where(Ticket.id == UUID(payload["ticket"]), Ticket.removed.is_(None)).first()
    if ticket is None or not await ticket.readers().where(Person.id == person.id).exists():
        return None
    holding = {kind for kind in SUBJECTS if await _holds(kind, person, ticket)}
    causes = [cause for cause in payload["causes"] if cause["kind"] in holding]
    said = await _said(ticket, causes)
    if not causes or not said:
        return None
    by = {str(one.id): one.writer for one in said}
    told = [{**cause, "by": by.get(cause.get("message", ""), cause.get("by", ""))} for cause in causes]
    first = min(told, key=lambda cause: [*SUBJECTS].index(cause["kind"]))
    link = f"{_desk()}/tickets/{ticket.number}#message-{said[-1].id}"
    mailbox = await _mailbox(ticket)
    about = f"#{ticket.number} {ticket.subject}"
    text = "\n\n".join([about, *_openings(told), *(f"{one.heading}\n{_quoted(one.excerpt)}" for one in said)])
    html = "".join(f"<p>{escape(words)}</p>" for words in [about, *_openings(told)]) + "".join(
        f"<p>{escape(one.heading)}</p><blockquote>{one.html}</blockquote>" for one in said
    )
    signed, subject = signature(mailbox), SUBJECTS[first["kind"]].format(by=first["by"], subject=ticket.subject)
    return _outgoing(
        task,
        person,
        _sender(mailbox, first["by"]),
        subject,
        f"{text}\n\n{link}\n\n{ANSWER}\n\n-- \n{signed}\n{_why()}\n",
        f'{html}<p><a href="{escape(link)}">Open ticket #{ticket.number}</a></p>'
        f'<p class="foot">{ANSWER}<br>{lines(signed)}<br>{lines(_why())}</p>',
        created,
        number=ticket.number,
        reply_to=threading().agent_address(mailbox.address, ticket.number, person.id) if mailbox else None,
        thread=ticket.id,
    )


async def _digest(task: UUID, person: Person, payload: Mapping[str, Any], created: datetime) -> Outgoing | None:
    """Many tickets that were given to somebody at once: those of them that still are theirs."""
    ids = [UUID(ticket) for ticket in payload["tickets"]]
    still = Ticket.where(Ticket.id.in_(ids), Ticket.assignee_id == person.id, Ticket.removed.is_(None))
    given = await still.order_by(Ticket.number).limit(100).into(_Given, number=Ticket.number, subject=Ticket.subject)
    if not given or "assigned" not in person.notified_of:
        return None
    by, mailbox = payload["by"], await Mailbox.first_one()
    words, signed = f"{by} gave you {len(given)} ticket{'' if len(given) == 1 else 's'}.", signature(mailbox)
    listed = [(one, f"{_desk()}/tickets/{one.number}") for one in given]
    text = "\n".join(f"#{one.number} {one.subject}\n{link}" for one, link in listed)
    html = "".join(f'<li><a href="{escape(link)}">#{one.number}</a> {escape(one.subject)}</li>' for one, link in listed)
    return _outgoing(
        task,
        person,
        _sender(mailbox, by),
        words.rstrip("."),
        f"{words}\n\n{text}\n\n-- \n{signed}\n{_why()}\n",
        f'<p>{escape(words)}</p><ul>{html}</ul><p class="foot">{lines(signed)}<br>{lines(_why())}</p>',
        created,
    )


async def _holds(kind: str, person: Person, ticket: Ticket) -> bool:
    """Whether it is still so, and still wanted."""
    if kind not in person.notified_of:
        return False
    match kind:
        case "assigned":
            return ticket.assignee_id == person.id
        case "new":
            return ticket.assignee_id is None
        case "answered" if ticket.assignee_id != person.id:
            return await Follower.where(Follower.ticket_id == ticket.id, Follower.person_id == person.id).exists()
    return True


async def _said(ticket: Ticket, causes: Sequence[Mapping[str, Any]]) -> list[_Said]:
    """The messages that it is about, oldest first; the newest one where it is about none."""
    ids = {UUID(cause["message"]) for cause in causes if "message" in cause} or {ticket.last_message_id or ticket.id}
    written = Message.where(Message.ticket_id == ticket.id, Message.id.in_(ids))
    author = written.join(Person, Person.id == Message.author_id)
    return await author.order_by(Message.created_at, Message.id).into(
        _Said,
        id=Message.id,
        author=Person.name,
        kind=Message.kind,
        text=Message.text,
        visible_end=Message.visible_end,
        markdown=Message.markdown,
        verified=Message.verified,
        created_at=Message.created_at,
        by_staff=Message.on_behalf_by.is_not(None),
    )


def _openings(told: Sequence[Mapping[str, Any]]) -> list[str]:
    """What happened that no message says."""
    words = {"assigned": "{by} gave you this ticket.", "new": "A new ticket, which nobody has taken yet."}
    return [words[cause["kind"]].format(by=cause["by"]) for cause in told if cause["kind"] in words]


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _outgoing(
    task: UUID,
    person: Person,
    sender: Address,
    subject: str,
    text: str,
    html: str,
    created: datetime,
    *,
    number: int | None = None,
    reply_to: str | None = None,
    thread: UUID | None = None,
) -> Outgoing:
    """Its ids look like ours and carry no signature: an answer that names them belongs to no ticket by that.
    Else what it quotes, perhaps a note, would stand where the requester reads it.
    """
    domain = threading().domain
    return Outgoing(
        message_id=f"<seldesk.{task}@{domain}>",
        date=created,
        sender=sender,
        to=[Address(person.name, person.email)],
        subject=subject,
        text=text,
        html=html,
        number=number,
        reply_to=reply_to,
        # Programs show as one thread what names the same id.
        references=[f"<seldesk.{thread}@{domain}>"] if thread else (),
        automatic=True,
        template=template(),
    )


async def _mailbox(ticket: Ticket) -> Mailbox | None:
    if ticket.mailbox_id is None:
        return await Mailbox.first_one()
    return await Mailbox.get(ticket.mailbox_id)


def _sender(mailbox: Mailbox | None, by: str) -> Address:
    name = surroundings().customer.name
    return Address(f"{by} ({name})" if by else name, mailbox.address if mailbox else f"no-reply@{threading().domain}")


def _why() -> str:
    return f"What you are told by mail is your choice: {_desk()}/profile"


def _desk() -> str:
    around = surroundings()
    return f"{around.addresses.customer(around.customer.slug)}/desk"
