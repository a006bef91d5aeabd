from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models.desk.attachment import Attachment
from seldesk.models.desk.message import Message
from seldesk.models.desk.ticket import Ticket
from seldesk.surroundings import surroundings


class Draft(orm.Model, table="drafts", schema="app"):
    """What a person has begun to write in a ticket and has not sent. Nobody else ever sees it.

    sent_to and cc are as they were typed: what is wrong with them is told when it is sent.
    """

    id: orm.Column[UUID] = orm.key()
    person_id: orm.Column[UUID] = orm.reference("app.people.id", index=False, delete="cascade")
    ticket_id: orm.Column[UUID] = orm.reference("app.tickets.id", delete="cascade")
    kind: orm.Column[str] = orm.choice("message", "note")
    text: orm.Column[str] = orm.text()
    sent_to: orm.Column[str] = orm.text(default="")
    cc: orm.Column[str] = orm.text(default="")
    saved_at: orm.Column[datetime] = orm.time()

    indexes = (orm.unique("person_id", "ticket_id"),)

    @classmethod
    async def keep(cls, caller: Caller, number: int, *, seen: UUID | None, text: str, **how: str) -> None:
        """Save it; an empty one is forgotten. One that was on its way while its text was sent comes too late."""
        ticket = await Ticket.seen_by(caller).where(Ticket.number == number).one()
        newest = ticket.last_message_id
        if newest != seen and newest is not None and (await Message.get(newest)).author_id == caller.id:
            return
        if not text.strip():
            await cls.forget(caller, ticket.id)
            return
        await cls.write(caller, ticket.id, text=text, **how)

    @classmethod
    async def write(cls, caller: Caller, ticket: UUID, **values: Any) -> UUID:
        now = {**values, "saved_at": surroundings().now}
        row = await orm.upsert(
            cls,
            {"sent_to": "", "cc": "", "person_id": caller.id, "ticket_id": ticket, **now},
            on=("person_id", "ticket_id"),
            set=now,
            returning=(cls.id,),
        )
        return UUID(str(row[0]))

    @classmethod
    def of(cls, caller: Caller, ticket: Any) -> "orm.Query[Self]":
        """Programs and staff write in a person's name, and have no drafts."""
        if not caller.in_person:
            return cls.where(orm.literal(False))
        return cls.where(cls.person_id == caller.id, cls.ticket_id == ticket)

    @classmethod
    async def forget(cls, caller: Caller, ticket: UUID) -> None:
        if caller.in_person:
            await _forgotten().send(person=caller.id, ticket=ticket)


class DraftFile(orm.Model, table="draft_files", schema="app"):
    """A file of a letter that was taken back: it is sent again with the next one unless it is left out."""

    id: orm.Column[UUID] = orm.key()
    draft_id: orm.Column[UUID] = orm.reference("app.drafts.id", delete="cascade")
    name: orm.Column[str] = orm.text()
    type: orm.Column[str] = orm.text()
    size: orm.Column[int] = orm.big()
    sha256: orm.Column[bytes] = orm.binary()
    object_id: orm.Column[UUID] = orm.identifier(unique=True)

    @classmethod
    async def take(cls, draft: UUID, message: UUID) -> None:
        """The message's files become the draft's; what lies in storage stays where it is."""
        for file in await Attachment.of(message):
            cls.add(
                draft_id=draft,
                name=file.name,
                type=file.type,
                size=file.size,
                sha256=file.sha256,
                object_id=file.object_id,
            )
        await Attachment.where(Attachment.message_id == message).delete()

    @classmethod
    async def give(cls, caller: Caller, message: Message, files: Iterable[UUID]) -> None:
        """Those of one's own draft in this ticket that are still wanted become the message's."""
        mine = Draft.of(caller, message.ticket_id).column(Draft.id)
        for file in await cls.where(cls.id.in_(list(files)), cls.draft_id.in_(mine)).order_by(cls.id).limit(20).all():
            Attachment.add(
                message_id=message.id,
                name=file.name,
                type=file.type,
                size=file.size,
                sha256=file.sha256,
                object_id=file.object_id,
                created_at=surroundings().now,
            )

    @classmethod
    async def naming(cls, objects: Iterable[UUID]) -> set[UUID]:
        """Those of the stored objects that are a draft's."""
        return {file.object_id for file in await cls.where(cls.object_id.in_(list(objects))).all()}


@orm.kept
def _forgotten() -> orm.PreparedDelete:
    person, ticket = orm.parameter("person", Draft.person_id), orm.parameter("ticket", Draft.ticket_id)
    return orm.PreparedDelete(Draft.where(Draft.person_id == person, Draft.ticket_id == ticket))
