import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.errors import AddressTaken
from seldesk.mail.address import is_address
from seldesk.models.known_password import refuse_known
from seldesk.models.password import hashed, verified
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
StaffRole = Literal["support", "operations", "security", "billing"]
GOOD_FOR = timedelta(hours=72)


def fingerprint(secret: str) -> bytes:
    """What is kept of a random secret. No salt: 256 random bits cannot be guessed from their hash."""
    return sha256(secret.encode()).digest()


class Staff(orm.Model, table="staff", schema="control"):
    """One of the operator's own people. No customer has a row of them, and they have none of a customer's.

    Until the one-time link was used there is no password, and until a second factor was enrolled nobody signs in.
    """

    id: orm.Column[UUID] = orm.key()
    email: orm.Column[str] = orm.text(unique=True)
    name: orm.Column[str] = orm.text()
    roles: orm.Column[list[str]] = orm.texts()
    hash: orm.Column[str | None] = orm.text(optional=True)
    # The fingerprint of the one-time link that stands, and until when it is good.
    link: orm.Column[bytes | None] = orm.binary(optional=True, unique=True)
    link_until: orm.Column[datetime | None] = orm.time(optional=True)
    enrolled_at: orm.Column[datetime | None] = orm.time(optional=True)
    signed_in_at: orm.Column[datetime | None] = orm.time(optional=True)
    created_at: orm.Column[datetime] = orm.time()
    disabled_at: orm.Column[datetime | None] = orm.time(optional=True)

    @classmethod
    async def hire(cls, email: str, name: str, roles: Collection[StaffRole]) -> Self:
        address = email.strip().lower()
        if not is_address(address):
            raise rpc.Invalid(fields={"email": "This is not a mail address."})
        staff = cls.add(email=address, name=name, roles=_at_least_one(roles), created_at=surroundings().now)
        try:
            await orm.flush()
        except orm.Conflict:
            raise AddressTaken from None
        return staff

    @classmethod
    async def by_email(cls, email: str) -> Self:
        return await cls.where(cls.email == email.strip().lower()).one()

    @classmethod
    async def listed(cls, shape: type[Shape]) -> list[Shape]:
        columns = {
            "id": cls.id,
            "email": cls.email,
            "name": cls.name,
            "roles": cls.roles,
            "enrolled_at": cls.enrolled_at,
            "signed_in_at": cls.signed_in_at,
            "link_until": cls.link_until,
            "disabled_at": cls.disabled_at,
        }
        return await cls.query().order_by(cls.email).limit(1000).into(shape, **columns)

    @classmethod
    async def addresses(cls) -> list[str]:
        """All that staff have, or had."""
        return [one.email for one in await cls.query().order_by(cls.email).limit(1000).all()]

    def issue_link(self) -> str:
        """Where they choose a password and enrol a second factor, once; an earlier link stops working."""
        secret, around = secrets.token_urlsafe(32), surroundings()
        self.link, self.link_until = fingerprint(secret), around.now + GOOD_FOR
        return f"{around.addresses.console()}/welcome/{secret}"

    @classmethod
    async def by_link(cls, secret: str) -> Self:
        """NotFound when it was used, replaced, is too old, or its person disabled. Locked: of two one redeems it."""
        good = cls.where(cls.link == fingerprint(secret), cls.link_until > surroundings().now)
        return await good.where(cls.disabled_at.is_(None)).lock().one()

    async def redeem(self, password: str) -> None:
        await self.choose_password(password)
        self.link = self.link_until = None

    async def choose_password(self, password: str) -> None:
        """Invalid for one that is known already, or that is made of their names."""
        await refuse_known(password, (self.name, self.email, "Seldesk"))
        self.hash = await hashed(password)

    async def matches(self, password: str) -> bool:
        """Whether it is this one; a hash of an older cost is replaced on the way."""
        if self.hash is None:
            await hashed(password)
            return False
        right, better = await verified(password, self.hash) or (False, None)
        self.hash = better or self.hash
        return right

    def take_roles(self, roles: Collection[StaffRole]) -> None:
        self.roles = _at_least_one(roles)


def _at_least_one(roles: Collection[StaffRole]) -> list[str]:
    if not roles:
        raise rpc.Invalid(fields={"roles": "Choose at least one role."})
    return sorted(set(roles))
