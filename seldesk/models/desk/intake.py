"""How a mail becomes part of a ticket."""

import asyncio
import re
from dataclasses import dataclass, replace
from hashlib import sha256

import structlog

import rpc
from seldesk.caller import Caller
from seldesk.mail.bounce import Bounce
from seldesk.mail.classify import Class, Verdict, answerable, classify
from seldesk.mail.parse import Mail as Parsed
from seldesk.mail.parse import Unreadable, parse
from seldesk.mail.thread import Candidate, candidates, speaks_for
from seldesk.models.desk import arriving, merging, notification
from seldesk.models.desk.conversation import Conversation
from seldesk.models.desk.mail import Mail
from seldesk.models.desk.mailbox import Mailbox, threading
from seldesk.models.desk.message import Message
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.person import Person
from seldesk.models.desk.role import Post
from seldesk.models.desk.ticket import Ticket

Outcome = tuple[str, int | None]
_FOLD = re.compile(rb"\n[ \t]+")
_SAID = {b"from", b"sender", b"reply-to", b"to", b"cc", b"subject", b"date", b"in-reply-to", b"references"}
_SAID |= {b"content-type", b"content-transfer-encoding", b"resent-message-id"}
_log = structlog.get_logger()


async def receive(caller: Caller, recipient: str, sender: str, raw: bytes, *, again: bool = False) -> Outcome:
    """Keep a mail, read it, put it where it belongs; answers the outcome and the ticket's number. What was taken in
    before comes again whatever its sender has sent, else TooManyMails.
    """
    mailbox = await Mailbox.at(recipient)
    parsed, problem = await _read(raw)
    author = parsed.sender.address if parsed and parsed.sender else ""
    bounds = () if again else arriving.bounds(sender, author)
    await arriving.admit(bounds)
    outcome = await _taken(caller, mailbox, recipient, sender, raw, parsed, problem)
    await arriving.count(bounds)
    return outcome


async def _taken(
    caller: Caller, mailbox: Mailbox, recipient: str, sender: str, raw: bytes, parsed: Parsed | None, problem: str
) -> Outcome:
    kept = await Mail.keep(mailbox, recipient, sender, raw, _digest(parsed, raw))
    if kept is None:
        return "repeated", None
    if parsed is None:
        kept.reason = problem
        return "unreadable", None
    return await Intake(caller, mailbox, kept, _from_nobody(parsed) if not sender else parsed).place()


async def set_aside(recipient: str, sender: str, raw: bytes, reason: str) -> None:
    kept = await Mail.keep(await Mailbox.at(recipient), recipient, sender, raw, sha256(raw).digest())
    if kept is not None:
        kept.reason = reason
    await arriving.count(arriving.bounds(sender, ""))


async def again(caller: Caller, kept: Mail) -> Outcome:
    """Somebody has looked at a mail that was held back: it becomes a ticket if it can be read at all."""
    parsed, problem = await _read(await kept.raw())
    if parsed is None:
        kept.reason = problem
        return "unreadable", None
    return await Intake(caller, await Mailbox.get(kept.mailbox_id), kept, parsed).insist()


@dataclass(frozen=True, slots=True)
class Intake:
    """One mail on its way to its ticket."""

    caller: Caller
    mailbox: Mailbox
    kept: Mail
    mail: Parsed

    async def place(self) -> Outcome:
        verdict = classify(self.mail, (threading().domain,), await Mailbox.addresses())
        self.kept.kind = verdict.kind
        if verdict.kind in (Class.BOUNCE_PERMANENT, Class.BOUNCE_TEMPORARY):
            return await self._bounced(verdict)
        if verdict.kind is Class.LOOP:
            return self._suspend(f"It is one of our own mails coming back: {verdict.reason}.")
        automatic = verdict.kind is not Class.PERSON
        if (noted := await self._note(automatic=automatic)) is not None:
            return noted
        ticket, reason = await self._match()
        if ticket is not None and (automatic or not await ticket.is_over()):
            return await self._thread(ticket, reason, automatic=automatic)
        if automatic:
            return self._suspend(f"It is automatic and belongs to no ticket: {verdict.reason}.")
        return await self._open(confirm=answerable(self.mail, verdict), old=ticket)

    async def insist(self) -> Outcome:
        if (noted := await self._note(automatic=False)) is not None:
            return noted
        ticket, reason = await self._match()
        if ticket is not None and not await ticket.is_over():
            return await self._thread(ticket, reason, automatic=False)
        return await self._open(confirm=False, old=ticket)

    async def _note(self, *, automatic: bool) -> Outcome | None:
        """An agent's answer to a notification, known by the address that was made for this agent alone. It stays
        inside: what it quotes may be a note.
        """
        sender = self.mail.sender
        agent = await Person.where(Person.email == sender.address.lower()).first() if sender else None
        if agent is None or not agent.works_here:
            return None
        recipients = (self.kept.recipient,)
        number = speaks_for(self.mail, threading(), self.mailbox.address, agent.id, recipients)
        if number is None:
            return None
        known = Ticket.where(Ticket.number == number, Ticket.mailbox_id == self.mailbox.id)
        told = await known.where(Ticket.removed.is_(None) | (Ticket.removed == "merged")).lock().first()
        ticket = None if told is None else await merging.followed(told)
        if (
            ticket is None
            or ticket.removed is not None
            or not await ticket.readers().where(Person.id == agent.id).exists()
        ):
            return self._suspend("It answers a notification, and its sender does not see the ticket any more.")
        if "tickets.note" not in (await Post.of(agent)).permissions:
            return self._suspend("It answers a notification, and its sender may not write notes.")
        if automatic:
            return self._suspend("It is automatic, and answers a notification.")
        said = self.mail.text[: self.mail.visible_end].strip() or self.mail.text
        files = [rpc.Upload(name=file.name, type=file.type, content=file.content) for file in self.mail.files]
        await Conversation(ticket).note(self._acting(agent), said, files=files)
        self.kept.state, self.kept.reason, self.kept.ticket_id = "threaded", "agent_address", ticket.id
        return "threaded", ticket.number

    def _suspend(self, cause: str) -> Outcome:
        self.kept.state, self.kept.reason = "suspended", cause
        return "suspended", None

    async def _open(self, *, confirm: bool, old: Ticket | None) -> Outcome:
        """old is the ticket that it would have been part of."""
        sender = await self._sender()
        if sender is None:
            return self._suspend("It does not say who sent it.")
        acting = self._acting(sender)
        ticket = await Ticket.open(
            acting,
            sender,
            subject=self.mail.subject.strip()[:255] or "(no subject)",
            channel="mail",
            mailbox=self.mailbox.id,
        )
        message = await Conversation(ticket).hear(
            acting,
            sender,
            self.mail,
            reason=None,
            verified=not sender.works_here,
            automatic=False,
            first=True,
        )
        if old is not None:
            ticket.link(acting, old)
        if confirm:
            await Outbox.post_confirmation(ticket, message, sender)
        await notification.opened(acting, ticket)
        self.kept.state, self.kept.ticket_id, self.kept.message_id = "opened", ticket.id, message.id
        return "opened", ticket.number

    async def _thread(self, ticket: Ticket, reason: str, *, automatic: bool) -> Outcome:
        sender = await self._sender()
        if sender is None:
            return self._suspend("It does not say who sent it.")
        # A claim to be an agent is only a claim: it is shown as unverified and mailed to nobody.
        takes_part = sender.id == ticket.requester_id or sender.email in ticket.cc
        verified = takes_part and not sender.works_here
        message = await Conversation(ticket).hear(
            self._acting(sender), sender, self.mail, reason=reason, verified=verified, automatic=automatic
        )
        self.kept.state, self.kept.reason, self.kept.ticket_id = "threaded", reason, ticket.id
        self.kept.message_id = message.id
        return "threaded", ticket.number

    async def _match(self) -> tuple[Ticket | None, str]:
        """The ticket that this mail belongs to, and what told so."""
        for candidate in candidates(self.mail, threading(), self.mailbox.address, (self.kept.recipient,)):
            found = await self._candidate(candidate)
            ticket = None if found is None else await merging.followed(found)
            if ticket is not None and ticket.removed != "deleted":
                return ticket, candidate.reason
        return None, ""

    async def _candidate(self, candidate: Candidate) -> Ticket | None:
        # What was deleted stays so, and its requester is heard in a new ticket; spam stays with spam.
        alive = Ticket.removed.is_(None) | Ticket.removed.in_(("spam", "merged"))
        theirs = Ticket.where(Ticket.mailbox_id == self.mailbox.id, alive)
        if candidate.ticket is not None:
            return await theirs.where(Ticket.id == candidate.ticket).lock().first()
        if candidate.references:
            known = theirs.join(Message, Message.ticket_id == Ticket.id)
            known = known.where(Message.mail_id.in_(candidate.references))
            return await known.order_by(Message.created_at.desc()).limit(1).lock().first()
        ticket = await theirs.where(Ticket.number == candidate.number).lock().first()
        if ticket is None or candidate.trusted:
            return ticket
        sender = self.mail.sender.address.lower() if self.mail.sender else ""
        if sender in ticket.cc:
            return ticket
        taking_part = Person.where(Person.email == sender, Person.id == ticket.requester_id)
        return ticket if await taking_part.exists() else None

    async def _bounced(self, verdict: Verdict) -> Outcome:
        """Find the message that did not arrive, say so there, and mark the address."""
        bounce = verdict.bounce
        ours = threading().read_message_id(bounce.message_id) if bounce and bounce.message_id else None
        message = await Message.where(Message.id == ours[1]).first() if ours else None
        if bounce is None or message is None:
            return self._suspend("It says that a mail was not delivered, but not which one of ours.")
        if any(recipient.action == "failed" for recipient in bounce.recipients) or bounce.permanent:
            gone = await self._gone(message, bounce) if verdict.kind is Class.BOUNCE_PERMANENT else []
            await Conversation.undelivered(self.caller, message, bounce.reason, gone)
        self.kept.state, self.kept.ticket_id = "bounced", message.ticket_id
        return "threaded", None

    async def _gone(self, message: Message, bounce: Bounce) -> list[str]:
        """Of those to whom the letter went, whom the bounce names; the only one needs no name."""
        went_to = await message.went_to()
        named = {one.address.lower() for one in bounce.recipients if one.action == "failed"}
        return went_to if len(went_to) == 1 else [one for one in went_to if one in named]

    async def _sender(self) -> Person | None:
        sender = self.mail.sender
        return await Person.known(sender.address, sender.name) if sender and sender.address else None

    def _acting(self, sender: Person) -> Caller:
        """The change is put down to the sender, by the door of mail."""
        return replace(self.caller, id=sender.id, name=sender.name)


async def _read(raw: bytes) -> tuple[Parsed | None, str]:
    """The mail, or why it cannot be read. A fault in the reading must not stop the mailbox."""
    try:
        return await asyncio.to_thread(parse, raw), ""
    except Unreadable as error:
        return None, str(error)
    except Exception as error:
        _log.exception("mail.unreadable")
        return None, f"Reading it failed ({type(error).__name__})."


def _from_nobody(mail: Parsed) -> Parsed:
    """An empty envelope sender says that no machine may answer; the header that would say so is often missing."""
    return mail if mail.header("return-path") else replace(mail, headers=(*mail.headers, ("return-path", "<>")))


def _digest(parsed: Parsed | None, raw: bytes) -> bytes:
    """The same mail delivered again differs in its trace headers: its id, what its writer said in others, and its body
    tell it. The id alone does not: there are programs that write the same one in all their mails."""
    if parsed is None or parsed.message_id is None:
        return sha256(raw).digest()
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = _FOLD.sub(b" ", head).split(b"\n")
    said = [b" ".join(line.split()) for line in lines if line.partition(b":")[0].strip().lower() in _SAID]
    return sha256(b"\0".join((parsed.message_id.encode(), *said, body.rstrip()))).digest()
