"""Nothing is left of a customer that was purged: every place where its data lies is looked at."""

import io
import shutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from rpc import Kind
from seldesk.app.build import backup_identities, content_keys
from seldesk.app.exporting import maker
from seldesk.app.keeping import keep_copies
from seldesk.app.operations import operations
from seldesk.app.stores import archive, manifest_public
from seldesk.jobs.provision import Provisioner
from seldesk.logs import configure
from seldesk.methods.control import endings, purges
from seldesk.methods.desk import exports, tickets
from seldesk.models.control import register
from seldesk.resources import folder
from seldesk.storage import ContentKeys, Downloads, Ledger, Locked, Place
from seldesk.surroundings import OPERATOR
from tests.acceptance.fleet import nobody_else
from tests.faults import superuser
from tests.shelf import Shelves
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
    lying = [path for path in holding(list(world.app.settings.stores), acme) if path.is_file()]
    # The ledger has a place of its own in the register.
    assert {path.parts[-3] for path in lying} <= {"erasures"}


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


async def no_ledger(world: World, acme: Desk) -> None:
    """An entry, in ids, until no copy is older: see below."""
    (entry,) = await world.app.program(Kind.COMMAND)(purges.ledger)
    assert (entry.customer, entry.person) == (acme.id, None)


async def no_logs(world: World, acme: Desk) -> None:
    """What is said in a call stands in none of them: see below. How long they are there is the operator's to see to,
    and the examples for it say what customers are told.
    """
    days = register.LOGS.days
    assert f"MaxRetentionSec={days}day\n" in example("journald.conf")
    # The day that is being written comes on top.
    assert f"rotate {days - 1}\n    maxage {days - 1}\n" in example("logrotate")


async def no_machines(world: World, acme: Desk) -> None:
    """Nothing here makes or sees them: that they are outside of every customer's key is said openly."""
    said = (Path(__file__).parents[2] / "docs/where-data-lies.md").read_text()
    assert f"Keep none older than {register.MACHINES.days} days" in said
    assert "physical backups of clusters and the archive of WAL" in said


def example(name: str) -> str:
    return (folder("config") / "deployment" / name).read_text()


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
    "ledger": no_ledger,
    "logs": no_logs,
    "machines": no_machines,
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
        said = await Ledger([Place.at(place)], manifest_public(world.app.settings)).read()
        entry = said.entries[row.id]
        assert (entry.customer, entry.person, said.forged) == (world.acme.id, None, [])
        (file,) = (Path(place) / "erasures" / str(row.id)).iterdir()
        assert file.read_bytes() == b""


async def test_an_entry_ends_when_no_copy_is_older_in_the_catalogue_or_in_a_store(world: World) -> None:
    held, shelves, stores = archive(world.app.settings), Shelves(world), world.app.settings.stores
    for store in stores:
        shutil.rmtree(Path(store) / "copies", ignore_errors=True)
    await purged(world)
    before = world.clock.now() - timedelta(hours=1)
    stray = await shelves.put(world.acme.id, before)
    await keep_copies(world.app, held, nobody_else)
    world.clock.move(timedelta(days=88))
    own = await shelves.put(OPERATOR.id, before)
    await world.control_rows("DELETE FROM control.copies WHERE customer_id <> '00000000-0000-0000-0000-000000000000'")

    async def ended() -> bool:
        await keep_copies(world.app, held, nobody_else)
        rows = await world.app.program(Kind.COMMAND)(purges.ledger)
        lying = (await Ledger(held.stores, held.public).read()).entries
        mine = [one for one in lying.values() if one.customer == world.acme.id]
        assert len(rows) == len(mine)
        return not rows

    assert not await ended()
    world.clock.move(timedelta(days=2))
    # As old as that, one of the control database and one that no catalogue knows.
    assert not await ended()
    await held.delete(OPERATOR.id, own)
    await world.control_rows("DELETE FROM control.copies")
    assert not await ended()
    await held.delete(world.acme.id, stray)
    # Of after the erasure: it cannot bring anything back.
    _ = await shelves.put(OPERATOR.id, before + timedelta(hours=2))
    assert await ended()


@pytest.mark.usefixtures("logs_as_before")
async def test_what_was_said_stands_in_no_log(world: World) -> None:
    stream = io.StringIO()
    configure("debug", console=False, stream=stream)
    await world.acme.mail(mail(subject="Elderberry", text="Gooseberry", files={"mulberry.txt": b"plan"}))
    await purged(world)
    logged = stream.getvalue()
    assert str(world.acme.id) in logged or "acme" in logged
    assert not [word for word in ("Elderberry", "Gooseberry", "mulberry", "cleo@") if word in logged]


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
