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
from seldesk.models.desk.taking_out import Key

PEOPLE = (rpc.Kind.PERSON,)


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


@dataclass(frozen=True, slots=True)
class Begun:
    """key: what the other parts are asked for with."""

    person: Concerned
    key: str


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def begin(caller: Caller, person: UUID) -> Begun:
    """Who they are. The other parts follow. Needs a fresh proof."""
    shown = await models.privacy.shown(person, Concerned)
    return Begun(shown, models.taking_out.begun(caller, person))


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def tickets(caller: Caller, person: UUID, key: Key, after: rpc.Int8 = 0) -> list[Asked]:
    """Their next 500 tickets behind this number; none at the end."""
    return await models.privacy.tickets(await _begun(caller, person, key), Asked, after)


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def messages(caller: Caller, person: UUID, key: Key, behind: UUID | None = None) -> list[Said]:
    """The next 100 messages to them and by them behind this one; none at the end."""
    return await models.privacy.messages(await _begun(caller, person, key), Said, FileRow, behind)


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def acts(caller: Caller, person: UUID, key: Key, after: rpc.Int8 = 0) -> list[Act]:
    """The next 500 entries of the audit that are theirs; none at the end."""
    return await models.privacy.acts(await _begun(caller, person, key), Act, after)


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def attachment(caller: Caller, person: UUID, attachment: UUID, key: Key) -> File:
    """A file of one of these messages."""
    found = await models.privacy.attachment(await _begun(caller, person, key), attachment)
    return File(found.name, found.type, await found.content())


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def mail(caller: Caller, person: UUID, mail: UUID, key: Key) -> bytes:
    """A mail of theirs as it came."""
    found = await models.privacy.mail(await _begun(caller, person, key), mail)
    return await found.raw()


async def _begun(caller: Caller, person: UUID, key: str) -> UUID:
    found = (await models.Person.get(person)).id
    models.taking_out.demand_begun(caller, found, key)
    return found
