"""A worker that is killed while it makes an export: the next one makes it anew, whole, and nothing is left over."""

import io
import zipfile
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from seldesk.methods.desk import exports, links
from tests.acceptance.brake import PATIENCE, braked, stands_still
from tests.acceptance.killable import process
from tests.app.filled import fill
from tests.faults import until
from tests.world import PASSWORD, World


async def is_made(control: asyncpg.Connection) -> bool:
    return bool(await control.fetchval("SELECT count(*) FROM control.downloads WHERE state = 'done'"))


@pytest.mark.long
@pytest.mark.fault(28)
async def test_it_is_whole_in_the_end(world: World, control: asyncpg.Connection, tmp_path: Path) -> None:
    await fill(world)
    bo = await world.acme.signed_in("bo")
    _ = await bo(exports.ask, password=PASSWORD)
    async with process(world, "worker", tmp_path, SELDESK_LIMITS__LEASE_SECONDS="2") as worker:
        for _ in range(2):
            async with braked(control, "downloads", "new.state = 'done'"):
                await worker.start()
                await until(partial(stands_still, control), PATIENCE)
                await worker.end()
        # Of the first one too, unless the sweep of every quarter of an hour has come meanwhile.
        assert len(await world.app.downloads.files(world.acme.id)) in (1, 2)
        await worker.start()
        await until(partial(is_made, control), PATIENCE)
        assert await worker.stop() == 0
    # The worker's clock is of today: it has ended all sessions.
    bo = await world.acme.signed_in("bo")
    one = (await bo(exports.page)).exports[0]
    found = await bo(links.read, one.id)
    content = b"".join([await bo(links.chunk, one.id, at=at, key=found.key) for at in range(found.chunks)])
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert len(await world.rows(world.acme, "SELECT 1 FROM app.outbox WHERE kind = 'download'")) == 1, "told once"
