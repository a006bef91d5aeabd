from datetime import datetime
from typing import Any, Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.models.desk import mail_domain
from seldesk.models.desk.mail_domain import MailDomain
from seldesk.models.desk.person import Person
from seldesk.models.unique import written
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
MOST = 1000
MOST_PEOPLE = 200
Asking = Person.alias("asking")
Colleague = Person.alias("colleague")


class OrganisationKnown(rpc.Conflict):
    """There is an organisation of this name already. Choose a different one."""

    code = "organisation_known"


class Organisation(orm.Model, table="organisations", schema="app"):
    """Where requesters belong together. shared: each of them reads and answers the tickets of all."""

    id: orm.Column[UUID] = orm.key()
    name: orm.Column[str] = orm.text(unique=True)
    shared: orm.Column[bool] = orm.flag(default=False)
    created_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def create(cls, name: str) -> Self:
        if await cls.query().count_up_to(MOST) >= MOST:
            raise rpc.Conflict(f"A helpdesk has at most {MOST:,} organisations.")
        made = cls.add(name=name, created_at=surroundings().now)
        await written(OrganisationKnown)
        return made

    @classmethod
    async def of(cls, organisation: UUID) -> Self:
        """Held for a change."""
        return await cls.query().lock().get(organisation)

    async def rename(self, name: str) -> None:
        self.name = name
        await written(OrganisationKnown)

    async def own(self, domains: list[str]) -> None:
        """Exactly these mail domains: who has such an address is in it, who only had one of another no longer."""
        spelt = mail_domain.read(domains)
        await MailDomain.give(self.id, spelt)
        by_domain = Person.where(~Person.placed)
        domain = orm.function("split_part", Person.email, "@", 2)
        await by_domain.where(Person.organisation_id == self.id, domain.not_in(spelt)).update(organisation_id=None)
        await by_domain.where(domain.in_(spelt)).update(organisation_id=self.id)

    @classmethod
    async def place(cls, person: Person, organisation: UUID | None) -> None:
        """Somebody says where this person belongs, whatever the address says."""
        if organisation is not None and not await cls.where(cls.id == organisation).exists():
            raise rpc.Invalid(fields={"organisation": "There is no such organisation."})
        person.organisation_id, person.placed = organisation, True

    @classmethod
    def colleagues(cls, person: UUID) -> Any:
        """The ids of those whose tickets this person shares, for in_(); none where nothing is shared."""
        shared = orm.and_(cls.id == Asking.organisation_id, cls.shared)
        own = Asking.where(Asking.id == person).join(cls, shared).column(cls.id)
        return Colleague.where(Colleague.organisation_id == own).column(Colleague.id)

    @classmethod
    async def shared_by(cls, person: UUID) -> str | None:
        """Its name, if this person shares tickets with others in it."""
        belonging = cls.where(cls.shared).join(Asking, Asking.organisation_id == cls.id).where(Asking.id == person)
        found = await belonging.first()
        return found.name if found else None

    @classmethod
    async def names(cls, shape: type[Shape]) -> list[Shape]:
        return await cls.query().order_by(cls.name, cls.id).limit(MOST).into(shape, id=cls.id, name=cls.name)

    @classmethod
    async def page(cls, shape: type[Shape], domain: type[Any], cursor: str | None) -> orm.Page[Shape]:
        return await cls.query().page(shape, by=(cls.name, cls.id), cursor=cursor, descending=False, **_columns(domain))

    @classmethod
    async def shown(cls, organisation: UUID, shape: type[Shape], domain: type[Any]) -> Shape:
        return await cls.where(cls.id == organisation).one_into(shape, **_columns(domain))

    @classmethod
    async def people(cls, organisation: UUID, shape: type[Shape]) -> list[Shape]:
        inside = Person.where(Person.organisation_id == organisation).order_by(Person.name, Person.id)
        return await inside.limit(MOST_PEOPLE).into(shape, id=Person.id, name=Person.name, email=Person.email)


def _columns(domain: type[Any]) -> dict[str, Any]:
    organisation = Organisation
    own = MailDomain.where(MailDomain.organisation_id == organisation.id).order_by(MailDomain.domain)
    inside = Person.where(Person.organisation_id == organisation.id)
    return {
        "id": organisation.id,
        "name": organisation.name,
        "shared": organisation.shared,
        "people": orm.capped(inside, 1000),
        "domains": own.as_list(domain, name=MailDomain.domain),
    }
