"""Mail that comes in."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk import pages
from seldesk.methods.desk.shapes.mails import Failure, Failures, Received
from seldesk.models import desk as models

Raw = Annotated[bytes, Meta(min_length=1, max_length=26_214_400)]
Waiting = Annotated[int, Meta(ge=0, le=1000)]
DOOR = (rpc.Kind.MAIL,)
PEOPLE = (rpc.Kind.PERSON,)


@rpc.public("mail.receive", kinds=DOOR, reads=True)
async def accepts(caller: Caller, recipient: rpc.Line, sender: str | None = None, waiting: Waiting = 0) -> bool:
    """Whether this address is one of the customer's mailboxes. TooManyMails for one more mail of this sender (the
    envelope's) after those that are let in already and still waiting.
    """
    found = await models.Mailbox.find(recipient) is not None
    if found and sender is not None:
        await models.arriving.welcome(sender, waiting)
    return found


@rpc.public("mail.receive", kinds=DOOR)
async def receive(caller: Caller, recipient: rpc.Line, sender: str, raw: Raw, again: bool = False) -> Received:
    """Take in one mail for one mailbox; the same mail again changes nothing. sender is the envelope's. TooManyMails
    where it, or the author, has sent too many; again: this one was taken in before, and counts for nobody.
    """
    return Received(*await models.intake.receive(caller, recipient, sender, raw, again=again))


@rpc.public("mail.receive", kinds=DOOR)
async def set_aside(caller: Caller, recipient: rpc.Line, sender: str, raw: Raw, reason: rpc.Line) -> Received:
    """Keep a mail that `receive` could not take in, so that it blocks nothing and can be tried again."""
    await models.intake.set_aside(recipient, sender, raw, reason)
    return Received("unreadable")


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def failures(caller: Caller, cursor: str | None = None) -> Failures:
    """The mails that could not be read or placed, newest first."""
    page = await models.Mail.failures(Failure, cursor)
    return Failures(await pages.desk(caller), page.items, page.next)


@rpc.public("settings", kinds=PEOPLE)
async def retry(caller: Caller, mail: UUID) -> Received:
    """Read a mail again that could not be read, or open a ticket from one that was held back."""
    return Received(*await models.intake.again(caller, await models.Mail.held_back(mail)))
