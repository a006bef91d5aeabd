"""A provisioner that is killed after each of its steps, and in the middle of them, while customers are asked for."""

import asyncio
import random
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from orm.provision import check_catalogue
from orm.provision.database import STEPS
from rpc import Kind
from seldesk.app.reconcile import reconcile
from seldesk.methods.control import customers
from seldesk.methods.desk import mailboxes
from tests.acceptance.brake import PATIENCE, all_active, braked, stands_still
from tests.acceptance.fleet import databases_of, nobody_else
from tests.acceptance.killable import process
from tests.faults import until
from tests.world import World

# Before what it has done is written down: after each step, and before the customer is said to be active.
MOMENTS = [*(("leases", f"new.step = '{step}'") for step in STEPS), ("customers", "new.state = 'active'")]


async def begun(control: asyncpg.Connection, slug: str) -> bool:
    return bool(
        await control.fetchval(
            "SELECT started_at IS NOT NULL OR state = 'active' FROM control.customers c JOIN control.leases l"
            " ON l.customer_id = c.id WHERE slug = $1",
            slug,
        )
    )


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
                await provisioner.end()
        for position in range(2):
            await ask_for(f"another-{position}")
            await provisioner.start()
            await until(partial(begun, control, f"another-{position}"), PATIENCE)
            await asyncio.sleep(random.uniform(0, 0.1))
            await provisioner.end()
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
