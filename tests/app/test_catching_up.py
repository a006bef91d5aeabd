"""What an older control database does not know, and is told by stores and by customers' own audits."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from rpc import Kind
from seldesk.app.catching_up import adopt_copies, changed_since
from seldesk.app.stores import manifest_public
from seldesk.methods.control import copies
from seldesk.methods.control.copies import CopyRow
from seldesk.methods.desk import account, plans, profile
from seldesk.storage import ManifestKey
from seldesk.storage.manifest import signed
from tests.app.copied import copied
from tests.faults import superuser
from tests.world import Desk, World

MINUTE = timedelta(minutes=1)


async def lost(world: World, *found: UUID) -> None:
    """The catalogue is what it was before these."""
    for copy in found:
        await world.control_rows(f"DELETE FROM control.copies WHERE id = '{copy}'")  # noqa: S608 - ours


async def listed(world: World, desk: Desk) -> list[CopyRow]:
    return await world.app.program(Kind.COMMAND)(copies.list, slug=desk.slug)


def lying(world: World, store: int, desk: Desk, copy: UUID, suffix: str) -> Path:
    return Path(world.app.settings.stores[store]) / f"copies/{desk.id}/{copy}{suffix}"


async def test_copies_made_since_are_what_their_signed_manifests_say(world: World) -> None:
    acme, before = world.acme, await copied(world, world.acme)
    (was,) = await listed(world, acme)
    since = world.clock.now()
    await lost(world, before)
    world.clock.move(MINUTE)
    after = await copied(world, acme)
    (known,) = await listed(world, acme)
    await lost(world, after)
    assert await adopt_copies(world.app, since - MINUTE) == 2
    assert await adopt_copies(world.app, since - MINUTE) == 0
    await lost(world, before, after)
    # What is older than the catalogue, and not in it, was being dropped.
    assert await adopt_copies(world.app, since) == 1
    (found,) = await listed(world, acme)
    for name in ("id", "kind", "snapshot_at", "size", "replicas"):
        assert getattr(found, name) == getattr(known, name), name
    assert found.verified_at is not None
    assert was.id == before


async def test_what_is_forged_or_cut_or_of_nobody_is_taken_for_no_copy(world: World) -> None:
    acme, since = world.acme, world.clock.now()
    world.clock.move(MINUTE)
    forged, cut, half, whole = [await copied(world, acme) for _ in range(4)]
    await lost(world, forged, cut, half, whole)
    for store in (0, 1):
        page = lying(world, store, acme, forged, ".manifest")
        manifest = signed(page.read_bytes(), manifest_public(world.app.settings))
        page.write_bytes(ManifestKey(bytes(32)).sign(manifest))
        sealed = lying(world, store, acme, cut, ".age")
        sealed.write_bytes(sealed.read_bytes()[:-1])
    lying(world, 1, acme, half, ".age").unlink()
    stranger = Desk(world.app, "stranger", UUID(int=5), acme.database)
    await lost(world, await copied(world, stranger))
    assert await adopt_copies(world.app, since) == 2
    found = {row.id: (row.replicas, row.verified_at is not None) for row in await listed(world, acme)}
    assert found == {half: (1, False), whole: (2, True)}


async def test_what_was_done_with_customers_as_a_whole_is_told_by_their_audits(world: World) -> None:
    globex, initech = await world.neighbour(), await world.neighbour("initech")
    bo = await world.acme.signed_in("bo")
    await bo(account.pause, reason="Before")
    await bo(account.resume)
    world.clock.move(MINUTE)
    since = world.clock.now()
    assert await changed_since(world.app, since) == []
    await bo(plans.choose, plan="education")
    await bo(profile.rename, name="Bo B.")
    await bo(account.pause, reason="We move house.")
    gone = await initech.signed_in("bo")
    await gone(account.pause, reason="Holidays")
    async with superuser(world.server, "postgres") as connection:
        await connection.execute(f"REVOKE CONNECT ON DATABASE {globex.database} FROM {globex.database}")
    world.app.customers.forget("globex")
    try:
        told = {one.slug: one.decided for one in await changed_since(world.app, since)}
    finally:
        async with superuser(world.server, "postgres") as connection:
            await connection.execute(f"GRANT CONNECT ON DATABASE {globex.database} TO {globex.database}")
    assert told.keys() == {"acme", "globex", "initech"}
    assert told["globex"] is None
    acts = [(one.method, (one.facts or {}).get("plan")) for one in told["acme"] or ()]
    assert acts == [("plans.choose", "education"), ("account.pause", None)]
    assert [one.method for one in told["initech"] or ()] == ["account.pause"]
