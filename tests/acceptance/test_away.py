"""A store is away, or its folder is another one: each command says so in a sentence, and makes nothing anew."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from orm.testing import Server
from tests.acceptance.killable import place
from tests.acceptance.processes import run
from tests.app.copied import copied
from tests.world import World, mail


async def refused(world: World, *arguments: str, server: Server | None = None) -> str:
    """All that a command says that fails."""
    address = (server or world.server).superuser
    where = {"SELDESK_DATABASE__HOST": address.host, "SELDESK_DATABASE__PORT": str(address.port)}
    given = place(world, **where, PGPASSWORD=address.password, COLUMNS="400")
    done = await asyncio.to_thread(run, *arguments, given=given)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    return done.stdout + done.stderr


@asynccontextmanager
async def away(folder: str, tmp_path: Path) -> AsyncIterator[None]:
    """Its disk is not mounted: what stands there is the empty folder below."""
    tmp_path.mkdir(exist_ok=True)
    kept = Path(folder).rename(tmp_path / "kept")
    Path(folder).mkdir()
    try:
        yield
    finally:
        Path(folder).rmdir()
        kept.rename(folder)


@pytest.mark.long
async def test_recovering_from_a_store_that_is_not_there_touches_nothing(world: World, tmp_path: Path) -> None:
    missing = tmp_path / "store"
    with Server() as empty:
        superuser = ("--superuser", empty.superuser.role)
        for store, said in (
            (str(missing), f"The store {missing} is not there"),
            ("s3://nowhere?endpoint=http://127.0.0.1:1&region=x", "The store s3://nowhere does not answer"),
        ):
            told = await refused(world, "recover", "--from-store", store, *superuser, server=empty)
            assert f"Failed: {said}" in told
        assert not missing.exists()
        async with away(world.app.settings.stores[1], tmp_path):
            told = await refused(world, "recover", "--from-store", "B", *superuser, server=empty)
            assert f"touch {world.app.settings.stores[1]}/.seldesk-store" in told


@pytest.mark.long
async def test_commands_about_copies_name_the_store_that_is_away(world: World, tmp_path: Path) -> None:
    await world.acme.mail(mail())
    await copied(world, world.acme)
    superuser = ("--superuser", world.server.superuser.role)
    for store in world.app.settings.stores:
        async with away(store, tmp_path):
            assert f"The store {store} is not there" in await refused(world, "backup", "verify", "acme")
            told = await refused(world, "backup", "restore-control", *superuser)
            assert f"Failed: The store {store} is not there" in told
    one, other = world.app.settings.key_stores
    async with away(one, tmp_path), away(other, tmp_path / "too"):
        assert f"The store {one} is not there" in await refused(world, "backup", "verify", "acme")
