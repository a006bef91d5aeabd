from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk import zones
from seldesk.errors import AddressTaken
from seldesk.models.desk.mail_domain import MailDomain
from seldesk.surroundings import surroundings

BuiltIn = Literal["owner", "agent", "limited"]
# What agents can be told by mail. A new ticket is of use to few: everybody else would learn to overlook the rest.
Notice = Literal["new", "assigned", "answered", "mentioned"]
WORKERS: tuple[BuiltIn, ...] = ("agent", "limited", "owner")
Shape = TypeVar("Shape")


def normalised(email: str, field: str = "email") -> str:
    """The one spelling under which an address is known; Invalid when it is none."""
    address = email.strip().lower()
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or "@" in local or len(address) > 254:
        raise rpc.Invalid(fields={field: "This is not a mail address."})
    if any(character.isspace() or not character.isprintable() for character in address):
        raise rpc.Invalid(fields={field: "A mail address has no spaces."})
    return address


class Person(orm.Model, table="people", schema="app"):
    """Agent, requester or both."""

    id: orm.Column[UUID] = orm.key()
    name: orm.Column[str] = orm.text()
    email: orm.Column[str] = orm.text(unique=True)
    role: orm.Column[str] = orm.choice("requester", "agent", "limited", "owner")
    # A role that owners made. What stands in `role` then is the kind of it: agent, or limited.
    role_id: orm.Column[UUID | None] = orm.reference("app.roles.id", optional=True)
    # The time zone they chose, "" before they did.
    zone: orm.Column[str] = orm.text(default="")
    organisation_id: orm.Column[UUID | None] = orm.reference("app.organisations.id", optional=True, delete="set null")
    # By somebody, which holds whatever the mail domain says.
    placed: orm.Column[bool] = orm.flag(default=False)
    created_at: orm.Column[datetime] = orm.time()
    disabled_at: orm.Column[datetime | None] = orm.time(optional=True)
    bounced_at: orm.Column[datetime | None] = orm.time(optional=True)
    notified_of: orm.Column[list[str]] = orm.texts(default=lambda: ["assigned", "answered", "mentioned"])

    indexes = (
        orm.check("own_role", "role_id is null or role in ('agent', 'limited')"),
        orm.index("people_role", "role", "name"),
        # How a name begins is found by these because every database sorts by code points.
        orm.index("people_name", "lower(name)"),
        orm.index("people_last_name", "lower(regexp_replace(name, '^.* ', ''))"),
    )

    @classmethod
    async def known(cls, email: str, name: str = "") -> Self:
        """The person with this address, added as a requester when there is none."""
        address = normalised(email)
        person = await cls.where(cls.email == address).first()
        if person is None:
            await orm.insert_or_skip(
                cls,
                {
                    "name": name.strip() or address.partition("@")[0],
                    "email": address,
                    "role": "requester",
                    "zone": "",
                    "organisation_id": MailDomain.owner(address),
                    "placed": False,
                    "created_at": surroundings().now,
                },
            )
            person = await cls.by_email(address)
        return person

    @classmethod
    async def known_already(cls, email: str, field: str) -> Self:
        """The person with this address, for who may add nobody; Invalid when there is none."""
        person = await cls.where(cls.email == normalised(email, field)).first()
        if person is None:
            raise rpc.Invalid(fields={field: "Nobody here has this address, and under staff access nobody is added."})
        return person

    @classmethod
    async def by_email(cls, email: str) -> Self:
        return await cls.where(cls.email == normalised(email)).one()

    @classmethod
    async def hire(cls, email: str, name: str, role: BuiltIn) -> Self:
        """Make somebody an agent or an owner, a requester as well as one who is not known yet."""
        person = await cls.known(email, name)
        if person.role in WORKERS and person.role != role:
            raise AddressTaken
        person.role, person.name = role, name
        surroundings().trail.about(person.id)
        surroundings().trail.knowing(name=name, email=person.email, role=role)
        return person

    @classmethod
    async def agents(cls, shape: type[Shape]) -> list[Shape]:
        """Who tickets can be given to, by name."""
        return await cls.working().into(shape, id=cls.id, name=cls.name, email=cls.email)

    @classmethod
    def working(cls) -> "orm.Query[Self]":
        working = cls.where(cls.role.in_(WORKERS), cls.disabled_at.is_(None))
        return working.order_by(cls.name, cls.id).limit(200)

    @classmethod
    async def names(cls, ids: Iterable[UUID | None]) -> dict[UUID, str]:
        """Of those of them who work here or did."""
        known = {one for one in ids if one is not None}
        return {person.id: person.name for person in await cls.where(cls.id.in_(known), cls.role.in_(WORKERS)).all()}

    @classmethod
    async def bounced(cls, addresses: Sequence[str]) -> None:
        """No mail arrives there."""
        if addresses:
            await cls.where(cls.email.in_(addresses)).update(bounced_at=surroundings().now)

    def rename(self, name: str) -> None:
        if not name.strip():
            raise rpc.Invalid(fields={"name": "A name has letters."})
        self.name = name.strip()

    def move_to(self, zone: str) -> None:
        """Show them times in this zone."""
        if zone not in zones.known():
            raise rpc.Invalid(fields={"zone": "There is no such time zone. Choose one from the list."})
        self.zone = zone

    @property
    def works_here(self) -> bool:
        return self.role in WORKERS and self.disabled_at is None
