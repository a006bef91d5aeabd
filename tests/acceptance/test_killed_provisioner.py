"""A provisioner that is killed after each of its steps, and in the middle of them, while customers are asked for."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from orm.provision import check_catalogue
from orm.provision.database import STEPS
from orm.testing import Server
from rpc import Kind
from seldesk.app.reconcile import reconcile
from seldesk.methods.control import customers
from seldesk.methods.desk import mailboxes
from tests.acceptance.fleet import nobody_else
from tests.acceptance.killable import Process, process
from tests.faults import superuser, until
from tests.world import World

CONTROL, LOCK, PATIENCE = "seldesk_control", 4711, 120.0
# Before what it has done is written down: after each step, and before the customer is said to be active.
MOMENTS = [*(("leases", f"new.step = '{step}'") for step in STEPS), ("customers", "new.state = 'active'")]
STOP = """
CREATE FUNCTION control.stop_here() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN new; END $$
"""


@pytest.fixture
async def control(world: World) -> AsyncIterator[asyncpg.Connection]:
    """The superuser's hand in the control database, with a brake to put on."""
    async with superuser(world.server, CONTROL) as connection:
        await connection.execute(STOP)
        try:
            yield connection
        finally:
            await connection.execute("DROP FUNCTION control.stop_here CASCADE")


@asynccontextmanager
async def braked(control: asyncpg.Connection, table: str, moment: str) -> AsyncIterator[None]:
    """Whoever comes to this moment stands still; what was done there until the end of the block is undone."""
    trigger = f"CREATE TRIGGER stop BEFORE UPDATE ON control.{table} FOR EACH ROW WHEN ({moment})"
    await control.execute(f"{trigger} EXECUTE FUNCTION control.stop_here()")
    await control.execute("SELECT pg_advisory_lock($1)", LOCK)
    try:
        yield
    finally:
        await control.execute("SELECT pg_advisory_unlock($1)", LOCK)
        await control.execute(f"DROP TRIGGER stop ON control.{table}")


async def stands_still(control: asyncpg.Connection) -> bool:
    return bool(await control.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))


async def begun(control: asyncpg.Connection, slug: str) -> bool:
    return bool(
        await control.fetchval(
            "SELECT started_at IS NOT NULL OR state = 'active' FROM control.customers c JOIN control.leases l"
            " ON l.customer_id = c.id WHERE slug = $1",
            slug,
        )
    )


async def all_active(control: asyncpg.Connection) -> bool:
    return not await control.fetchval("SELECT count(*) FROM control.customers WHERE state <> 'active'")


async def end(provisioner: Process) -> None:
    provisioner.kill()
    await provisioner.ended()


@pytest.mark.long
@pytest.mark.fault(5)
async def test_in_the_end_all_customers_are_active_and_closed_to_others(
    world: World, control: asyncpg.Connection, tmp_path: Path
) -> None:
    command, slugs = world.app.program(Kind.COMMAND), []

    async def ask_for(slug: str) -> None:
        await command(customers.create, slug=slug, name=slug.title())
        slugs.append(slug)

    async with process(world, "provision", tmp_path, SELDESK_LIMITS__LEASE_SECONDS="2") as provisioner:
        for position, (table, moment) in enumerate(MOMENTS):
            await ask_for(f"customer-{position}")
            async with braked(control, table, moment):
                await provisioner.start()
                await until(partial(stands_still, control), PATIENCE)
                await end(provisioner)
        for position in range(2):
            await ask_for(f"another-{position}")
            await provisioner.start()
            await until(partial(begun, control, f"another-{position}"), PATIENCE)
            await asyncio.sleep(random.uniform(0, 0.1))
            await end(provisioner)
        await provisioner.start()
        await until(partial(all_active, control), PATIENCE)
        assert await provisioner.stop() == 0
    assert provisioner.kills == len(MOMENTS) + 2
    await world.app.refresh()
    databases = [row.database for row in await command(customers.list)]
    assert len(databases) == len(slugs) + 1
    assert await databases_of(world.server) == sorted(databases)
    # Killed while it looked into one, it is still its owner: that is given back in the night.
    await reconcile(world.app, nobody_else)
    for database in databases:
        assert await check_catalogue(world.server.superuser, database) == []
    for slug in slugs:
        door = world.app.program(Kind.COMMAND, slug)
        await door(mailboxes.create, address=f"support@{slug}.localhost", name="Support")


async def databases_of(server: Server) -> list[str]:
    async with superuser(server, "postgres") as connection:
        rows = await connection.fetch("SELECT datname FROM pg_database WHERE datname ~ '^c_' ORDER BY 1")
        return [row["datname"] for row in rows]
