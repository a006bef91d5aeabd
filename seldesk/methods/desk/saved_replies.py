"""Texts for what is asked often, which agents put into what they write."""

import builtins
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.members import Name
from seldesk.methods.desk.panels import Panel, panel
from seldesk.methods.desk.shapes.desk import SavedReplyName
from seldesk.models import desk as models

PEOPLE_AND_TOKENS = (rpc.Kind.PERSON, rpc.Kind.TOKEN)
PEOPLE = (rpc.Kind.PERSON,)
Typed = Annotated[str, Meta(max_length=255)]
Text = Annotated[str, Meta(min_length=1, max_length=10_000)]


@dataclass(frozen=True, slots=True)
class SavedReplyRow:
    """beginning are the first 200 characters of its text."""

    id: UUID
    name: str
    beginning: str


@dataclass(frozen=True, slots=True)
class SavedReply:
    id: UUID
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SavedRepliesPage:
    panel: Panel
    replies: builtins.list[SavedReplyRow]


@dataclass(frozen=True, slots=True)
class SavedReplyPage:
    panel: Panel
    reply: SavedReply


@rpc.public("tickets.read", kinds=PEOPLE_AND_TOKENS, reads=True)
async def list(caller: Caller) -> builtins.list[SavedReplyName]:
    """All saved replies, by name."""
    return await models.SavedReply.names(SavedReplyName)


@rpc.public("tickets.read", kinds=PEOPLE_AND_TOKENS, reads=True)
async def fill(caller: Caller, number: rpc.Int4, reply: UUID) -> str:
    """The text of a saved reply for this ticket: its requester, the caller and its number stand in their places."""
    ticket = await models.Ticket.seen_by(caller).where(models.Ticket.number == number).one()
    requester = await models.Person.get(ticket.requester_id)
    return (await models.SavedReply.get(reply)).filled(requester.name, caller.name, number)


@rpc.public("tickets.reply", kinds=PEOPLE_AND_TOKENS, reads=True)
async def fill_new(caller: Caller, reply: UUID, requester_email: Typed = "", requester_name: Typed = "") -> str:
    """The text of a saved reply for a ticket that is about to be opened. Its number is not known, so that {number}
    stays as it is, and so does {requester} where no name is typed and nobody is known who has the address.
    """
    name = requester_name.strip() or await models.contact.name_of(caller, requester_email)
    return (await models.SavedReply.get(reply)).filled(name, caller.name, None)


@rpc.public("settings.saved_replies", kinds=PEOPLE, reads=True)
async def page(caller: Caller) -> SavedRepliesPage:
    """All that the page of saved replies shows."""
    return SavedRepliesPage(panel(caller), await models.SavedReply.listed(SavedReplyRow))


@rpc.public("settings.saved_replies", kinds=PEOPLE, reads=True)
async def read(caller: Caller, reply: UUID) -> SavedReplyPage:
    """All that the page of one saved reply shows."""
    found = await models.SavedReply.get(reply)
    return SavedReplyPage(panel(caller), SavedReply(found.id, found.name, found.text))


@rpc.public("settings.saved_replies", kinds=PEOPLE_AND_TOKENS)
async def create(caller: Caller, name: Name, text: Text) -> UUID:
    """Keep a text. {requester}, {agent} and {number} in it stand for those of the ticket it is put into."""
    return (await models.SavedReply.create(name, text)).id


@rpc.public("settings.saved_replies", kinds=PEOPLE_AND_TOKENS)
async def update(caller: Caller, reply: UUID, name: Name | UnsetType = UNSET, text: Text | UnsetType = UNSET) -> None:
    """Change what is given. What was written with it stays as it is."""
    await (await models.SavedReply.query().lock().get(reply)).change(name=name, text=text)


@rpc.public("settings.saved_replies", kinds=PEOPLE_AND_TOKENS)
async def delete(caller: Caller, reply: UUID) -> None:
    """Forget a text. What was written with it stays as it is."""
    await (await models.SavedReply.query().lock().get(reply)).delete()
