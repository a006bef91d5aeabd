import builtins
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.members import Name
from seldesk.methods.desk.panels import Panel, panel
from seldesk.models import desk as models
from seldesk.surroundings import surroundings

PEOPLE_AND_TOKENS = (rpc.Kind.PERSON, rpc.Kind.TOKEN)
PEOPLE = (rpc.Kind.PERSON,)
Signature = Annotated[str, Meta(max_length=2000)]
Days = Annotated[int, Meta(ge=0, le=3650)]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """received_at is when the last mail came in, None when none ever did. reopens_for is in days, see update."""

    id: UUID
    address: str
    name: str
    signature: str
    reopens_for: int
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class MailboxesPage:
    """domain is what follows the @ of every address."""

    panel: Panel
    domain: str
    mailboxes: builtins.list[Mailbox]


@dataclass(frozen=True, slots=True)
class MailboxPage:
    """others are those from which answers could leave instead."""

    panel: Panel
    mailbox: Mailbox
    others: builtins.list[Mailbox] = field(default_factory=builtins.list)


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,))
async def create(caller: Caller, address: rpc.Line, name: rpc.Line) -> None:
    """Add a mailbox. address lies in the customer's own mail domain."""
    await models.Mailbox.create(address, name)


@rpc.public("settings.mailboxes", kinds=PEOPLE_AND_TOKENS)
async def add(caller: Caller, address: rpc.Line, name: Name) -> UUID:
    """Add a mailbox. address lies in the customer's own mail domain, so that what stands before the @ is enough; it
    cannot be changed later.
    """
    return (await models.Mailbox.create(address, name)).id


@rpc.public("settings.mailboxes", kinds=PEOPLE_AND_TOKENS, reads=True)
async def list(caller: Caller) -> builtins.list[Mailbox]:
    """All mailboxes, by address."""
    return await models.Mail.mailboxes(Mailbox)


@rpc.public("settings.mailboxes", kinds=PEOPLE, reads=True)
async def page(caller: Caller) -> MailboxesPage:
    """All that the page of mailboxes shows."""
    around = surroundings()
    domain = around.addresses.mail_domain(around.customer.slug)
    return MailboxesPage(panel(caller), domain, await models.Mail.mailboxes(Mailbox))


@rpc.public("settings.mailboxes", kinds=PEOPLE, reads=True)
async def read(caller: Caller, mailbox: UUID) -> MailboxPage:
    """All that the page of one mailbox shows."""
    shown = await models.Mail.mailbox(mailbox, Mailbox)
    others = [one for one in await models.Mail.mailboxes(Mailbox) if one.id != mailbox]
    return MailboxPage(panel(caller), shown, others)


@rpc.public("settings.mailboxes", kinds=PEOPLE_AND_TOKENS)
async def update(
    caller: Caller,
    mailbox: UUID,
    name: Name | UnsetType = UNSET,
    signature: Signature | UnsetType = UNSET,
    reopens_for: Days | UnsetType = UNSET,
) -> None:
    """Change what is given. signature is plain text and stands under every reply as it is written here. What a
    requester writes reopens a ticket until so many days after it was closed, 0 is for ever; later it begins a new one,
    linked with the old one.
    """
    found = await models.Mailbox.query().lock().get(mailbox)
    if name is not UNSET:
        found.name = name
    if signature is not UNSET:
        found.signature = signature.strip()
    if reopens_for is not UNSET:
        found.reopens_for = reopens_for


@rpc.public("settings.mailboxes", kinds=PEOPLE_AND_TOKENS)
async def delete(caller: Caller, mailbox: UUID, instead: UUID) -> None:
    """Mail to its address is refused from then on. Its tickets stay, and their answers leave from the mailbox that is
    named instead. The last one cannot be deleted.
    """
    await models.retiring.mailbox(mailbox, instead)


@rpc.public("settings.mailboxes", kinds=PEOPLE)
async def send_test(caller: Caller, mailbox: UUID) -> None:
    """Mail a test from this mailbox to oneself."""
    await models.Outbox.post_test((await models.Mailbox.get(mailbox)).id, caller.id)
