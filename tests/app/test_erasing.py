"""Nothing is left of a customer that was purged: every place where its data lies is looked at."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from rpc import Kind
from seldesk.app.build import backup_identities, content_keys
from seldesk.app.exporting import maker
from seldesk.app.operations import operations
from seldesk.jobs.provision import Provisioner
from seldesk.methods.control import endings, purges
from seldesk.methods.desk import exports, tickets
from seldesk.models.control import register
from seldesk.storage import ContentKeys, Downloads, Ledger, Locked, Place
from tests.faults import superuser
from tests.world import PASSWORD, Desk, World, mail

CONTROL = "seldesk_control"
KEYS = ContentKeys([], bytes(32))


def eraser(world: World) -> Provisioner:
    """The provisioner's process."""
    return Provisioner(world.app.program(Kind.JOB), {"purge": operations(world.app)["purge"]})


async def purged(world: World) -> None:
    await world.app.program(Kind.COMMAND)(endings.terminate, slug="acme", erasing="at once")
    await eraser(world).work()
    await world.app.refresh()


def holding(folders: list[str], customer: Desk) -> list[Path]:
    """What lies below these folders and is named after the customer."""
    return [path for folder in folders for path in Path(folder).rglob("*") if str(customer.id) in str(path)]


async def no_database(world: World, acme: Desk) -> None:
    async with superuser(world.server, "postgres") as connection:
        for table, name in (("pg_database", "datname"), ("pg_roles", "rolname")):
            found = await connection.fetch(f"SELECT {name} FROM {table} WHERE {name} LIKE '%{acme.database}%'")  # noqa: S608
            assert found == []


async def no_keys(world: World, acme: Desk) -> None:
    assert not any(path.is_file() for path in holding(list(world.app.settings.key_stores), acme))
    with pytest.raises(Locked):
        await content_keys(world.app.settings).get(acme.id)


async def no_files(world: World, acme: Desk) -> None:
    assert not any(path.is_file() for path in holding(list(world.app.settings.stores), acme))


async def no_copies(world: World, acme: Desk) -> None:
    """There was none. Those that there are end with their age: tests/app/test_keeping.py."""
    with pytest.raises(Locked):
        await backup_identities(world.app.settings).identity(acme.id)


async def no_downloads(world: World, acme: Desk) -> None:
    assert await Downloads([Place.at(place) for place in world.app.settings.stores], KEYS).files(acme.id) == set()
    async with superuser(world.server, CONTROL) as connection:
        assert await connection.fetchval("SELECT count(*) FROM control.downloads") == 0


async def no_sides(world: World, acme: Desk) -> None:
    """What stood beside it went with it: seven days are for what was erased while it was a customer."""
    async with superuser(world.server, CONTROL) as connection:
        beside = await connection.fetch("SELECT database FROM control.restores WHERE customer_id = $1", acme.id)
    async with superuser(world.server, "postgres") as connection:
        names = [row[0] for row in beside]
        assert not await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = ANY($1)", names)


async def no_memory(world: World, acme: Desk) -> None:
    assert acme.id not in {customer.id for customer in world.app.directory.active()}
    assert world.app.mail("acme.localhost") is None


async def no_name(world: World, acme: Desk) -> None:
    async with superuser(world.server, CONTROL) as connection:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'control'")
        for table in tables:
            rows = await connection.fetch(f"SELECT t::text FROM control.{table[0]} t")  # noqa: S608 - ours
            assert not [row[0] for row in rows if "Acme Support" in row[0]], table[0]


async def no_letters(world: World, acme: Desk) -> None:
    """But for the one that says that all is being erased, which goes when it is sent, within a day."""
    kinds = await world.control_rows("SELECT kind FROM control.outbox WHERE payload::text LIKE '%acme%'")
    assert set(kinds) <= {"erasing"}


async def no_records(world: World, acme: Desk) -> None:
    """With all that there can be: tests/app/test_forgotten.py."""
    for table in ("accesses", "access_grants", "customer_figures", "incident_reports"):
        assert await world.control_rows(f"SELECT 1 FROM control.{table} WHERE customer_id = '{acme.id}'") == []  # noqa: S608


async def no_disclosures(world: World, acme: Desk) -> None:
    """Until the last day: tests/app/test_forgotten.py."""


async def no_logs(world: World, acme: Desk) -> None:
    """The operator's, for as long as is said: what is said in a call stands in none of them."""


LOOKED_AT: dict[str, Callable[[World, Desk], Awaitable[None]]] = {
    "database": no_database,
    "keys": no_keys,
    "stores": no_files,
    "backups": no_copies,
    "downloads": no_downloads,
    "sides": no_sides,
    "memory": no_memory,
    "control": no_name,
    "letters": no_letters,
    "records": no_records,
    "disclosures": no_disclosures,
    "logs": no_logs,
}


async def test_nothing_is_left_in_any_place_of_the_register(world: World) -> None:
    acme, settings = world.acme, world.app.settings
    globex = await world.neighbour()
    await acme.mail(mail(files={"plan.txt": b"plan"}))
    number = (await globex.mail(mail(to=globex.mailbox, files={"plan.txt": b"plan"}))).ticket
    assert number is not None
    assert len(holding(list(settings.stores), acme)) > len(settings.stores)
    assert len(settings.stores) == len(settings.key_stores) == 2
    assert {place.key for place in register.PLACES} == LOOKED_AT.keys()
    bo = await acme.signed_in("bo")
    _ = await bo(exports.ask, password=PASSWORD)
    await maker(world.app).work()
    _ = await bo(exports.ask, password=PASSWORD)
    assert await world.app.downloads.files(acme.id)
    await purged(world)
    for place in register.PLACES:
        assert place.life <= register.LONGEST
        await LOOKED_AT[place.key](world, acme)
    read = await globex.by_token("ann")(tickets.read, number=number, messages=True)
    assert read.messages is not None
    assert read.messages[0].files
    assert len(holding(list(settings.stores), globex)) > len(settings.stores)


async def test_the_ledger_stands_in_both_stores_and_says_nothing(world: World) -> None:
    await purged(world)
    (row,) = await world.app.program(Kind.COMMAND)(purges.ledger)
    for place in world.app.settings.stores:
        entries = await Ledger([Place.at(place)]).entries()
        said = json.loads(entries[row.id])
        assert said.keys() == {"id", "kind", "customer", "erased_at"}
        assert (said["id"], said["customer"], said["kind"]) == (str(row.id), str(world.acme.id), "customer")


async def test_without_both_stores_nothing_is_erased(world: World, tmp_path: Path) -> None:
    """What cannot be said cannot be done: it is tried again when the store is back."""
    second, process = Path(world.app.settings.stores[1]), eraser(world)
    await world.app.program(Kind.COMMAND)(endings.terminate, slug="acme", erasing="at once")
    second.rename(tmp_path / "away")
    await process.work()
    (tmp_path / "away").rename(second)
    assert await world.rows(world.acme, "SELECT count(*) FROM app.people") == ["2"]
    world.clock.move(timedelta(minutes=3))
    await process.work()
    await no_database(world, world.acme)
