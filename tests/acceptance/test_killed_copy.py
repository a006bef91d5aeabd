"""A process that is killed while it makes a copy: half of one is never listed, and the next run cleans."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from orm.embedded import binaries
from rpc import Kind
from seldesk.app.copying import Copier
from seldesk.methods.control import copies
from tests.acceptance.brake import PATIENCE, braked, stands_still
from tests.acceptance.killable import Process, process
from tests.app.copies import at, listed
from tests.faults import another, superuser, until
from tests.storage.rude import Rude, rude
from tests.storage.s3 import address, moto
from tests.world import Desk, World

GIVEN = {"SELDESK_LIMITS__LEASE_SECONDS": "2", "SELDESK_BACKUPS__AT_ONCE": "1", "SELDESK_BACKUPS__STORE_SECONDS": "20"}


@asynccontextmanager
async def silent(store: Rude) -> AsyncIterator[None]:
    """Takes what is put and never says that it has it."""
    store.be("silent", "PUT")
    yield
    store.be("good")


async def refused(store: Rude) -> bool:
    return store.refused.is_set()


async def locked(world: World, acme: Desk) -> bool:
    return await world.rows(acme, "SELECT count(*) FROM pg_locks WHERE NOT granted") != ["0"]


async def has_copy(acme: Desk) -> bool:
    return any(row.verified_at for row in await listed(acme.app))


def half_dumping(folder: Path) -> Path:
    """PostgreSQL's programs, with a pg_dump that stands still half-way."""
    folder.mkdir()
    for program in binaries().iterdir():
        (folder / program.name).symlink_to(program)
    dump = folder / "pg_dump"
    real = dump.resolve()
    dump.unlink()
    dump.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && exec {real} --version\n{real} "$@" | head -c 40000\n'
        f"touch {folder}/stands\nexec sleep 30\n"
    )
    dump.chmod(0o700)
    return folder


async def stands(folder: Path) -> bool:
    return (folder / "stands").exists()


@pytest.mark.long
@pytest.mark.fault(7)
async def test_no_half_copy_is_listed_and_the_next_run_cleans(
    world: World, control: asyncpg.Connection, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        s3 = stack.enter_context(moto())
        stores = [await stack.enter_async_context(rude(s3)) for _ in range(2)]
        given = at(*(address(store.port, f"dc{store.port}") for store in stores)) | GIVEN
        acme = await stack.enter_async_context(another(world, **given))
        maker = await stack.enter_async_context(process(world, "provision", tmp_path, **given))
        halves = half_dumping(tmp_path / "half")
        half = await stack.enter_async_context(process(world, "provision", tmp_path, **given, PG_BIN=str(halves)))

        async def killed(one: Process) -> None:
            await one.end()
            archive = Copier(acme.app).archive
            assert not await has_copy(acme)
            assert [found async for found in archive.manifests(acme.id)] == []

        await world.app.program(Kind.COMMAND)(copies.ask, slug="acme")
        async with superuser(world.server, acme.database) as inside, inside.transaction():
            await inside.execute("LOCK TABLE app.tickets IN ACCESS EXCLUSIVE MODE")
            await maker.start()
            await until(partial(locked, world, acme), PATIENCE)
            await killed(maker)
        await half.start()
        await until(partial(stands, halves), PATIENCE)
        await killed(half)
        for store in stores:
            async with silent(store):
                await maker.start()
                await until(partial(refused, store), PATIENCE)
                await killed(maker)
        for table, moment in (
            ("leases", "new.step = 'sealed'"),
            ("leases", "new.step = 'stored'"),
        ):
            async with braked(control, table, moment):
                await maker.start()
                await until(partial(stands_still, control), PATIENCE)
                await killed(maker)
        # By now the manifests lie in the stores: what the catalogue does not know counts for nothing all the same.
        async with braked(control, "copies", "new.verified_at IS NOT NULL"):
            await maker.start()
            await until(partial(stands_still, control), PATIENCE)
            await maker.end()
            assert not await has_copy(acme)
        await maker.start()
        await until(partial(has_copy, acme), PATIENCE)
        assert await maker.stop() == 0
        (row,) = [row for row in await listed(acme.app) if row.verified_at]
        archive = Copier(acme.app).archive
        for position in range(len(stores)):
            assert [found async for found in archive.objects(position, acme.id)] == [(acme.id, row.id)]
            assert (await archive.check(position, acme.id, row.id)).size == row.size
        assert list(acme.app.settings.backups.spool.iterdir()) == []
