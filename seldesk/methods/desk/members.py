"""Who works here, as owners manage them. For people only: a token that leaks must not make an owner."""

import builtins
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.panels import Panel, panel
from seldesk.models import desk as models
from seldesk.models.proof import demand_fresh

OWNERS = (rpc.Kind.PERSON,)
Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^\S([^\r\n]*\S)?$")]


@dataclass(frozen=True, slots=True)
class Member:
    """state: active, invited (the link waits for them), expired (it waited too long), disabled. bounced says that a
    mail to them came back, enrolled that they have a second factor."""

    id: UUID
    name: str
    email: str
    role: str
    state: Literal["active", "invited", "expired", "disabled"]
    bounced: bool
    enrolled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Members:
    """One page of them, by name; next and previous are cursors."""

    items: builtins.list[Member]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class MembersPage:
    panel: Panel
    members: Members


@dataclass(frozen=True, slots=True)
class MemberPage:
    panel: Panel
    member: Member


@rpc.public("settings", kinds=OWNERS, reads=True)
async def list(caller: Caller, cursor: str | None = None) -> Members:
    """Everybody who works here or did."""
    page = await models.Member.page(Member, cursor)
    return Members(page.items, page.next, page.previous)


@rpc.public("settings", kinds=OWNERS, reads=True)
async def page(caller: Caller, cursor: str | None = None) -> MembersPage:
    """All that the page of people shows."""
    found = await models.Member.page(Member, cursor)
    return MembersPage(panel(caller), Members(found.items, found.next, found.previous))


@rpc.public("settings", kinds=OWNERS, reads=True)
async def read(caller: Caller, person: UUID) -> MemberPage:
    """All that the page of one person shows."""
    return MemberPage(panel(caller), await models.Member.shown(person, Member))


@rpc.public("settings", kinds=OWNERS)
async def invite(caller: Caller, email: rpc.Line, name: Name, role: models.Role) -> UUID:
    """Add an owner or an agent and mail them a one-time link, good for 72 hours, that sets their password."""
    if role == "owner":
        demand_fresh(caller)
    return (await models.Member.invite(email, name, role)).person.id


@rpc.public("settings", kinds=OWNERS)
async def send_again(caller: Caller, person: UUID) -> None:
    """Mail a new link to who has no password yet. The earlier link stops working."""
    await (await models.Member.of(person)).send_again()


@rpc.public("settings", kinds=OWNERS)
async def revoke(caller: Caller, person: UUID) -> None:
    """Take an invitation back. Its person works here no longer."""
    await (await models.Member.of(person)).revoke()


@rpc.public("settings", kinds=OWNERS)
async def update(
    caller: Caller, person: UUID, name: Name | UnsetType = UNSET, role: models.Role | UnsetType = UNSET
) -> None:
    """Change what is given. Addresses stay: who has a new one is invited with it. Who becomes an owner, or is one no
    longer, needs a fresh proof of the one who says so.
    """
    member = await models.Member.of(person)
    if role is not UNSET and role != member.person.role and "owner" in (role, member.person.role):
        demand_fresh(caller)
    await member.change(name=name, role=role)


@rpc.public("settings", kinds=OWNERS)
async def disable(caller: Caller, person: UUID) -> None:
    """End all their sessions, tokens and links at once, and keep them out."""
    await (await models.Member.of(person)).disable()


@rpc.public("settings", kinds=OWNERS)
async def reset_factors(caller: Caller, person: UUID) -> None:
    """Remove all second factors of another who has lost them, a requester as well, end their sessions and tokens, and
    tell them by mail.
    """
    if person == caller.id:
        raise rpc.Conflict("Your own are in your profile.")
    if not await models.access.reset_factors((await models.Person.get(person)).id):
        raise rpc.Conflict("This person has no second factor.")


@rpc.public("settings", kinds=OWNERS)
async def enable(caller: Caller, person: UUID) -> None:
    """Let them in again with the password they had."""
    await (await models.Member.of(person)).enable()
