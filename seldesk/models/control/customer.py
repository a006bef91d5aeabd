import re
import secrets
from datetime import datetime
from typing import Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.errors import SlugTaken, TakenOver
from seldesk.models.control.former import Former
from seldesk.models.control.lease import Lease
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
RESERVED = frozenset(
    [
        "admin",
        "api",
        "app",
        "assets",
        "blog",
        "cdn",
        "console",
        "demo",
        "desk",
        "files",
        "ftp",
        "help",
        "imap",
        "live",
        "localhost",
        "mail",
        "mx",
        "ns",
        "ops",
        "portal",
        "postgres",
        "root",
        "rpc",
        "seldesk",
        "settings",
        "site",
        "smtp",
        "staff",
        "static",
        "status",
        "support",
        "template0",
        "template1",
        "test",
        "www",
    ]
)


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
    state: orm.Column[str] = orm.choice("requested", "provisioning", "active")
    database: orm.Column[str] = orm.text(unique=True)
    cluster: orm.Column[str] = orm.text(index=True)
    # The passwords of its roles are derived from their names and this.
    credentials: orm.Column[int] = orm.integer(default=1)
    # Closed until then at the latest, because its database is on its way to another cluster.
    back_at: orm.Column[datetime | None] = orm.time(optional=True)
    created_at: orm.Column[datetime] = orm.time()
    active_at: orm.Column[datetime | None] = orm.time(optional=True)

    @classmethod
    async def request(cls, *, slug: str, name: str, plan: str, country: str, region: str, cluster: str) -> Self:
        """Ask for a database. Only this row is written here."""
        if not re.fullmatch(r"[a-z](?:[a-z0-9]|-(?!-)){1,38}[a-z0-9]", slug) or slug in RESERVED:
            raise rpc.Invalid(
                fields={
                    "slug": "3 to 40 small letters, digits and single hyphens, beginning with a letter, "
                    "and not a word that Seldesk keeps for itself."
                }
            )
        customer = cls.add(
            slug=slug,
            name=name,
            plan=plan,
            country=country,
            region=region,
            state="requested",
            database=f"c_{secrets.token_hex(8)}",
            cluster=cluster,
            created_at=surroundings().now,
        )
        try:
            await orm.flush()
        except orm.Conflict:
            raise SlugTaken from None
        await Lease.ask(customer.id, "provision")
        return customer

    @classmethod
    async def adopt(
        cls, *, id: UUID, slug: str, plan: str, created_at: datetime, region: str, cluster: str, database: str
    ) -> Self:
        """Serve a database that says whose it is and that nobody here knows, as after the loss of newer rows.

        What it does not say of its customer is left empty. SlugTaken.
        """
        now = surroundings().now
        customer = cls.add(
            id=id,
            slug=slug,
            name=slug,
            plan=plan,
            country="",
            region=region,
            state="active",
            database=database,
            cluster=cluster,
            created_at=created_at,
            active_at=now,
        )
        try:
            await orm.flush()
        except orm.Conflict:
            raise SlugTaken from None
        # Of which version its passwords are is not known either: they are made anew.
        await Lease.ask(customer.id, "rotate")
        await cls.announce()
        return customer

    @classmethod
    async def listed(cls, shape: type[Shape]) -> list[Shape]:
        return (
            await cls.query()
            .join(Lease, (Lease.customer_id == cls.id) & Lease.asked_at.is_not(None), optional=True)
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
                step=orm.coalesce(Lease.step, ""),
                error=orm.coalesce(Lease.error, ""),
                region=cls.region,
                cluster=cls.cluster,
                credentials=cls.credentials,
                database=cls.database,
                back_at=cls.back_at,
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

    def begin(self) -> None:
        """A provisioner has taken it up."""
        if self.state == "requested":
            self.state = "provisioning"

    async def activate(self) -> None:
        self.state, self.active_at = "active", surroundings().now
        await self.announce()

    async def switch(self, source: str, target: str) -> None:
        """Compare and set: only from where it was thought to be."""
        if self.cluster != source:
            raise TakenOver
        self.cluster = target
        await Former.forget(target, self.database)
        await Former.leave(self.id, source, self.database)
        await self.announce()
