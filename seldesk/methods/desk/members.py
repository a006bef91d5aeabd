"""Who works here, as owners manage them, or whom they let. For people only: a leaked token must not make an owner."""

import builtins
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

import rpc
from seldesk.caller import Caller
from seldesk.methods.control import accesses
from seldesk.methods.desk.panels import Panel, panel
from seldesk.models import desk as models
from seldesk.models.proof import demand_fresh
from seldesk.permissions import ROLES
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)
Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^\S([^\r\n]*\S)?$(?!\n)")]


@dataclass(frozen=True, slots=True)
class Member:
    """state: active, invited (the link waits for them), expired (it waited too long), disabled. bounced says that a
    mail to them came back, enrolled that they have a second factor. role_name is the name of a role that owners made,
    "" for those that are built in.
    """

    id: UUID
    name: str
    email: str
    role: str
    state: Literal["active", "invited", "expired", "disabled"]
    bounced: bool
    enrolled: bool
    created_at: datetime
    role_id: UUID | None = None
    role_name: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A role that the reader may give: the name of one that is built in, or an id and the name that owners gave it."""

    role: str
    name: str = ""


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
    roles: builtins.list[Offered] = field(default_factory=builtins.list)


@dataclass(frozen=True, slots=True)
class MemberPage:
    panel: Panel
    member: Member
    roles: builtins.list[Offered] = field(default_factory=builtins.list)


@rpc.public("settings.people", kinds=PEOPLE, reads=True)
async def list(caller: Caller, cursor: str | None = None) -> Members:
    """Everybody who works here or did."""
    page = await models.Member.page(Member, cursor)
    return Members(page.items, page.next, page.previous)


@rpc.public("settings.people", kinds=PEOPLE, reads=True)
async def page(caller: Caller, cursor: str | None = None) -> MembersPage:
    """All that the page of people shows."""
    found = await models.Member.page(Member, cursor)
    return MembersPage(panel(caller), Members(found.items, found.next, found.previous), await _offered(caller))


@rpc.public("settings.people", kinds=PEOPLE, reads=True)
async def read(caller: Caller, person: UUID) -> MemberPage:
    """All that the page of one person shows."""
    return MemberPage(panel(caller), await models.Member.shown(person, Member), await _offered(caller))


@rpc.public("settings.people", kinds=PEOPLE)
async def invite(caller: Caller, email: rpc.Line, name: Name, role: rpc.Line) -> UUID:
    """Let somebody work here and mail them a one-time link, good for 72 hours, that sets their password. role is
    agent, limited or owner, or the id of a role of one's own; nobody gives more than they have.
    """
    if role == "owner":
        demand_fresh(caller)
    return (await models.Member.invite(caller, email, name, role)).person.id


@rpc.public("settings.people", kinds=PEOPLE)
async def send_again(caller: Caller, person: UUID) -> None:
    """Mail a new link to who has no password yet. The earlier link stops working."""
    await (await models.Member.managed_by(caller, person)).send_again()


@rpc.public("settings.people", kinds=PEOPLE)
async def revoke(caller: Caller, person: UUID) -> None:
    """Take an invitation back. Its person works here no longer."""
    await (await models.Member.managed_by(caller, person)).revoke()


@rpc.public("settings.people", kinds=PEOPLE)
async def update(
    caller: Caller, person: UUID, name: Name | UnsetType = UNSET, role: rpc.Line | UnsetType = UNSET
) -> None:
    """Change what is given; role as in invite. Addresses stay: who has a new one is invited with it. Who becomes an
    owner, or is one no longer, needs a fresh proof of the one who says so.
    """
    post = None
    if role is not UNSET:
        before = await models.Member.known(person)
        if role != before and "owner" in (role, before):
            demand_fresh(caller)
        # Held before the person is: in the order in which whoever changes a role comes by.
        post = await models.Post.named(role)
        post.within(caller.permissions)
    await (await models.Member.managed_by(caller, person)).change(name=name, post=post)


@rpc.public("settings.people", kinds=PEOPLE)
async def disable(caller: Caller, person: UUID) -> None:
    """End all their sessions, tokens and links at once, and what staff do in their name, and keep them out."""
    await (await models.Member.managed_by(caller, person)).disable()
    around = surroundings()
    # Nobody of the staff is in a copy on the side, and from there nothing of the living one is ended.
    if around.customer.side is None:
        await around.operator(accesses.lose, customer=around.customer.id, subject=person)


@rpc.public("settings.people", kinds=PEOPLE)
async def end_sessions(caller: Caller, person: UUID) -> None:
    """End all sessions and tokens of another, who can sign in anew."""
    if person == caller.id:
        raise rpc.Conflict("Your own are in your profile.")
    await models.access.end((await models.Member.managed_by(caller, person)).person.id)


@rpc.public("settings", kinds=PEOPLE)
async def reset_factors(caller: Caller, person: UUID) -> None:
    """Remove all second factors of another who has lost them, a requester as well, end their sessions and tokens, and
    tell them by mail.
    """
    if person == caller.id:
        raise rpc.Conflict("Your own are in your profile.")
    if not await models.access.reset_factors((await models.Person.get(person)).id):
        raise rpc.Conflict("This person has no second factor.")


@rpc.public("settings.people", kinds=PEOPLE)
async def enable(caller: Caller, person: UUID) -> None:
    """Let them in again with the password they had."""
    await (await models.Member.managed_by(caller, person)).enable()


async def _offered(caller: Caller) -> builtins.list[Offered]:
    built_in = [Offered(kind) for kind in ROLES if kind != "requester" and ROLES[kind] <= caller.permissions]
    own = [one for one in await models.Role.all() if one.held <= caller.permissions]
    return built_in + [Offered(str(one.id), one.name) for one in own]
