from datetime import datetime
from typing import Self
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.mail import plaintext
from seldesk.models.desk.person import Person
from seldesk.models.desk.ticket import Ticket

BEGINNING = 160
# What it is looked for in: markup takes its room too.
LOOKED_AT = 20_000


class Message(orm.Model, table="messages", schema="app"):
    """What somebody wrote in a ticket: to the other side, or as an internal note.

    text is all of it; what lies behind visible_end is quoted or a signature. html is what a mail brought,
    kept as it came and made safe when it is shown; markdown is the safe HTML of what was written here.
    """

    id: orm.Column[UUID] = orm.key()
    ticket_id: orm.Column[UUID] = orm.reference("app.tickets.id", index=False)
    # The ticket in which it was written, where that was merged into this one: it goes back there when that is undone.
    merged_from_id: orm.Column[UUID | None] = orm.reference("app.tickets.id", optional=True, index=False)
    author_id: orm.Column[UUID] = orm.reference("app.people.id", index=False)
    # Of the operator's staff, where one of them wrote it in the author's name.
    on_behalf_by: orm.Column[UUID | None] = orm.identifier(optional=True)
    kind: orm.Column[str] = orm.choice("message", "note")
    side: orm.Column[str] = orm.choice("requester", "agent")
    origin: orm.Column[str] = orm.choice("mail", "desk", "portal", "api")
    text: orm.Column[str] = orm.text()
    visible_end: orm.Column[int] = orm.integer()
    html: orm.Column[str | None] = orm.text(optional=True)
    markdown: orm.Column[str | None] = orm.text(optional=True)
    # To whom an agent's letter went. A mail's cc is who it went to beside us.
    sent_to: orm.Column[list[str]] = orm.texts()
    cc: orm.Column[list[str]] = orm.texts()
    mail_id: orm.Column[str | None] = orm.text(optional=True)
    match_reason: orm.Column[str | None] = orm.text(optional=True)
    verified: orm.Column[bool] = orm.flag(default=True)
    automatic: orm.Column[bool] = orm.flag(default=False)
    delivery: orm.Column[str] = orm.choice("", "queued", "sent", "failed", "unknown", default="")
    delivery_error: orm.Column[str | None] = orm.text(optional=True)
    created_at: orm.Column[datetime] = orm.time()

    indexes = (
        orm.index("messages_ticket", "ticket_id", "created_at", "id"),
        orm.index("messages_mail_id", "mail_id", where="mail_id is not null"),
        orm.index("messages_merged", "merged_from_id", where="merged_from_id is not null"),
    )

    @classmethod
    def seen(cls, caller: Caller) -> "orm.Query[Self]":
        """Joined with its ticket. Only who works on tickets sees notes."""
        theirs = cls.query().join(Ticket, Ticket.id == cls.ticket_id).where(*Ticket.visible_to(caller))
        return theirs if caller.may("tickets.read") else theirs.where(cls.kind == "message")

    @property
    def said(self) -> str:
        """Without what stands quoted or signed below it."""
        return self.text[: self.visible_end]

    @property
    def beginning(self) -> str:
        """For lists, in one line and without marks."""
        shown = plaintext.from_html(self.markdown[:LOOKED_AT]).text if self.markdown else self.said
        return " ".join(shown.split())[:BEGINNING]

    async def went_to(self) -> list[str]:
        """All to whom an agent's letter went; the requester where nobody else was named."""
        if self.sent_to:
            return list(dict.fromkeys((*self.sent_to, *self.cc)))
        requester = await Person.get((await Ticket.get(self.ticket_id)).requester_id)
        return list(dict.fromkeys((requester.email, *self.cc)))

    @classmethod
    async def seen_by(cls, caller: Caller, message: UUID) -> Self:
        return await cls.seen(caller).where(cls.id == message).one()
