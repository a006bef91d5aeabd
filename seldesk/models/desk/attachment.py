from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import orm
import rpc
from seldesk.caller import Caller
from seldesk.mail import html
from seldesk.mail.names import safe_name
from seldesk.models.desk.mail import Mail
from seldesk.models.desk.message import Message
from seldesk.models.desk.ticket import Ticket
from seldesk.models.long_text import apart
from seldesk.surroundings import surroundings

# Not for longer: a link asks nobody whether the one who was given it may still see the ticket.
LINK_GOOD_FOR = timedelta(minutes=1)
SWEPT_AFTER = timedelta(days=1)


class Attachment(orm.Model, table="attachments", schema="app"):
    """A file in a message. Its content lies sealed in storage, under the object's id."""

    id: orm.Column[UUID] = orm.key()
    message_id: orm.Column[UUID] = orm.reference("app.messages.id")
    name: orm.Column[str] = orm.text()
    type: orm.Column[str] = orm.text()
    size: orm.Column[int] = orm.big()
    sha256: orm.Column[bytes] = orm.binary()
    object_id: orm.Column[UUID] = orm.identifier(unique=True)
    content_id: orm.Column[str | None] = orm.text(optional=True)
    created_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def keep(cls, message: Message, files: Iterable[rpc.Upload], content_ids: Iterable[str | None] = ()) -> None:
        """Store them before the row that names them is committed; what no row names is swept later."""
        around, ids = surroundings(), iter(content_ids)
        for file in files:
            stored = await around.storage.put(around.customer.id, file.content)
            cls.add(
                message_id=message.id,
                name=safe_name(file.name),
                type=file.type[:100] or "application/octet-stream",
                size=stored.size,
                sha256=stored.sha256,
                object_id=stored.object_id,
                content_id=next(ids, None),
                created_at=around.now,
            )

    @classmethod
    async def seen_by(cls, caller: Caller, attachment: UUID) -> Self:
        theirs = (
            cls.where(cls.id == attachment)
            .join(Message, Message.id == cls.message_id)
            .join(Ticket, Ticket.id == Message.ticket_id)
            .where(*Ticket.visible_to(caller))
        )
        return await (theirs if caller.may("tickets.read") else theirs.where(Message.kind == "message")).one()

    @classmethod
    async def by_link(cls, token: str) -> Self:
        content = surroundings().signer.read("attachment", token, surroundings().now)
        return await cls.get(UUID(content["id"]))

    @classmethod
    async def document(cls, message: Message, *, images: bool) -> str:
        """The HTML that a mail brought, made safe; its own pictures by short-lived links."""
        if message.html is None:
            raise rpc.NotFound("This message has no HTML of its own.")
        links = {file.content_id: file.link() for file in await cls.of(message.id) if file.content_id}
        safe = await apart(message.html, html.sanitise, message.html, image_urls=links, show_remote=images)
        return html.document(safe)

    @classmethod
    async def sweep(cls, named_elsewhere: Callable[[Sequence[UUID]], Awaitable[set[UUID]]]) -> int:
        """Remove stored objects older than a day that neither a row nor a copy names."""
        around, removed = surroundings(), 0
        stored = await around.storage.list(around.customer.id)
        old = [object_id for object_id, when in stored.items() if when < around.now - SWEPT_AFTER]
        for start in range(0, len(old), 500):
            some = old[start : start + 500]
            named = {file.object_id for file in await cls.where(cls.object_id.in_(some)).all()}
            named |= await Mail.naming(some) | await named_elsewhere(some)
            named.update(logo for logo in (around.customer.brand.logo,) if logo is not None)
            unnamed = set(some) - named
            # A copy that is restored must find them.
            for object_id in unnamed - (await around.named(around.customer.id, unnamed) if unnamed else set()):
                await around.storage.delete(around.customer.id, object_id)
                removed += 1
        return removed

    @classmethod
    async def of(cls, message: UUID) -> list[Self]:
        return await cls.where(cls.message_id == message).order_by(cls.id).limit(100).all()

    def link(self) -> str:
        """An address on the host of files that opens it for a minute."""
        around = surroundings()
        token = around.signer.sign("attachment", {"id": str(self.id)}, around.now + LINK_GOOD_FOR)
        return f"{around.addresses.files(around.customer.slug)}/{token}"

    async def content(self) -> bytes:
        return await surroundings().storage.get(surroundings().customer.id, self.object_id)
