from collections.abc import Collection
from datetime import datetime
from typing import Any, Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.models.desk.person import WORKERS, Person
from seldesk.models.unique import written
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
MOST = 200


class TeamKnown(rpc.Conflict):
    """There is a team of this name already. Choose a different one."""

    code = "team_known"


class Team(orm.Model, table="teams", schema="app"):
    """People who share tickets."""

    id: orm.Column[UUID] = orm.key()
    name: orm.Column[str] = orm.text(unique=True)
    created_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def create(cls, name: str) -> Self:
        if await cls.query().count_up_to(MOST) >= MOST:
            raise rpc.Conflict(f"A helpdesk has at most {MOST} teams.")
        team = cls.add(name=name, created_at=surroundings().now)
        await written(TeamKnown)
        return team

    @classmethod
    async def names(cls, shape: type[Shape]) -> list[Shape]:
        return await cls.named().into(shape, id=cls.id, name=cls.name)

    @classmethod
    def named(cls) -> "orm.Query[Self]":
        return cls.query().order_by(cls.name, cls.id).limit(MOST)

    @classmethod
    async def listed(cls, shape: type[Shape], member: type[Any]) -> list[Shape]:
        """All teams by name, each with those in it who work here."""
        people = (
            Person.where(Person.role.in_(WORKERS), Membership.team_id == Team.id)
            .join(Membership, Membership.person_id == Person.id)
            .order_by(Person.name, Person.id)
            .limit(MOST)
        )
        listed = people.as_list(member, id=Person.id, name=Person.name, email=Person.email)
        return await cls.named().into(shape, id=cls.id, name=cls.name, members=listed)

    async def rename(self, name: str) -> None:
        self.name = name
        await written(TeamKnown)

    async def consist_of(self, people: Collection[UUID]) -> None:
        """Exactly these, all of whom work here."""
        wanted = set(people)
        known = Person.where(Person.id.in_(wanted), Person.role.in_(WORKERS))
        if len(wanted) > MOST or await known.count_up_to(MOST) < len(wanted):
            raise rpc.Invalid(fields={"members": f"At most {MOST} people, all of whom work here."})
        await Membership.where(Membership.team_id == self.id).delete()
        for person in wanted:
            Membership.add(team_id=self.id, person_id=person)


class Membership(orm.Model, table="memberships", schema="app"):
    id: orm.Column[UUID] = orm.key()
    team_id: orm.Column[UUID] = orm.reference("app.teams.id", index=False)
    person_id: orm.Column[UUID] = orm.reference("app.people.id")

    indexes = (orm.unique("team_id", "person_id"),)

    @classmethod
    def teams_of(cls, person: UUID | orm.Expression) -> Any:
        """The ids of their teams, for in_()."""
        return cls.where(cls.person_id == person).column(cls.team_id)

    @classmethod
    def members_of(cls, team: Any) -> Any:
        """The ids of a team's people, for in_()."""
        return cls.where(cls.team_id == team).column(cls.person_id)
