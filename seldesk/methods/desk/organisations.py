"""Organisations: where requesters belong together, and whether they share their tickets."""

import builtins
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.members import Name
from seldesk.methods.desk.panels import Panel, panel
from seldesk.methods.desk.shapes.people import Party
from seldesk.models import desk as models

PEOPLE_AND_TOKENS = (rpc.Kind.PERSON, rpc.Kind.TOKEN)
PEOPLE = (rpc.Kind.PERSON,)
Domains = Annotated[builtins.list[rpc.Line], Meta(max_length=20)]


@dataclass(frozen=True, slots=True)
class Domain:
    name: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """shared: everybody in it reads and answers the tickets of all. people is how many they are, 1000 at most."""

    id: UUID
    name: str
    shared: bool
    people: int
    domains: builtins.list[Domain]


@dataclass(frozen=True, slots=True)
class Organisations:
    """One page, by name; next and previous are cursors."""

    items: builtins.list[Organisation]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class OrganisationsPage:
    panel: Panel
    organisations: Organisations


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """One organisation and the first 200 people in it, by name."""

    panel: Panel
    organisation: Organisation
    people: builtins.list[Party]


@rpc.public("settings.organisations", kinds=PEOPLE_AND_TOKENS, reads=True)
async def list(caller: Caller, cursor: str | None = None) -> Organisations:
    """All of them, by name. cursor is `next` or `previous` of another page."""
    found = await models.Organisation.page(Organisation, Domain, cursor)
    return Organisations(found.items, found.next, found.previous)


@rpc.public("settings.organisations", kinds=PEOPLE, reads=True)
async def page(caller: Caller, cursor: str | None = None) -> OrganisationsPage:
    """All that the page of organisations shows."""
    found = await models.Organisation.page(Organisation, Domain, cursor)
    return OrganisationsPage(panel(caller), Organisations(found.items, found.next, found.previous))


@rpc.public("settings.organisations", kinds=PEOPLE, reads=True)
async def read(caller: Caller, organisation: UUID) -> OrganisationPage:
    """All that the page of one organisation shows."""
    shown = await models.Organisation.shown(organisation, Organisation, Domain)
    return OrganisationPage(panel(caller), shown, await models.Organisation.people(organisation, Party))


@rpc.public("settings.organisations", kinds=PEOPLE_AND_TOKENS)
async def create(caller: Caller, name: Name) -> UUID:
    """Nobody is in it yet, and nothing is shared."""
    return (await models.Organisation.create(name)).id


@rpc.public("settings.organisations", kinds=PEOPLE_AND_TOKENS)
async def update(
    caller: Caller,
    organisation: UUID,
    name: Name | UnsetType = UNSET,
    shared: bool | UnsetType = UNSET,
    domains: Domains | UnsetType = UNSET,
) -> None:
    """Change what is given. domains are all of its mail domains: who has an address there is in it from now on.

    A domain where anybody gets an address, such as gmail.com, is refused.
    """
    found = await models.Organisation.of(organisation)
    if name is not UNSET:
        await found.rename(name)
    if shared is not UNSET:
        found.shared = shared
    if domains is not UNSET:
        await found.own(domains)


@rpc.public("settings.organisations", kinds=PEOPLE_AND_TOKENS)
async def delete(caller: Caller, organisation: UUID) -> None:
    """People and tickets stay; they belong nowhere then."""
    await (await models.Organisation.of(organisation)).delete()
