"""A process that is killed while there are 24 copies: all of them open afterwards, whatever it was about to do."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from rpc import Kind
from seldesk.app.build import backup_identities
from seldesk.methods.control import copies
from seldesk.models.control.keeping import WANTED, Taken, kept
from tests.acceptance.brake import LOCK, PATIENCE, braked, stands_still
from tests.acceptance.killable import place, process
from tests.faults import until
from tests.shelf import DAY, Shelves
from tests.world import World

LEASE = {"SELDESK_LIMITS__LEASE_SECONDS": "2"}


@pytest.fixture
async def shelves(world: World) -> Shelves:
    for store in world.app.settings.stores:
        shutil.rmtree(Path(store) / "copies", ignore_errors=True)
    await backup_identities(world.app.settings).create(world.acme.id)
    return Shelves(world)


async def filled(shelves: Shelves, more: int = 0) -> tuple[list[UUID], list[UUID]]:
    """The 24 that are to be kept by the clock of processes, and others that may go."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    taken = {UUID(int=day): midnight - day * DAY for day in range(85)}
    stay = kept((Taken(one, at) for one, at in taken.items()), datetime.now(UTC))
    assert len(stay) == WANTED
    acme = shelves.world.acme.id
    staying = [await shelves.put(acme, taken[one], sealed=True) for one in stay]
    going = [one for one in taken if one not in stay][:more]
    return staying, [await shelves.put(acme, taken[one], sealed=True) for one in going]


async def all_open(shelves: Shelves, those: list[UUID]) -> None:
    """As whole as when they were put, in each store, and listed."""
    acme, held = shelves.world.acme.id, shelves.archive
    identity = await backup_identities(shelves.world.app.settings).identity(acme)
    assert set(await shelves.rows("CASE WHEN verified_at IS NOT NULL THEN id END")) >= set(those)
    for copy in those:
        for store in range(len(held.stores)):
            await held.check(store, acme, copy)
        assert b"".join([piece async for piece in held.open(acme, copy, identity)]) == copy.bytes


@pytest.mark.long
@pytest.mark.fault(7)
async def test_one_that_is_killed_while_it_makes_the_next(
    world: World, control: asyncpg.Connection, shelves: Shelves, tmp_path: Path
) -> None:
    staying, _ = await filled(shelves)
    await world.app.program(Kind.COMMAND)(copies.ask, slug="acme")
    async with process(world, "provision", tmp_path, **LEASE, SELDESK_BACKUPS__AT_ONCE="1") as maker:
        for table, moment in (
            ("leases", "new.step = 'sealed'"),
            ("leases", "new.step = 'stored'"),
            ("copies", "new.verified_at IS NOT NULL"),
        ):
            async with braked(control, table, moment):
                await maker.start()
                await until(partial(stands_still, control), PATIENCE)
                await maker.end()
            await all_open(shelves, staying)


@asynccontextmanager
async def keeping(world: World) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that drops what is kept no longer; killed at the end."""
    given = place(world)
    one = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.acceptance.keeping_once", env=given)
    try:
        yield one
    finally:
        if one.returncode is None:
            one.kill()
        await one.wait()


@pytest.mark.long
@pytest.mark.fault(7)
async def test_one_that_is_killed_while_it_drops_what_is_kept_no_longer(
    world: World, control: asyncpg.Connection, shelves: Shelves
) -> None:
    staying, _ = await filled(shelves, more=30)

    async def lying() -> int:
        return sum(len(found) for found in shelves.lying(world.acme.id, "*.age"))

    before = await lying()

    async def some_gone() -> bool:
        return await lying() < before

    # It is to be marked as dropped; it is, and some of it is gone; all of it is, and the catalogue has it still.
    async with braked(control, "copies", "new.dropped_at IS NOT NULL"), keeping(world):
        await until(partial(stands_still, control), PATIENCE)
    await all_open(shelves, staying)
    async with keeping(world):
        await until(some_gone, PATIENCE)
    await all_open(shelves, staying)
    await control.execute(
        "CREATE TRIGGER stop BEFORE DELETE ON control.copies FOR EACH ROW EXECUTE FUNCTION control.stop_here()"
    )
    await control.execute("SELECT pg_advisory_lock($1)", LOCK)
    async with keeping(world):
        await until(partial(stands_still, control), PATIENCE)
    await control.execute("SELECT pg_advisory_unlock($1)", LOCK)
    await control.execute("DROP TRIGGER stop ON control.copies")
    await all_open(shelves, staying)
    async with keeping(world) as last:
        assert await last.wait() == 0
    await all_open(shelves, staying)
    assert set(await shelves.rows()) == set(staying)
    assert await lying() == 2 * len(staying)
