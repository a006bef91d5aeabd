import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar
from uuid import UUID

import orm
from seldesk.errors import SlugTaken, TakenOver
from seldesk.models.control.former import Former
from seldesk.models.control.lease import Lease
from seldesk.models.control.slug import normalised
from seldesk.models.control.wakeup import Wakeup
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
SERVED = ("active", "suspended")
STATES = ("requested", "provisioning", "active", "suspended", "terminated", "purging", "purged")


# What every process knows of each, to find it by its address.
DIRECTORY = (
    "id",
    "slug",
    "name",
    "plan",
    "country",
    "state",
    "region",
    "cluster",
    "credentials",
    "database",
    "back_at",
    "closes_at",
    "closes_for",
    "created_at",
    "accent",
    "logo",
    "logo_type",
    "suspended_for",
    "suspended_by",
    "terminated_at",
    "erase_at",
    "second_factor",
    "trial_ends_at",
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
    # Whose second factor is compulsory: "" nobody's, where the plan does not ask for it.
    second_factor: orm.Column[str] = orm.choice("", "owners", "workers", default="")
    plan: orm.Column[str] = orm.choice("paid", "trial", "education", "free")
    country: orm.Column[str] = orm.text()
    region: orm.Column[str] = orm.text()
    # Whom the operator writes to when the customer's own database may be what is down. "" where nobody was named.
    primary_name: orm.Column[str] = orm.text(default="")
    primary_email: orm.Column[str] = orm.text(default="")
    state: orm.Column[str] = orm.choice(*STATES)
    database: orm.Column[str] = orm.text(unique=True)
    cluster: orm.Column[str] = orm.text(index=True)
    # The passwords of its roles are derived from their names and this.
    credentials: orm.Column[int] = orm.integer(default=1)
    # Which version of its content key seals.
    content_key: orm.Column[int] = orm.integer(default=1)
    # Closed until then at the latest, because its database is on its way to another cluster.
    back_at: orm.Column[datetime | None] = orm.time(optional=True)
    # When its trial ends, and how far that is; empty on a plan without an end.
    trial_ends_at: orm.Column[datetime | None] = orm.time(optional=True)
    trial: orm.Column[str] = orm.choice("", "runs", "announced", "over", "ended", default="")
    # Made for an export that is read into it and is not whole yet: only so may one be read into it again.
    importing: orm.Column[bool] = orm.flag(default=False)
    # When it will be closed for that, as people are told before, and for how many seconds at most: 0 is not known yet.
    closes_at: orm.Column[datetime | None] = orm.time(optional=True)
    closes_for: orm.Column[int] = orm.integer(default=0)
    created_at: orm.Column[datetime] = orm.time()
    active_at: orm.Column[datetime | None] = orm.time(optional=True)
    # Why it is read-only, and whether its owner or the operator wanted it, or its trial is over.
    suspended_for: orm.Column[str] = orm.text(default="")
    suspended_by: orm.Column[str] = orm.text(default="")
    terminated_at: orm.Column[datetime | None] = orm.time(optional=True)
    # When its sessions were ended and its owners told.
    closed_at: orm.Column[datetime | None] = orm.time(optional=True)
    # When its data goes; a clean-up, unless erasing was asked for.
    erase_at: orm.Column[datetime | None] = orm.time(optional=True)
    erasure_asked: orm.Column[bool] = orm.flag(default=False)
    noticed_at: orm.Column[datetime | None] = orm.time(optional=True)
    # When the purge began, and its entry in the ledger.
    purging_at: orm.Column[datetime | None] = orm.time(optional=True)
    erasure: orm.Column[UUID | None] = orm.identifier(optional=True)

    indexes = (
        orm.index("customers_leaving", "erase_at", where="state in ('terminated', 'purging')"),
        orm.index("customers_trials", "trial_ends_at", where="trial in ('runs', 'announced')"),
    )

    @classmethod
    async def request(
        cls,
        *,
        slug: str,
        name: str,
        plan: str,
        country: str,
        region: str,
        cluster: str,
        primary_name: str,
        primary_email: str,
    ) -> Self:
        """Ask for a database. Only this row is written here."""
        customer = cls.add(
            slug=normalised(slug),
            name=name,
            plan=plan,
            country=country,
            region=region,
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
        customer.begin_trial(created_at)
        try:
            await orm.flush()
        except orm.Conflict:
            raise SlugTaken from None
        # When its outbox has something due is not known: it is asked once.
        await Wakeup.note(customer.id, now)
        # Of which version its passwords are is not known either: they are made anew.
        await Lease.ask(customer.id, "rotate")
        await cls.announce(customer.id)
        return customer

    @classmethod
    async def found(cls, *, id: UUID, slug: str, plan: str, region: str, created_at: datetime) -> Self:
        """One of which only its copies tell; its database is still to be restored. SlugTaken."""
        customer = cls.add(
            id=id,
            slug=slug,
            name=slug,
            plan=plan,
            country="",
            region=region,
            state="active",
            database=f"c_{secrets.token_hex(8)}",
            cluster="main",
            created_at=created_at,
            active_at=surroundings().now,
        )
        customer.begin_trial(created_at)
        try:
            await orm.flush()
        except orm.Conflict:
            raise SlugTaken from None
        return customer

    @classmethod
    async def listed(cls, shape: type[Shape], customer: UUID | None = None) -> list[Shape]:
        """All, or this one if it is there."""
        listed = cls.query() if customer is None else cls.where(cls.id == customer)
        under_way = (Lease.customer_id == cls.id) & Lease.asked_at.is_not(None)
        columns: dict[str, Any] = {name: getattr(cls, name) for name in DIRECTORY}
        return (
            await listed.join(Lease, under_way, optional=True)
            .order_by(cls.slug)
            .limit(100_000)
            .into(shape, step=orm.coalesce(Lease.step, ""), error=orm.coalesce(Lease.error, ""), **columns)
        )

    @classmethod
    async def named(cls, slug: str) -> Self:
        return await cls.where(cls.slug == slug).one()

    @classmethod
    async def slugs(cls, customers: Collection[UUID]) -> dict[UUID, str]:
        found = await cls.where(cls.id.in_(list(customers))).limit(1000).all()
        return {one.id: one.slug for one in found}

    @staticmethod
    async def announce(customer: UUID | None = None) -> None:
        """Tell every process that the directory of customers has changed: of this one, or of several."""
        await orm.notify(("directory", str(customer) if customer else ""))

    def begin(self) -> None:
        """A provisioner has taken it up."""
        if self.state == "requested":
            self.state = "provisioning"

    async def activate(self) -> None:
        self.state, self.active_at = "active", surroundings().now
        self.begin_trial(self.active_at)
        await self.announce(self.id)

    def begin_trial(self, since: datetime) -> None:
        """Where its plan is for some days."""
        plan = surroundings().offer.plans.get(self.plan)
        days = plan.trial_days if plan else 0
        self.trial_ends_at, self.trial = (since + timedelta(days=days), "runs") if days else (None, "")

    async def close_until(self, back_at: datetime | None) -> None:
        """Its doors close until then at the latest; with None they are open again, and nothing is announced."""
        self.back_at, self.closes_at, self.closes_for = back_at, None, 0
        await self.announce(self.id)

    async def switch(self, source: str, target: str) -> None:
        """Compare and set: only from where it was thought to be."""
        if self.cluster != source:
            raise TakenOver
        self.cluster = target
        await Former.forget(target, self.database)
        await Former.leave(self.id, source, self.database)
        await self.announce(self.id)
