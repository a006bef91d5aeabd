"""What goes wrong with a copy is said, alerted and tried again, and never counted as one."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import rpc
from orm.embedded import binaries
from rpc import Kind
from seldesk.app.copying import Copier
from seldesk.jobs.provision import Held
from seldesk.methods.control import copies, leases
from seldesk.methods.control.copies import AlreadyCopying
from seldesk.storage import Missing
from tests.app.copies import at, copy, due, listed, standing, stored, work
from tests.faults import another
from tests.resilience.small_disk import small_disk
from tests.storage.rude import Mood, Rude, rude
from tests.storage.s3 import address, moto
from tests.world import Desk, World, mail

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def s3() -> Iterator[int]:
    with moto() as port:
        yield port


@pytest.fixture
async def second(s3: int) -> AsyncIterator[Rude]:
    async with rude(s3) as one:
        yield one


@pytest.fixture
async def acme(world: World, second: Rude) -> AsyncIterator[Desk]:
    """Acme with a folder as its first store and S3 as the second."""
    async with another(world, **at(world.app.settings.stores[0], address(second.port, uuid4().hex))) as one:
        yield one


@pytest.mark.fault(8)
@pytest.mark.parametrize(
    ("mood", "verb"),
    [
        ("403", "PUT"),
        ("empty", "GET"),
        *(pytest.param(*one, marks=pytest.mark.long) for one in (("500", "PUT"), ("slow", "GET"), ("silent", "PUT"))),
    ],
)
async def test_a_copy_that_one_store_has_not_is_shown_apart_and_made_again(
    world: World, acme: Desk, second: Rude, mood: Mood, verb: str
) -> None:
    app = acme.app
    second.be(mood, verb)
    (half,) = await copy(app)
    assert (half.verified_at, half.replicas) == (None, 1)
    assert half.error.startswith("store 2: ")
    assert await standing(app) == [("acme", half.error)]
    archive, customer = Copier(app).archive, world.acme.id
    assert (await archive.manifest(customer, half.id, 0)).size == half.size
    second.be("good")
    with pytest.raises(Missing):
        await archive.manifest(customer, half.id, 1)
    # Not at once, and within two hours.
    await due(app)
    await work(app)
    assert [row.id for row in await listed(app)] == [half.id]
    world.clock.move(HOUR)
    await due(app)
    await work(app)
    (good,) = await listed(app)
    assert (good.error, good.replicas, good.verified_at) == ("", 2, world.clock.now())
    assert await standing(app) == []
    assert [found async for found in archive.manifests(customer)] == [(0, customer, good.id), (1, customer, good.id)]
    for store in (0, 1):
        assert [found async for found in archive.objects(store, customer)] == [(customer, good.id)]


@pytest.mark.long
async def test_a_file_that_one_store_has_not_makes_no_copy(world: World) -> None:
    await world.acme.mail(mail(files={"plan.txt": b"plan"}))
    shutil.rmtree(Path(world.app.settings.stores[1]) / str(world.acme.id))
    (row,) = await copy(world.app)
    assert (row.verified_at, row.replicas) == (None, 1)
    assert row.error == "store 2: 2 files that the database names are not there"


@pytest.mark.long
@pytest.mark.fault(10)
async def test_without_the_right_backup_key_nothing_is_touched(world: World) -> None:
    async with another(world, SELDESK_SECRETS__BACKUP="B" * 43 + "=") as acme:
        (row,) = await copy(acme.app)
    assert (row.verified_at, row.size) == (None, 0)
    assert "the backup key does not open it: nothing was touched" in row.error
    assert await standing(world.app) == [("acme", row.error)]
    assert stored(world.app) == [[], []]


@pytest.mark.long
@pytest.mark.fault(10)
@pytest.mark.parametrize("key", ["backup", "manifest"])
async def test_a_key_that_is_missing_is_named(world: World, tmp_path: Path, key: str) -> None:
    secrets = tmp_path / "secrets"
    shutil.copytree(world.app.settings.secrets.folder, secrets)
    (secrets / f"{key}.key").unlink()
    async with another(world, SELDESK_SECRETS__FOLDER=str(secrets)) as acme:
        (row,) = await copy(acme.app)
    assert f"The {key} key cannot be read" in row.error
    assert stored(world.app) == [[], []]


@pytest.mark.long
@pytest.mark.fault(11)
async def test_a_spool_that_is_full_fails_the_copy_alone(world: World, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "64k") as disk:
        disk.fill()
        async with another(world, SELDESK_BACKUPS__SPOOL=str(disk.folder)) as acme:
            (row,) = await copy(acme.app)
            assert row.error.startswith("There is no room to spool a copy")
            assert await standing(acme.app) == [("acme", row.error)]
    assert stored(world.app) == [[], []]
    assert (await copy(world.app))[0].verified_at is not None
    assert await standing(world.app) == []


@pytest.mark.long
@pytest.mark.fault(12)
async def test_a_pg_dump_that_is_older_than_the_server_does_not_even_begin(world: World, tmp_path: Path) -> None:
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 17.4" || touch "$0.ran"\n')
    program.chmod(0o700)
    (row,) = await copy(world.app, programs=tmp_path)
    assert row.error == "pg_dump is of PostgreSQL 17, and the server is 18: install its programs."
    assert await standing(world.app) == [("acme", row.error)]
    assert list(tmp_path.iterdir()) == [program]


@pytest.mark.long
@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("exit 0", "pg_restore ended with"),
        ('"$real" "$@" | head -c 20000', "pg_restore ended with"),
        ('"$real" "$@"; echo no more >&2; exit 1', "pg_dump ended with 1: no more"),
    ],
)
async def test_a_dump_that_is_empty_cut_or_failed_is_no_copy(
    world: World, tmp_path: Path, does: str, told: str
) -> None:
    """Whatever it answers: what counts is whether all of it can be read."""
    there = binaries()
    (tmp_path / "pg_restore").symlink_to(there / "pg_restore")
    program = tmp_path / "pg_dump"
    version = "real=" + str(there / "pg_dump") + '\n[ "$1" = --version ] && exec "$real" --version\n'
    program.write_text(f"#!/bin/sh\n{version}{does}\n")
    program.chmod(0o700)
    (row,) = await copy(world.app, programs=tmp_path)
    assert told in row.error
    assert (row.verified_at, row.replicas) == (None, 0)
    assert stored(world.app) == [[], []]


async def test_one_that_is_90_percent_smaller_counts_only_where_it_was_said_that_it_may(world: World) -> None:
    (good,) = await copy(world.app)
    await world.control_rows("UPDATE control.copies SET size = size * 11 RETURNING id")
    lying = stored(world.app)
    small, *_ = await copy(world.app)
    assert (small.verified_at, small.replicas) == (None, 0)
    assert "the last good one had ten times as many" in small.error
    assert await standing(world.app) == [("acme", small.error)]
    assert stored(world.app) == lying
    await world.app.program(Kind.COMMAND)(copies.ask, slug="acme", smaller=True)
    await work(world.app)
    meant, *others = await listed(world.app)
    assert (meant.kind, meant.verified_at) == ("asked", world.clock.now())
    assert [one.id for one in others] == [good.id]
    assert await standing(world.app) == []


@pytest.mark.long
@pytest.mark.fault(13)
async def test_of_two_that_run_at_once_the_second_is_told_so(world: World) -> None:
    command = world.app.program(Kind.COMMAND)
    await command(copies.ask, slug="acme")
    with pytest.raises(AlreadyCopying, match="already"):
        await command(copies.ask, slug="acme")
    await asyncio.gather(*(work(world.app) for _ in range(3)))
    (row,) = await listed(world.app)
    assert row.verified_at is not None


@pytest.mark.long
@pytest.mark.fault(13)
@pytest.mark.fault(28)
async def test_a_worker_that_died_is_taken_over_and_what_it_left_is_cleaned(world: World) -> None:
    control = world.app.program(Kind.JOB)
    await world.app.program(Kind.COMMAND)(copies.ask, slug="acme")
    died = await control(leases.claim, kinds=["copy"])
    assert died is not None
    held: dict[str, Any] = {"customer": world.acme.id, "operation": "copy", "fence": died.fence}
    begun = await control(copies.begin, **held, kind="asked", cluster="main")
    for store in world.app.settings.stores:
        place = Path(store) / "copies" / str(world.acme.id)
        place.mkdir(parents=True)
        (place / f"{begun.copy}.age").write_bytes(b"half of it")
        (place / f"{begun.copy}.age#1").write_bytes(b"less")
    await work(world.app)
    assert [row.id for row in await listed(world.app)] == [begun.copy]
    world.clock.move(timedelta(minutes=3))
    await work(world.app)
    (row,) = await listed(world.app)
    assert row.id != begun.copy
    assert row.verified_at is not None
    assert stored(world.app) == [[f"copies/{world.acme.id}/{row.id}{end}" for end in (".age", ".manifest")]] * 2
    with pytest.raises(rpc.Conflict):
        await Held(control, died).keep()
    with pytest.raises(rpc.Conflict):
        await control(copies.failed, **held, copy=begun.copy, error="I slept.")
