"""What is said in a ticket: replies, notes, answers, mails."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

import orm
import rpc
from seldesk.caller import Caller
from seldesk.errors import NewerMessage, TicketClosed, TooManyTries
from seldesk.mail import markdown
from seldesk.mail.parse import Mail as Parsed
from seldesk.models.desk import notification, recipients, storing
from seldesk.models.desk.attachment import Attachment
from seldesk.models.desk.draft import Draft, DraftFile
from seldesk.models.desk.event import Event
from seldesk.models.desk.follower import Follower
from seldesk.models.desk.limit import Limit
from seldesk.models.desk.mailbox import threading
from seldesk.models.desk.mention import Mentions
from seldesk.models.desk.message import Message
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.person import Person
from seldesk.models.desk.searchable import Searchable
from seldesk.models.desk.ticket import Ticket
from seldesk.models.limit import Window, block_of
from seldesk.models.long_text import apart
from seldesk.surroundings import surroundings

LARGEST_HTML = 2_000_000
NEW_REQUESTS = Window("new requests", 30, timedelta(hours=1))
FROM_A_BLOCK = Window("new requests block", 200, timedelta(hours=1))
OF_A_CUSTOMER = Window("new requests customer", 1000, timedelta(hours=1))
ANSWERS = Window("answers of a requester", 120, timedelta(hours=1))
# Of one ticket, by what its requester writes: more than people manage.
REOPENED = tuple(
    Window(f"reopened within {minutes}", most, timedelta(minutes=minutes))
    for most, minutes in ((10, 10), (25, 60), (100, 600))
)


class Conversation:
    """A ticket, held for writing in it."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket

    @classmethod
    async def of(cls, caller: Caller, number: int) -> Self:
        ticket = await Ticket.locked(caller, number)
        ticket.demand_there()
        return cls(ticket)

    @classmethod
    async def begin(
        cls, caller: Caller, subject: str, body: str, files: Sequence[rpc.Upload], *, mailbox: UUID | None = None
    ) -> tuple[Ticket, Message]:
        """What the caller asks for themselves, confirmed by mail as far as the rates allow."""
        if not await Limit.take(NEW_REQUESTS, str(caller.id)):
            raise TooManyTries(retry_after=int(NEW_REQUESTS.span.total_seconds()))
        shared = ((FROM_A_BLOCK, block_of(caller.address)), (OF_A_CUSTOMER, ""))
        for window, counted in shared:
            if wait := await Limit.wait(window, counted):
                raise TooManyTries(retry_after=wait)
        requester = await Person.get(caller.id)
        ticket = await Ticket.open(caller, requester, subject=subject, channel=caller.channel, mailbox=mailbox)
        message = await cls(ticket).ask(caller, requester, body, files)
        await Outbox.post_confirmation(ticket, message, requester)
        await notification.opened(caller, ticket)
        # Last: nobody waits for somebody else's files.
        for window, counted in shared:
            await Limit.hit(window, counted)
        return ticket, message

    async def reply(
        self,
        caller: Caller,
        body: str,
        *,
        seen: UUID | None,
        status: str,
        files: Sequence[rpc.Upload],
        to: Sequence[str] = (),
        cc: Sequence[str] | None = None,
        kept: Sequence[UUID] = (),
    ) -> Message:
        """Answer by mail: the requester where nobody else is named, and those who had the last one where cc is None.

        A ticket that was nobody's becomes the writer's.
        """
        if self.ticket.status == "closed":
            raise TicketClosed
        if seen is not None and seen != self.ticket.last_message_id:
            raise NewerMessage
        sent_to = recipients.addresses(to, "to")
        copied = list(self.ticket.cc) if cc is None else recipients.addresses(cc, "cc")
        copied = [one for one in copied if one not in sent_to]
        ticket = self.ticket
        before = {
            "status": ticket.status,
            "assignee": ticket.assignee_id and str(ticket.assignee_id),
            "cc": list(ticket.cc),
        }
        letter: dict[str, Any] = {"delivery": "queued", "sent_to": sent_to, "cc": copied}
        message = await self._written(caller, body, kind="message", files=files, kept=kept, **letter)
        await Outbox.post_reply(self.ticket, message)
        Event.record(caller, ticket.id, "replied", before, {"message": str(message.id), "status": status})
        self.ticket.copy_to(caller, copied)
        if self.ticket.assignee_id is None:
            await self.ticket.assign(caller, caller.id)
        self.ticket.turn(caller, status)
        return message

    async def note(
        self, caller: Caller, body: str, *, files: Sequence[rpc.Upload], kept: Sequence[UUID] = ()
    ) -> Message:
        """Whom it calls by name follows the ticket from now on, and is told."""
        mentions = await Mentions.among(self.ticket) if "@" in body else None
        message = await self._written(caller, body, kind="note", files=files, kept=kept, mentions=mentions)
        Event.record(caller, self.ticket.id, "noted", {}, {"message": str(message.id)})
        if mentions is not None and mentions.called:
            await self._call(caller, message, mentions.called)
        return message

    async def _call(self, caller: Caller, message: Message, people: Sequence[UUID]) -> None:
        told = {"message": str(message.id), "people": [str(person) for person in people]}
        Event.record(caller, self.ticket.id, "mentioned", {}, told)
        await Follower.add_all(self.ticket.id, people)
        await notification.mentioned(caller, self.ticket, message, people)

    async def _written(
        self,
        caller: Caller,
        body: str,
        *,
        kind: str,
        files: Sequence[rpc.Upload],
        kept: Sequence[UUID],
        mentions: Mentions | None = None,
        **more: Any,
    ) -> Message:
        """What an agent wrote in Markdown. It is no draft any more; kept are files of the draft that go with it,
        more the message's other columns.
        """
        await storing.room_for(files)
        first = self.ticket.last_message_id is None
        shown = await apart(body, markdown.render, body, mentions.find if mentions else None)
        message = await self._add(
            caller,
            Message.add(
                ticket_id=self.ticket.id,
                author_id=caller.id,
                on_behalf_by=caller.on_behalf_by,
                kind=kind,
                side="agent",
                origin=caller.channel,
                text=body,
                visible_end=len(body),
                markdown=shown,
                created_at=surroundings().now,
                **more,
            ),
            files,
        )
        if kept:
            await DraftFile.give(caller, message, kept)
        # A ticket in which nothing stood yet has no drafts.
        if not first:
            await Draft.forget(caller, self.ticket.id)
        return message

    async def ask(self, caller: Caller, requester: Person, body: str, files: Sequence[rpc.Upload]) -> Message:
        """What the requester said, written down by an agent or a program: the first message."""
        await storing.room_for(files)
        message = self._plain(requester.id, caller, caller.channel, body)
        Event.record(caller, self.ticket.id, "received", {}, {"message": str(message.id)})
        return await self._add(caller, message, files)

    async def answer(self, caller: Caller, body: str, *, files: Sequence[rpc.Upload]) -> tuple[Ticket, Message]:
        """What the requester writes in the portal: in this ticket, or in a new one that is linked with it when it is
        over.
        """
        if await self.ticket.is_over():
            new, message = await self.begin(caller, self.ticket.subject, body, files, mailbox=self.ticket.mailbox_id)
            new.link(caller, self.ticket)
            return new, message
        if wait := await Limit.claim(ANSWERS, str(caller.id)):
            raise TooManyTries(retry_after=wait)
        await storing.room_for(files)
        message = self._plain(caller.id, caller, "portal", body)
        Event.record(caller, self.ticket.id, "received", {}, {"message": str(message.id)})
        await self._add(caller, message, files)
        await self._wake(caller)
        await notification.answered(caller, self.ticket, message)
        return self.ticket, message

    async def hear(
        self,
        caller: Caller,
        sender: Person,
        mail: Parsed,
        *,
        reason: str | None,
        verified: bool,
        automatic: bool,
        first: bool = False,
    ) -> Message:
        """A mail. Automatic mail is kept and changes nothing."""
        message = Message.add(
            ticket_id=self.ticket.id,
            author_id=sender.id,
            kind="message",
            side="requester",
            origin="mail",
            text=mail.text,
            visible_end=mail.visible_end,
            html=mail.html if mail.html and len(mail.html) <= LARGEST_HTML else None,
            cc=recipients.others(mail, sender.email),
            mail_id=mail.message_id,
            match_reason=reason,
            verified=verified,
            automatic=automatic,
            created_at=surroundings().now,
        )
        Event.record(caller, self.ticket.id, "received", {}, {"message": str(message.id)})
        files = [rpc.Upload(name=file.name, type=file.type, content=file.content) for file in mail.files]
        await self._add(caller, message, files, [file.content_id for file in mail.files])
        if not automatic:
            await self._wake(caller)
            if not first:
                await notification.answered(caller, self.ticket, message)
        return message

    @staticmethod
    async def undelivered(caller: Caller, message: Message, reason: str, gone: Sequence[str]) -> None:
        """A mail of ours was given up on its way. gone: addresses that do not exist any more."""
        message.delivery, message.delivery_error = "failed", reason
        Event.record(caller, message.ticket_id, "undelivered", {}, {"message": str(message.id), "reason": reason})
        await Person.bounced(gone)

    def _plain(self, author: UUID, caller: Caller, origin: str, body: str) -> Message:
        return Message.add(
            ticket_id=self.ticket.id,
            author_id=author,
            on_behalf_by=caller.on_behalf_by,
            kind="message",
            side="requester",
            origin=origin if origin != "mail" else "api",
            text=body,
            visible_end=len(body),
            created_at=surroundings().now,
        )

    async def _add(
        self,
        caller: Caller,
        message: Message,
        files: Sequence[rpc.Upload],
        content_ids: Sequence[str | None] = (),
    ) -> Message:
        if message.mail_id is None:
            message.mail_id = threading().message_id(self.ticket.id, message.id)
        await Attachment.keep(message, files, content_ids)
        self.ticket.last_message_id, self.ticket.updated_at = message.id, message.created_at
        self.ticket.preview = message.beginning
        # All of the above at once, and then its words: a ticket that is new has its number from here on.
        await orm.flush()
        await Searchable.extend(self.ticket.id, message.said, note=message.kind == "note")
        return message

    async def _wake(self, caller: Caller) -> None:
        """Whoever asked again wants an answer. Two programs that answer each other are let alone in the end: what they
        write is kept, and the ticket stays as it is.
        """
        if self.ticket.status not in ("waiting", "solved", "closed"):
            return
        for window in REOPENED:
            if await Limit.claim(window, str(self.ticket.id)):
                return
        self.ticket.turn(caller, "open")
