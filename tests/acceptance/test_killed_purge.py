"""A provisioner that is killed at each step of a purge: in the end nothing is left, and nobody else was touched."""

from functools import partial
from pathlib import Path

import asyncpg
import pytest

from rpc import Kind
from seldesk.methods.control import customers, endings, purges
from seldesk.methods.desk import tickets
from tests.acceptance.brake import PATIENCE, all_active, braked, stands_still
from tests.acceptance.fleet import databases_of
from tests.acceptance.killable import process
from tests.faults import until
from tests.world import World, mail

STEPS = ("ledger", "database", "key", "files")
# Before what it has done is written down: after each step, and before the customer is said to be gone.
MOMENTS = [*(("leases", f"new.step = '{step}'") for step in STEPS), ("customers", "new.state = 'purged'")]


async def all_purged(control: asyncpg.Connection) -> bool:
    return not await control.fetchval("SELECT count(*) FROM control.customers WHERE state = 'purging'")


@pytest.mark.long
async def test_in_the_end_nothing_is_left(world: World, control: asyncpg.Connection, tmp_path: Path) -> None:
    command = world.app.program(Kind.COMMAND)
    number = (await world.acme.mail(mail(files={"plan.txt": b"plan"}))).ticket
    assert number is not None
    slugs = [f"customer-{position}" for position in range(len(MOMENTS))]
    made = {(await command(customers.create, slug=slug, name=slug.title())).id for slug in slugs}
    async with process(world, "provision", tmp_path, SELDESK_LIMITS__LEASE_SECONDS="2") as provisioner:
        await provisioner.start()
        await until(partial(all_active, control), PATIENCE)
        await provisioner.end()
        for slug, (table, moment) in zip(slugs, MOMENTS, strict=True):
            await command(endings.terminate, slug=slug, erasing="at once")
            async with braked(control, table, moment):
                await provisioner.start()
                await until(partial(stands_still, control), PATIENCE)
                await provisioner.end()
        await provisioner.start()
        await until(partial(all_purged, control), PATIENCE)
        assert await provisioner.stop() == 0
    assert await databases_of(world.server) == [world.acme.database]
    # The stores are those of the tests before as well, and what they say of others is taken in.
    entries = [entry for entry in await command(purges.ledger) if entry.customer in made]
    assert len(entries) == len({entry.customer for entry in entries}) == len(slugs)
    read = await world.acme.by_token("ann")(tickets.read, number=number, messages=True)
    assert read.messages is not None
    assert read.messages[0].files
