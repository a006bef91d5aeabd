"""Roles that owners make, beside those that are built in, and what somebody may in either."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.models.desk.person import WORKERS, BuiltIn, Person
from seldesk.models.unique import written
from seldesk.permissions import GRANTABLE, grantable, held
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
Reach = Literal["all", "own"]
KINDS: dict[str, BuiltIn] = {"all": "agent", "own": "limited"}
MOST = 50
_ORDER = [permission for group in GRANTABLE.values() for permission in group]


class RoleKnown(rpc.Conflict):
    """There is a role of this name already. Choose a different one."""

    code = "role_known"


class RoleInUse(rpc.Conflict):
    """People have this role. Choose what they get instead."""

    code = "role_in_use"


class MoreThanYours(rpc.Forbidden):
    """Nobody gives what they may not do themselves, nor changes somebody who may more. An owner can."""

    code = "more_than_yours"


class Role(orm.Model, table="roles", schema="app"):
    """permissions are held beside what everybody may who works here. reach says which tickets its people see: all of
    them, or their own and those of their teams.
    """

    id: orm.Column[UUID] = orm.key()
    name: orm.Column[str] = orm.text(unique=True)
    reach: orm.Column[str] = orm.choice("all", "own")
    permissions: orm.Column[list[str]] = orm.texts()
    created_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def create(cls, name: str, reach: Reach, permissions: Collection[str]) -> Self:
        if await cls.query().count_up_to(MOST) >= MOST:
            raise rpc.Conflict(f"A helpdesk has at most {MOST} roles of its own.")
        role = cls.add(name=name, reach=reach, permissions=_checked(reach, permissions), created_at=surroundings().now)
        await written(RoleKnown)
        surroundings().trail.knowing(role=name, after=role.words)
        return role

    @classmethod
    async def of(cls, role: UUID) -> Self:
        """Held for a change: nobody gets it meanwhile."""
        return await cls.query().lock().get(role)

    @classmethod
    async def all(cls) -> list[Self]:
        return await cls.query().order_by(cls.name, cls.id).limit(MOST).all()

    @classmethod
    async def listed(cls, shape: type[Shape]) -> list[Shape]:
        return await cls.query().order_by(cls.name, cls.id).limit(MOST).into(shape, **_columns())

    @classmethod
    async def people(cls, role: UUID, shape: type[Shape]) -> list[Shape]:
        """The first 200 of those who have it, by name."""
        found = Person.where(Person.role_id == role).order_by(Person.name, Person.id).limit(200)
        return await found.into(shape, id=Person.id, name=Person.name, email=Person.email)

    @property
    def held(self) -> frozenset[str]:
        return held(KINDS[self.reach], self.permissions)

    @property
    def words(self) -> str:
        return ", ".join([self.reach, *self.permissions])

    async def change(self, name: str, reach: Reach, permissions: Collection[str]) -> None:
        """Whoever has it may and sees this from their next call on."""
        before = self.words
        self.name, self.reach, self.permissions = name, reach, _checked(reach, permissions)
        await written(RoleKnown)
        await Person.where(Person.role_id == self.id).update(role=KINDS[reach])
        surroundings().trail.knowing(role=name, before=before, after=self.words)

    async def remove(self, instead: "Post | None") -> None:
        """Its people get another one."""
        holders = Person.where(Person.role_id == self.id)
        if instead is None and await holders.exists():
            raise RoleInUse
        if instead is not None:
            if instead.kind == "owner" or (instead.role is not None and instead.role.id == self.id):
                raise rpc.Invalid(fields={"instead": "Choose another role, and none that makes owners."})
            await holders.update(role=instead.kind, role_id=instead.role and instead.role.id)
        surroundings().trail.knowing(role=self.name, before=self.words, after=instead.name if instead else "")
        await self.delete()


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody is here: an owner or an agent, or in a role that owners made."""

    kind: BuiltIn
    role: Role | None = None

    @classmethod
    async def named(cls, named: str, field: str = "role") -> Self:
        """By the name of one that is built in, or by the id of a role, which nobody changes meanwhile."""
        for kind in WORKERS:
            if named == kind:
                return cls(kind)
        try:
            role = await Role.query().lock().where(Role.id == UUID(named)).first()
        except ValueError:
            role = None
        if role is None:
            raise rpc.Invalid(fields={field: "There is no such role. Choose one from the list."})
        return cls(KINDS[role.reach], role)

    @classmethod
    async def of(cls, person: Person) -> Self:
        role = await Role.where(Role.id == person.role_id).first() if person.role_id else None
        return cls(person.role, role)  # type: ignore[arg-type]  # the column's CHECK holds it to these

    @property
    def name(self) -> str:
        return self.role.name if self.role else self.kind

    @property
    def permissions(self) -> frozenset[str]:
        return self.role.held if self.role else held(self.kind, None)

    def within(self, permissions: frozenset[str]) -> None:
        """Nobody gives more than they have, nor takes it from others."""
        if not self.permissions <= permissions:
            raise MoreThanYours

    def give(self, person: Person) -> None:
        person.role, person.role_id = self.kind, self.role.id if self.role else None


def _checked(reach: Reach, permissions: Collection[str]) -> list[str]:
    wanted = set(permissions)
    if not wanted <= grantable(KINDS["all"]):
        raise rpc.Invalid(fields={"permissions": "A role can hold what is offered here, and nothing else."})
    if not wanted <= grantable(KINDS[reach]):
        raise rpc.Invalid(
            fields={
                "permissions": "Who sees some tickets only changes nothing that concerns everybody. Let the role see "
                "all tickets, or take these away."
            }
        )
    return sorted(wanted, key=_ORDER.index)


def _columns() -> dict[str, Any]:
    return {
        "id": Role.id,
        "name": Role.name,
        "reach": Role.reach,
        "permissions": Role.permissions,
        "people": orm.capped(Person.where(Person.role_id == Role.id), 1000),
    }
