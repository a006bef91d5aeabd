"""Roles that owners make. For people only: a token that leaks must not widen what anybody may."""

import builtins
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.members import Name
from seldesk.methods.desk.panels import Panel, panel
from seldesk.methods.desk.shapes.people import Party
from seldesk.models import desk as models
from seldesk.permissions import GRANTABLE, ROLES

PEOPLE = (rpc.Kind.PERSON,)
Permissions = Annotated[builtins.list[rpc.Line], Meta(max_length=50)]


@dataclass(frozen=True, slots=True)
class Role:
    """reach: which tickets its people see, all or their own. people is how many have it, 1000 at most."""

    id: UUID
    name: str
    reach: str
    permissions: builtins.list[str]
    people: int


@dataclass(frozen=True, slots=True)
class RolesPage:
    """grantable are the permissions that a role can hold, in groups; built_in what an agent and an owner may."""

    panel: Panel
    roles: builtins.list[Role]
    grantable: dict[str, tuple[str, ...]]
    built_in: dict[str, builtins.list[str]]


@dataclass(frozen=True, slots=True)
class RolePage:
    """One role, the first 200 of its people by name, and the other roles they could get instead."""

    panel: Panel
    role: Role
    people: builtins.list[Party]
    others: builtins.list[Role]
    grantable: dict[str, tuple[str, ...]]
    built_in: dict[str, builtins.list[str]] = field(default_factory=dict)


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def list(caller: Caller) -> builtins.list[Role]:
    """All of them, by name; those that are built in are not among them."""
    return await models.Role.listed(Role)


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def page(caller: Caller) -> RolesPage:
    """All that the page of roles shows."""
    return RolesPage(panel(caller), await models.Role.listed(Role), dict(GRANTABLE), _built_in())


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def read(caller: Caller, role: UUID) -> RolePage:
    """All that the page of one role shows."""
    found = {one.id: one for one in await models.Role.listed(Role)}
    if role not in found:
        raise rpc.NotFound
    shown = found.pop(role)
    people = await models.Role.people(role, Party)
    return RolePage(panel(caller), shown, people, [*found.values()], dict(GRANTABLE), _built_in())


@rpc.public("settings", kinds=PEOPLE)
async def create(
    caller: Caller,
    name: Name,
    reach: models.Reach = "all",
    permissions: Permissions = [],  # noqa: B006 - decoded anew for each call, never changed
) -> UUID:
    """Who has it may what stands in it, and reads tickets as everybody does who works here."""
    return (await models.Role.create(name, reach, permissions)).id


@rpc.public("settings", kinds=PEOPLE)
async def update(
    caller: Caller,
    role: UUID,
    name: Name,
    reach: models.Reach,
    permissions: Permissions,
) -> None:
    """Set all of it. It holds from the next call of each of its people on."""
    await (await models.Role.of(role)).change(name, reach, permissions)


@rpc.public("settings", kinds=PEOPLE)
async def delete(caller: Caller, role: UUID, instead: rpc.Line | None = None) -> None:
    """instead is what its people get: agent, limited, or the id of another role. Without people it is not needed."""
    found = await models.Role.of(role)
    await found.remove(None if instead is None else await models.Post.named(instead, "instead"))


def _built_in() -> dict[str, builtins.list[str]]:
    return {kind: sorted(ROLES[kind]) for kind in ("agent", "owner")}
