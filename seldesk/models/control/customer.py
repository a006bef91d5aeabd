import secrets
from datetime import datetime
from typing import Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.errors import SlugTaken
from seldesk.models.control.slug import normalised
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")


class Customer(orm.Model, table="customers", schema="control"):
    """An organisation. Its database has a name that says nothing, and is made by the provisioner alone."""

    id: orm.Column[UUID] = orm.key()
    slug: orm.Column[str] = orm.text(unique=True)
    name: orm.Column[str] = orm.text()
    accent: orm.Column[str] = orm.text(default="")
    # An object in the customer's own storage.
    logo: orm.Column[UUID | None] = orm.identifier(optional=True)
    logo_type: orm.Column[str] = orm.text(default="")
    plan: orm.Column[str] = orm.choice("paid", "trial", "education", "free")
    country: orm.Column[str] = orm.text()
    region: orm.Column[str] = orm.text()
    # Whom the operator writes to when the customer's own database may be what is down. "" where nobody was named.
    primary_name: orm.Column[str] = orm.text(default="")
    primary_email: orm.Column[str] = orm.text(default="")
    state: orm.Column[str] = orm.choice("requested", "provisioning", "active")
    database: orm.Column[str] = orm.text(unique=True)
    cluster: orm.Column[str] = orm.text()
    step: orm.Column[str] = orm.text(default="")
    error: orm.Column[str] = orm.text(default="")
    lease_until: orm.Column[datetime | None] = orm.time(optional=True)
    fence: orm.Column[int] = orm.big(default=0)
    created_at: orm.Column[datetime] = orm.time()
    active_at: orm.Column[datetime | None] = orm.time(optional=True)

    indexes = (orm.index("customers_unfinished", "created_at", where="state <> 'active'"),)

    @classmethod
    async def request(
        cls,
        *,
        slug: str,
        name: str,
        plan: str,
        country: str,
        cluster: str,
        region: str = "",
        primary_name: str = "",
        primary_email: str = "",
    ) -> Self:
        """Ask for a database. Only this row is written here. Without a region it is the country's."""
        placed = surroundings().offer.region_of(country, region)
        if placed is None:
            raise rpc.Invalid(fields={"country": "This is the code of no country, or there is no such region."})
        customer = cls.add(
            slug=normalised(slug),
            name=name,
            plan=plan,
            country=country,
            region=placed.code,
            primary_name=primary_name,
            primary_email=primary_email,
            state="requested",
            database=f"c_{secrets.token_hex(8)}",
            cluster=cluster,
            created_at=surroundings().now,
        )
        try:
            await orm.flush()
        except orm.Conflict:
            raise SlugTaken from None
        return customer

    @classmethod
    async def claim(cls) -> Self | None:
        """The oldest unfinished customer that nobody works on, under a new fencing number."""
        around = surroundings()
        now = around.now
        waiting = cls.where(cls.state != "active", (cls.lease_until.is_(None)) | (cls.lease_until < now))
        customer = await waiting.order_by(cls.created_at).limit(1).lock(skip_locked=True).first()
        if customer is not None:
            customer.state, customer.error = "provisioning", ""
            customer.fence, customer.lease_until = customer.fence + 1, now + around.lease
        return customer

    @classmethod
    async def held(cls, customer_id: UUID, fence: int) -> Self:
        """The customer for its provisioner's next step; Stale for one that slept and was taken over from."""
        customer = await cls.where(cls.id == customer_id).lock().one()
        if customer.fence != fence or customer.state != "provisioning":
            raise rpc.Conflict("Another provisioner has taken this over.")
        customer.lease_until = surroundings().now + surroundings().lease
        return customer

    @classmethod
    async def listed(cls, shape: type[Shape]) -> list[Shape]:
        return (
            await cls.query()
            .order_by(cls.slug)
            .limit(100_000)
            .into(
                shape,
                id=cls.id,
                slug=cls.slug,
                name=cls.name,
                plan=cls.plan,
                country=cls.country,
                state=cls.state,
                step=cls.step,
                error=cls.error,
                cluster=cls.cluster,
                database=cls.database,
                created_at=cls.created_at,
                accent=cls.accent,
                logo=cls.logo,
                logo_type=cls.logo_type,
            )
        )

    @classmethod
    async def named(cls, slug: str) -> Self:
        return await cls.where(cls.slug == slug).one()

    @staticmethod
    async def announce() -> None:
        """Tell every process that the directory of customers has changed."""
        await orm.notify(("directory", ""))

    async def activate(self) -> None:
        self.state, self.active_at, self.lease_until = "active", surroundings().now, None
        await self.announce()
