"""What was erased does not come back, also where an older control database knows nothing of it: the stores do."""

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from rpc import Kind
from seldesk.app.erasing import entering
from seldesk.app.ledger import FORGED
from seldesk.app.reconcile import reconcile
from seldesk.app.stores import ledger as ledger_of
from seldesk.app.stores import manifest_key, stores
from seldesk.methods.control import alerts, purges
from seldesk.methods.desk import tickets
from seldesk.storage import Erasure, Ledger
from tests.acceptance.fleet import do_all, nobody_else
from tests.app.copied import copied, restored, standing
from tests.app.test_erasing import purged
from tests.faults import superuser
from tests.world import Desk, World, mail

CONTROL = "seldesk_control"


@pytest.fixture(autouse=True)
async def ledger(world: World) -> AsyncIterator[Ledger]:
    """Empty again at the end: other tests have customers of the same id."""
    yield ledger_of(world.app.settings)
    for store in world.app.settings.stores:
        shutil.rmtree(Path(store) / "erasures", ignore_errors=True)


async def forgotten(world: World, *statements: str) -> None:
    """The control database is what it was before anybody was erased."""
    async with superuser(world.server, CONTROL) as control:
        for statement in ("DELETE FROM control.erasures", *statements):
            await control.execute(statement)
    await world.app.refresh()


async def said_to_be_erased(ledger: Ledger, customer: UUID, world: World) -> UUID:
    """As a purge begins: in both stores, and nothing is done yet."""
    entry = Erasure(uuid4(), customer, None, world.clock.now())
    await ledger.write(entry, manifest_key(world.app.settings))
    return entry.id


async def look(world: World) -> list[str]:
    await reconcile(world.app, nobody_else)
    await do_all(world)
    return [row.detail for row in await world.app.program(Kind.COMMAND)(alerts.list) if row.check == "registry"]


@pytest.mark.long
@pytest.mark.fault(15)
@pytest.mark.parametrize("kind", ["aside", "live"])
async def test_a_person_does_not_come_back_of_whom_only_the_stores_know(world: World, kind: str) -> None:
    acme = world.acme
    await acme.mail(mail())
    copy = await copied(world, acme)
    cleo = UUID((await world.rows(acme, "SELECT id FROM app.people WHERE role = 'requester'"))[0])
    world.clock.move(timedelta(minutes=1))
    await entering(world.app)(Erasure(uuid4(), acme.id, cleo, world.clock.now()))
    await forgotten(world)
    # One store alone says it, too.
    shutil.rmtree(Path(world.app.settings.stores[0]) / "erasures")
    row = await restored(world, acme, kind, copy)  # type: ignore[arg-type]  # one of them
    assert row.error == ""
    there = standing(acme, row) if kind == "aside" else acme
    assert "cleo" not in str(await world.rows(there, "SELECT email || name FROM app.people")).lower()
    assert await world.rows(there, "SELECT count(*) FROM app.messages WHERE text <> 'This was erased.'") == ["0"]


@pytest.mark.long
@pytest.mark.fault(27)
async def test_a_customer_that_was_purged_is_purged_again(world: World) -> None:
    copy = await copied(world, world.acme)
    await purged(world)
    reset = "UPDATE control.customers SET state = 'active', erasure = NULL, purging_at = NULL"
    await forgotten(world, reset, "TRUNCATE control.leases")
    assert await look(world) == []
    assert await world.control_rows("SELECT state FROM control.customers") == ["purged"]
    assert [(one.kind, one.customer) for one in await world.app.program(Kind.COMMAND)(purges.ledger)] == [
        ("customer", world.acme.id)
    ]
    assert await world.control_rows("SELECT id FROM control.copies WHERE dropped_at IS NULL") == [str(copy)]


@pytest.mark.long
async def test_one_that_is_there_waits_for_a_person_and_is_restored_by_nobody(world: World, ledger: Ledger) -> None:
    copy = await copied(world, world.acme)
    erasure = await said_to_be_erased(ledger, world.acme.id, world)
    assert await look(world) == [f"erased, as the ledger says ({erasure}), and there all the same"]
    await world.acme.mail(mail())
    assert len((await world.acme.by_token("ann")(tickets.list)).items) == 1
    assert (await restored(world, world.acme, "live", copy)).error == "This customer was erased."


@pytest.mark.long
@pytest.mark.fault(27)
async def test_who_was_erased_is_not_adopted(world: World, ledger: Ledger) -> None:
    globex: Desk = await world.neighbour()
    await said_to_be_erased(ledger, globex.id, world)
    await forgotten(world, "TRUNCATE control.leases", "DELETE FROM control.customers WHERE slug = 'globex'")
    assert await look(world) == ["waits for a person"]
    assert await world.control_rows("SELECT slug FROM control.customers") == ["acme"]
    async with superuser(world.server, "postgres") as connection:
        one = globex.database
        await connection.execute(f"DROP DATABASE quarantine_{one}")
        await connection.execute(f"DROP ROLE {one}, ro_{one}, read_{one}, own_{one}")


async def told(world: World) -> list[tuple[str, str]]:
    rows = await world.app.program(Kind.COMMAND)(alerts.list)
    return [(row.subject, row.detail) for row in rows if row.check == "ledger"]


@pytest.mark.long
@pytest.mark.fault(15)
async def test_what_a_stranger_writes_to_a_store_erases_nobody_and_is_told(world: World, ledger: Ledger) -> None:
    globex = await world.neighbour()
    await world.acme.mail(mail())
    cleo = await erased_by_the_ledger(world, ledger)
    await forgotten(world)
    store = world.app.settings.stores[0]
    (name,) = [path for path in (Path(store) / "erasures").rglob("*") if path.is_file()]
    # Unsigned, signed for somebody else, and moved from one customer to another, who is there.
    unsigned = f"erasures/{uuid4()}/{world.acme.id}.all.20260302T090000000000Z"
    moved = str(name.relative_to(store)).replace(str(world.acme.id), str(globex.id))
    whole = str(name.relative_to(store)).replace(str(cleo), "all")
    for path in (unsigned, moved, whole):
        await stores(world.app.settings)[0].create(path, b"")
    assert await look(world) == []
    assert sorted(await told(world)) == sorted((f"{store}: {path}", FORGED) for path in (unsigned, moved, whole))
    entries = [(one.customer, one.person) for one in await world.app.program(Kind.COMMAND)(purges.ledger)]
    assert entries == [(world.acme.id, cleo)]
    for path in (unsigned, moved, whole):
        await stores(world.app.settings)[0].delete(path)
    assert await look(world) == []
    assert await told(world) == []


async def erased_by_the_ledger(world: World, ledger: Ledger) -> UUID:
    """Somebody of Acme, of whom the stores say it."""
    cleo = UUID((await world.rows(world.acme, "SELECT id FROM app.people WHERE role = 'requester'"))[0])
    entry = Erasure(uuid4(), world.acme.id, cleo, world.clock.now())
    await ledger.write(entry, manifest_key(world.app.settings))
    return cleo


@pytest.mark.long
@pytest.mark.fault(15)
async def test_a_restore_that_meets_a_forged_entry_tells_it_and_goes_on_with_the_sound_ones(
    world: World, ledger: Ledger
) -> None:
    await world.acme.mail(mail())
    copy = await copied(world, world.acme)
    world.clock.move(timedelta(minutes=1))
    cleo = await erased_by_the_ledger(world, ledger)
    await forgotten(world)
    # In one store the sound one has gone, and an unsigned one for all of Acme stands instead.
    store = world.app.settings.stores[0]
    shutil.rmtree(Path(store) / "erasures")
    forged = f"erasures/{uuid4()}/{world.acme.id}.all.20260302T090000000000Z.{'ab' * 64}"
    await stores(world.app.settings)[0].create(forged, b"")
    row = await restored(world, world.acme, "aside", copy)
    assert row.error == ""
    people = await world.rows(standing(world.acme, row), f"SELECT email FROM app.people WHERE id = '{cleo}'")  # noqa: S608
    assert "cleo" not in str(people)
    assert await told(world) == [(f"{store}: {forged}", FORGED)]
