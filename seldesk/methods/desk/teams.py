"""Teams, and who is in them."""

import builtins
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.members import Name
from seldesk.methods.desk.panels import Panel, panel
from seldesk.methods.desk.shapes.people import Party, TeamName
from seldesk.models import desk as models

PEOPLE_AND_TOKENS = (rpc.Kind.PERSON, rpc.Kind.TOKEN)
PEOPLE = (rpc.Kind.PERSON,)
Ids = Annotated[builtins.list[UUID], Meta(max_length=200)]


@dataclass(frozen=True, slots=True)
class Team:
    id: UUID
    name: str
    members: builtins.list[Party]


@dataclass(frozen=True, slots=True)
class TeamsPage:
    panel: Panel
    teams: builtins.list[Team]


@dataclass(frozen=True, slots=True)
class TeamPage:
    """One team, and everybody who could be in it. unsolved is how many of its tickets are not solved, 5,001 at most."""

    panel: Panel
    team: Team
    agents: builtins.list[Party]
    unsolved: int = 0


@rpc.public("tickets.read", kinds=PEOPLE_AND_TOKENS, reads=True)
async def names(caller: Caller) -> builtins.list[TeamName]:
    """What a ticket can be given to, by name."""
    return await models.Team.names(TeamName)


@rpc.public("settings.teams", kinds=PEOPLE_AND_TOKENS, reads=True)
async def list(caller: Caller) -> builtins.list[Team]:
    """All teams with those in them, by name."""
    return await models.Team.listed(Team, Party)


@rpc.public("settings.teams", kinds=PEOPLE, reads=True)
async def page(caller: Caller) -> TeamsPage:
    """All that the page of teams shows."""
    return TeamsPage(panel(caller), await models.Team.listed(Team, Party))


@rpc.public("settings.teams", kinds=PEOPLE, reads=True)
async def read(caller: Caller, team: UUID) -> TeamPage:
    """All that the page of one team shows."""
    found = [one for one in await models.Team.listed(Team, Party) if one.id == team]
    if not found:
        raise rpc.NotFound
    unsolved = await models.retiring.unsolved_of(team)
    return TeamPage(panel(caller), found[0], await models.Person.agents(Party), unsolved)


@rpc.public("settings.teams", kinds=PEOPLE_AND_TOKENS)
async def create(caller: Caller, name: Name) -> UUID:
    return (await models.Team.create(name)).id


@rpc.public("settings.teams", kinds=PEOPLE_AND_TOKENS)
async def update(caller: Caller, team: UUID, name: Name | UnsetType = UNSET, members: Ids | UnsetType = UNSET) -> None:
    """Change what is given. members are all of its people: who is not named is in it no longer."""
    found = await models.Team.query().lock().get(team)
    if name is not UNSET:
        await found.rename(name)
    if members is not UNSET:
        await found.consist_of(members)


@rpc.public("settings.teams", kinds=PEOPLE_AND_TOKENS)
async def delete(caller: Caller, team: UUID) -> int:
    """Its people and tickets stay, and are in no team because of it. Answers how many of these are not solved."""
    return await models.retiring.team(caller, team)
