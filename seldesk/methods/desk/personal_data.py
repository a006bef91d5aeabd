"""A copy of what is known of one person, for that person: an owner takes it out, part by part.

Without what others noted among themselves, and without the mails of others.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.privacy import Concerned
from seldesk.methods.desk.shapes.tickets import File, FileRow
from seldesk.models import desk as models

OWNERS = (rpc.Kind.PERSON,)


@dataclass(frozen=True, slots=True)
class Asked:
    """A ticket of theirs."""

    number: int
    subject: str
    status: str
    priority: str
    tags: list[str]
    channel: str
    created_at: datetime
    updated_at: datetime
    solved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """A message to them or by them. mail is the id of the mail that it was, where they wrote it."""

    id: UUID
    ticket: int
    side: str
    author: str
    text: str
    created_at: datetime
    mail: UUID | None
    files: list[FileRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Act:
    """What they did, and the address they came from."""

    number: int
    happened_at: datetime
    method: str
    outcome: str
    address: str


@rpc.public("settings", kinds=OWNERS, reads=True)
async def begin(caller: Caller, person: UUID) -> Concerned:
    """Who they are. The other parts follow."""
    return await models.privacy.shown(person, Concerned)


@rpc.public("settings", kinds=OWNERS, reads=True)
async def tickets(caller: Caller, person: UUID, after: rpc.Int8 = 0) -> list[Asked]:
    """Their next 500 tickets behind this number; none at the end."""
    return await models.privacy.tickets(await _known(person), Asked, after)


@rpc.public("settings", kinds=OWNERS, reads=True)
async def messages(caller: Caller, person: UUID, behind: UUID | None = None) -> list[Said]:
    """The next 100 messages to them and by them behind this one; none at the end."""
    return await models.privacy.messages(await _known(person), Said, FileRow, behind)


@rpc.public("settings", kinds=OWNERS, reads=True)
async def acts(caller: Caller, person: UUID, after: rpc.Int8 = 0) -> list[Act]:
    """The next 500 entries of the audit that are theirs; none at the end."""
    return await models.privacy.acts(await _known(person), Act, after)


@rpc.public("settings", kinds=OWNERS, reads=True)
async def attachment(caller: Caller, person: UUID, attachment: UUID) -> File:
    """A file of one of these messages."""
    found = await models.privacy.attachment(person, attachment)
    return File(found.name, found.type, await found.content())


@rpc.public("settings", kinds=OWNERS, reads=True)
async def mail(caller: Caller, person: UUID, mail: UUID) -> bytes:
    """A mail of theirs as it came."""
    return await (await models.privacy.mail(person, mail)).raw()


async def _known(person: UUID) -> UUID:
    return (await models.Person.get(person)).id
