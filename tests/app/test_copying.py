"""A copy is what has been read back from every store and decoded, and nothing else."""

import hashlib
from datetime import timedelta
from pathlib import Path

from rpc import Kind
from seldesk.app.copying import Copier
from seldesk.methods.control import alerts, endings
from seldesk.methods.desk import tickets
from tests.app.copies import CONTROL, copy, due, listed, stored, work
from tests.world import CLEO, World, mail


async def test_a_copy_lies_in_both_stores_with_a_manifest_of_what_is_in_it(world: World) -> None:
    await world.acme.mail(mail(files={"plan.txt": b"plan"}))
    (row,) = await copy(world.app)
    assert (row.error, row.replicas, row.kind) == ("", 2, "asked")
    assert row.verified_at == row.snapshot_at == world.clock.now()
    name = f"copies/{world.acme.id}/{row.id}"
    assert stored(world.app) == [[f"{name}.age", f"{name}.manifest"]] * 2
    archive = Copier(world.app).archive
    manifest = await archive.manifest(world.acme.id, row.id)
    assert (manifest.slug, manifest.postgresql, manifest.revision) == ("acme", 18, "0001")
    assert manifest.size == row.size
    assert manifest.tables["app.tickets"].rows == 1
    assert len(manifest.objects) == 2
    for store in world.app.settings.stores:
        sealed = (Path(store) / f"{name}.age").read_bytes()
        assert sealed.startswith(b"age-encryption.org/v1")
        assert b"PGDMP" not in sealed
        assert (len(sealed), hashlib.sha256(sealed).hexdigest()) == (manifest.size, manifest.sha256)
    identity = await Copier(world.app).identities.identity(world.acme.id)
    opened = b"".join([part async for part in archive.open(world.acme.id, row.id, identity)])
    assert opened.startswith(b"PGDMP")
    assert len(opened) == manifest.archive_size
    assert await world.app.program(Kind.COMMAND)(alerts.list) == []


async def test_the_control_database_has_copies_of_its_own(world: World) -> None:
    (row,) = await copy(world.app, "")
    assert row.verified_at is not None
    manifest = await Copier(world.app).archive.manifest(CONTROL, row.id)
    assert manifest.tables["control.customers"].rows == 1


async def test_what_a_table_holds_is_counted_at_the_moment_of_the_dump(world: World) -> None:
    ann = world.acme.by_token("ann")
    await ann(tickets.open, subject="S", body="B", requester_email=CLEO)
    first, *_ = await copy(world.app)
    again, *_ = await copy(world.app)
    await ann(tickets.open, subject="S", body="B", requester_email=CLEO)
    later, *_ = await copy(world.app)
    archive = Copier(world.app).archive
    one, two, three = [
        (await archive.manifest(world.acme.id, row.id)).tables["app.tickets"] for row in (first, again, later)
    ]
    assert one == two != three
    assert (one.rows, three.rows) == (1, 2)


async def test_every_customer_that_exists_is_copied_twice_a_day_and_the_control_database_too(world: World) -> None:
    await world.neighbour()
    command = world.app.program(Kind.COMMAND)
    await command(endings.suspend, slug="acme", reason="Not paid.")
    await command(endings.terminate, slug="globex")
    assert (await due(world.app), await due(world.app)) == (3, 0)
    await work(world.app)
    for slug in ("acme", "globex", ""):
        (row,) = await listed(world.app, slug)
        assert (row.kind, row.verified_at) == ("scheduled", world.clock.now())
    world.clock.move(timedelta(hours=11, minutes=40))
    assert await due(world.app) == 0
    world.clock.move(timedelta(minutes=10))
    assert await due(world.app) == 3
