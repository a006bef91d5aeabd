from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.mail import characters
from seldesk.methods.desk import pages
from seldesk.methods.desk.shapes.tickets import File, Source
from seldesk.models import desk as models

MOST_SHOWN = 200_000
MOST_READ = 4 * MOST_SHOWN  # bytes


@rpc.public("attachments", kinds=(rpc.Kind.PERSON, rpc.Kind.LINK), reads=True)
async def body(caller: Caller, message: UUID, images: bool = False) -> str:
    """The HTML that a mail brought as a whole document, sanitised, for a sandboxed frame.

    Pictures from foreign hosts are left out unless `images` asks for them.
    """
    return await models.Attachment.document(await models.Message.seen_by(caller, message), images=images)


@rpc.public("tickets.read", kinds=(rpc.Kind.PERSON,), reads=True)
async def source(caller: Caller, message: UUID) -> Source:
    """The mail behind a message as it came, as text, with what was decided about it."""
    said = await models.Message.seen_by(caller, message)
    mail = await models.Mail.behind(said.id)
    raw = await mail.raw()
    # To the end of a line: a character that is cut in two would make all of it another charset.
    head = raw[:MOST_READ]
    head = head[: head.rfind(b"\n") + 1] if len(raw) > MOST_READ and b"\n" in head else head
    text = characters.source(head)
    return Source(
        desk=await pages.desk(caller),
        number=(await models.Ticket.get(said.ticket_id)).number,
        message=said.id,
        author=(await models.Person.get(said.author_id)).name,
        sender=mail.sender,
        recipient=mail.recipient,
        kind=mail.kind,
        match_reason=said.match_reason,
        verified=said.verified,
        size=mail.size,
        received_at=mail.received_at,
        text=text[:MOST_SHOWN],
        cut=len(text) > MOST_SHOWN or len(raw) > MOST_READ,
    )


@rpc.public("tickets.read", kinds=(rpc.Kind.PERSON, rpc.Kind.TOKEN), reads=True)
async def raw(caller: Caller, message: UUID) -> File:
    """The mail behind a message, byte by byte as it came."""
    said = await models.Message.seen_by(caller, message)
    content = await (await models.Mail.behind(said.id)).raw()
    return File(f"mail-{said.id}.eml", "message/rfc822", content)
