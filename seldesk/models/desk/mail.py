from collections.abc import Collection
from datetime import datetime
from typing import Any, Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.models.desk.mailbox import MOST, Mailbox
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")


class Mail(orm.Model, table="mails", schema="app"):
    """A mail as it came, and what was decided about it. Nothing that arrived is ever lost."""

    id: orm.Column[UUID] = orm.key()
    mailbox_id: orm.Column[UUID] = orm.reference("app.mailboxes.id", index=False)
    recipient: orm.Column[str] = orm.text()
    sender: orm.Column[str] = orm.text()
    digest: orm.Column[bytes] = orm.binary()
    size: orm.Column[int] = orm.big()
    object_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    state: orm.Column[str] = orm.choice("opened", "threaded", "suspended", "failed", "bounced")
    kind: orm.Column[str] = orm.text(default="")
    reason: orm.Column[str] = orm.text(default="")
    ticket_id: orm.Column[UUID | None] = orm.reference("app.tickets.id", optional=True)
    # The message that it became.
    message_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    received_at: orm.Column[datetime] = orm.time()

    indexes = (
        orm.index("mails_once", "mailbox_id", "digest", unique=True),
        orm.index("mails_received", "mailbox_id", "received_at"),
        orm.index("mails_message", "message_id", where="message_id is not null"),
        orm.index("mails_failed", "received_at", "id", where="state in ('failed', 'suspended')"),
    )

    @classmethod
    async def mailboxes(cls, shape: type[Shape]) -> list[Shape]:
        """All mailboxes by address, each with the time of its last mail."""
        return await Mailbox.query().order_by(Mailbox.address).limit(MOST).into(shape, **cls._health())

    @classmethod
    async def mailbox(cls, mailbox: UUID, shape: type[Shape]) -> Shape:
        return await Mailbox.where(Mailbox.id == mailbox).one_into(shape, **cls._health())

    @classmethod
    def _health(cls) -> dict[str, Any]:
        newest = cls.where(cls.mailbox_id == Mailbox.id).column(orm.maximum(cls.received_at))
        return {
            "id": Mailbox.id,
            "address": Mailbox.address,
            "name": Mailbox.name,
            "signature": Mailbox.signature,
            "reopens_for": Mailbox.reopens_for,
            "received_at": newest,
        }

    @classmethod
    async def failures(cls, shape: type[Shape], cursor: str | None) -> orm.Page[Shape]:
        held = cls.where(cls.state.in_(("failed", "suspended"))).join(Mailbox, Mailbox.id == cls.mailbox_id)
        return await held.page(
            shape,
            by=(cls.received_at, cls.id),
            size=50,
            cursor=cursor,
            id=cls.id,
            sender=cls.sender,
            mailbox=Mailbox.address,
            error=cls.reason,
            received_at=cls.received_at,
        )

    @classmethod
    async def behind(cls, message: UUID) -> Self:
        """The mail that this message was."""
        found = await cls.where(cls.message_id == message).limit(1).first()
        if found is None:
            raise rpc.NotFound("This message did not come by mail.")
        return found

    @classmethod
    async def naming(cls, objects: Collection[UUID]) -> set[UUID]:
        """Those of the stored objects that are the source of a mail."""
        kept = await cls.where(cls.object_id.in_(objects)).limit(len(objects)).all()
        return {mail.object_id for mail in kept if mail.object_id is not None}

    @classmethod
    async def held_back(cls, mail: UUID) -> Self:
        """One that failed or was suspended, for another try."""
        return await cls.where(cls.id == mail, cls.state.in_(("failed", "suspended"))).lock().one()

    async def raw(self) -> bytes:
        if self.object_id is None:
            raise rpc.NotFound("The mail itself was not kept.")
        return await surroundings().storage.get(surroundings().customer.id, self.object_id)

    @classmethod
    async def keep(cls, mailbox: Mailbox, recipient: str, sender: str, raw: bytes, digest: bytes) -> Self | None:
        """A row for it and the source in storage; None when this mailbox has had it before."""
        around = surroundings()
        new = await orm.insert_or_skip(
            cls,
            {
                "mailbox_id": mailbox.id,
                "recipient": recipient,
                "sender": sender,
                "digest": digest,
                "size": len(raw),
                "state": "failed",
                "received_at": around.now,
            },
        )
        if not new:
            return None
        kept = await cls.where(cls.mailbox_id == mailbox.id, cls.digest == digest).one()
        kept.object_id = (await around.storage.put(around.customer.id, raw)).object_id
        return kept
