"""Many customers on one cluster, made by the provisioner's own process as customers are made."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg

from orm.provision.connection import connect
from rpc import Credential, Kind
from seldesk.app.build import Application
from seldesk.jobs.schedule import PROVISIONERS
from seldesk.methods.control import customers
from seldesk.methods.desk import people, tokens
from tests.acceptance.processes import running
from tests.bench.place import PASSWORD, Customer, Place

CONTROL = "seldesk_control"
ASKING = 8  # requests for customers at once
LOOK = 0.05  # seconds between two looks at how far they are
# When a customer was claimed is forgotten when it is active: this keeps it.
KEEP_CLAIMS = """
CREATE SCHEMA bench;
CREATE TABLE bench.claims (customer uuid PRIMARY KEY, at timestamptz NOT NULL);
CREATE FUNCTION bench.claimed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = bench, pg_temp
    AS 'BEGIN INSERT INTO claims VALUES (NEW.customer_id, NEW.started_at) ON CONFLICT DO NOTHING; RETURN NULL; END';
CREATE TRIGGER claimed AFTER UPDATE ON control.leases FOR EACH ROW
    WHEN (OLD.started_at IS NULL AND NEW.started_at IS NOT NULL AND NEW.kind = 'provision')
    EXECUTE FUNCTION bench.claimed();
"""
TOOK = """
SELECT extract(epoch FROM active_at - at)::float8 FROM control.customers JOIN bench.claims ON customer = id
WHERE slug = ANY($1)
"""
# The superuser's own connections, of who looks, are none of the application's.
OPEN = "SELECT count(*) FROM pg_stat_activity WHERE datname ~ '^c_' AND usename ~ '^(ro_)?c_'"
WAITING = "SELECT count(*) FROM control.customers WHERE state IN ('requested', 'provisioning')"
FAILED = "SELECT error FROM control.leases WHERE error <> '' LIMIT 1"
# What a provisioner makes up for when it starts: the last night's looks at everything, and tests of copies. Copies are
# asked for as well where nobody makes any, and jobs of a worker where there is none.
KINDS = [*(PROVISIONERS.keys() - {"copies"})]
MADE_UP = """
SELECT (SELECT count(*) FROM control.jobs WHERE state IN ('new', 'running') AND due_at <= now() AND kind = ANY ($1))
    + (SELECT count(*) FROM control.restores WHERE state = 'waiting')
"""
CALM = 3  # looks in a row that find nothing of it, a second apart
LONGEST = 600.0  # seconds


@dataclass(frozen=True, slots=True)
class Tenant:
    """One of them, with the token of its owner."""

    customer: Customer
    token: str = field(repr=False)


class Many:
    """All customers so far."""

    def __init__(self, made: Place, app: Application, control: asyncpg.Connection, told: Callable[[str], None]) -> None:
        self.place, self.app, self.control, self.told = made, app, control, told
        self.all: list[Customer] = []

    async def grow(self, size: int) -> None:
        """As many as that, all of them active."""
        while len(self.all) < size:
            self.told(f"{len(self.all)} of {size} customers")
            await self.make(min(size - len(self.all), 100))

    async def make(self, number: int) -> list[float]:
        """So many more; how many seconds each took from claimed to active."""
        slugs = [f"tenant{len(self.all) + position}" for position in range(number)]
        waiting = iter(slugs)

        async def ask() -> None:
            for slug in waiting:
                row = await self.app.program(Kind.COMMAND)(customers.create, slug=slug, name=slug.title())
                self.all.append(Customer(slug, row.database))

        await asyncio.gather(*(ask() for _ in range(ASKING)))
        while await self.control.fetchval(WAITING):
            if error := await self.control.fetchval(FAILED):
                raise RuntimeError(f"A customer could not be made: {error}")
            await asyncio.sleep(LOOK)
        return [row[0] for row in await self.control.fetch(TOOK, slugs)]

    async def owned(self) -> list[Tenant]:
        """Each with an owner who has a token."""
        await self.app.refresh()
        found: list[Tenant] = []
        waiting = iter(self.all)

        async def own() -> None:
            for customer in waiting:
                command, email = self.app.program(Kind.COMMAND, customer.slug), customer.email(0)
                await command(people.invite, email=email, name="Owner", role="owner")
                found.append(Tenant(customer, (await command(tokens.create, email=email, name="bench")).secret))

        await asyncio.gather(*(own() for _ in range(ASKING)))
        return sorted(found, key=lambda one: one.customer.slug)

    async def signed_in(self, some: Sequence[Tenant]) -> dict[str, str]:
        """Slug -> cookie of an agent's session."""
        cookies = {}
        for slug, email in ((one.customer.slug, one.customer.email(1)) for one in some):
            command = self.app.program(Kind.COMMAND, slug)
            link = (await command(people.invite, email=email, name="Agent", role="agent")).secret
            nobody = self.app.dispatcher.calling(Credential(kind=Kind.ANONYMOUS, place=slug, address="192.0.2.7"))
            signed_in = await nobody(people.choose_password, token=link.rpartition("/")[2], password=PASSWORD)
            cookies[slug] = f"__Host-session={signed_in.token}"
        return cookies

    async def let_go(self) -> None:
        """Close the connections that this process has to customers: those of others are to be counted."""
        for customer in self.all:
            self.app.customers.forget(customer.slug)
        while await self.control.fetchval(OPEN):  # noqa: ASYNC110 - PostgreSQL has no event for it
            await asyncio.sleep(LOOK)


@asynccontextmanager
async def many(made: Place, told: Callable[[str], None]) -> AsyncIterator[Many]:
    async with made.application() as app, connect(made.database(CONTROL)) as control:
        await control.execute(KEEP_CLAIMS)
        yield Many(made, app, control, told)


@asynccontextmanager
async def provisioner(made: Place) -> AsyncIterator[None]:
    """`seldesk provision`, but for the copies that each new customer is due for: they have a measure of their own."""
    with running("provision", given={**made.given, "SELDESK_BACKUPS__AT_ONCE": "0"}, log=made.home / "provision.log"):
        yield


async def calm(made: Place) -> None:
    """Returns when the provisioner has nothing to do but what it is asked for. TimeoutError."""
    looks = 0
    async with connect(made.database(CONTROL)) as asking, asyncio.timeout(LONGEST):
        while looks < CALM:
            looks = 0 if await asking.fetchval(MADE_UP, KINDS) else looks + 1
            await asyncio.sleep(1)
