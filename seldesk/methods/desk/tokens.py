"""Tokens. Only people make them: one that leaks must not make others."""

import builtins
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.control import way_in_notices
from seldesk.methods.desk.members import Name
from seldesk.methods.desk.panels import Panel, panel
from seldesk.methods.desk.shapes.people import Issued
from seldesk.models import desk as models
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)
Scopes = Annotated[builtins.list[rpc.Line], Meta(min_length=1, max_length=50)]
# What only a session can use.
OF_SESSIONS = frozenset({"self", "settings", "settings.audit", "settings.people"})


@dataclass(frozen=True, slots=True)
class Token:
    """used_at is None for one that was never used, and may be a minute late. by_operator: a command of theirs made it,
    not its person.
    """

    id: UUID
    name: str
    person: str
    scopes: builtins.list[str]
    created_at: datetime
    used_at: datetime | None
    by_operator: bool = False


@dataclass(frozen=True, slots=True)
class TokensPage:
    """scopes are those that a new token of the reader can have."""

    panel: Panel
    scopes: builtins.list[str]
    items: builtins.list[Token]
    next: str | None
    previous: str | None


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,))
async def create(caller: Caller, email: rpc.Line, name: rpc.Line) -> Issued:
    """Make a token that acts as this agent at /rpc. It is shown once and kept only as a hash. The agent is mailed, and
    the customer's primary address: nobody else learns that the operator has a key to their account.
    """
    person, around = await models.Person.by_email(email), surroundings()
    token, secret = await models.Token.issue(person, name, by_operator=True)
    await models.Outbox.post_credentials("token_made", person.id)
    operator = around.operator.relayed(caller.address, caller.request_id)
    await operator(way_in_notices.tell, customer=around.customer.id, what="token made", about=token)
    return Issued(secret)


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def page(caller: Caller, cursor: str | None = None) -> TokensPage:
    """All that the page of tokens shows: everybody's, the newest first."""
    found = await models.Token.page(Token, cursor)
    scopes = sorted(caller.permissions - OF_SESSIONS)
    return TokensPage(panel(caller), scopes, found.items, found.next, found.previous)


@rpc.public("settings", kinds=PEOPLE)
async def issue(caller: Caller, name: Name, scopes: Scopes) -> Issued:
    """Make a token that acts as oneself, within these permissions. It is shown once and kept only as a hash."""
    _, secret = await models.Token.issue(await models.Person.get(caller.id), name, scopes)
    return Issued(secret)


@rpc.public("settings", kinds=PEOPLE)
async def revoke(caller: Caller, token: UUID) -> None:
    """End a token, whoever's it is."""
    if not await models.Token.where(models.Token.id == token).delete():
        raise rpc.NotFound
