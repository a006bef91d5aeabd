"""Copies go in their time, from both stores and then from the catalogue; the last one takes with it what opens it."""

import shutil
import subprocess
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pyrage import DecryptError, decrypt, x25519

from orm.embedded import binaries
from rpc import Kind
from seldesk.app.build import backup_identities, content_keys
from seldesk.app.keeping import check_copies, keep_copies
from seldesk.app.operations import operations
from seldesk.app.stores import archive
from seldesk.jobs.provision import Provisioner
from seldesk.keyring import Wrapping, master_key
from seldesk.methods.control import alerts, endings
from seldesk.methods.desk import erasures, housekeeping, tickets
from seldesk.storage import Archive, Damaged, Forged, InHand, Locked, ledger
from seldesk.storage.archive import path
from seldesk.storage.label import SIZE
from seldesk.surroundings import OPERATOR
from tests.app import copies
from tests.faults import superuser
from tests.shelf import CONTROL, DAY, Shelves
from tests.world import MONDAY, World, mail

MIDNIGHT = MONDAY.replace(hour=0)
WRAPPED: dict[Wrapping, bytes] = {"content": b"content key", "backup": b"backup identity"}
Job = Callable[..., Awaitable[None]]


async def still_at_it() -> None:
    """Nobody else would take over."""


@pytest.fixture
def shelves(world: World) -> Shelves:
    for store in world.app.settings.stores:
        shutil.rmtree(Path(store) / "copies", ignore_errors=True)
    return Shelves(world)


async def done(world: World, job: Job, held: Archive | None = None) -> None:
    await job(world.app, held or archive(world.app.settings), still_at_it)


async def alarms(world: World, check: str) -> list[tuple[str, str]]:
    standing = await world.app.program(Kind.COMMAND)(alerts.list)
    return [(one.subject, one.detail) for one in standing if one.check == check]


async def erase(world: World) -> None:
    await world.app.program(Kind.COMMAND)(endings.terminate, slug="acme", erasing="at once")
    await Provisioner(world.app.program(Kind.JOB), {"purge": operations(world.app)["purge"]}).work()
    await world.app.refresh()


@pytest.mark.long
async def test_what_is_kept_no_longer_goes_from_both_stores_and_the_catalogue(world: World, shelves: Shelves) -> None:
    acme = world.acme.id
    copies = [await shelves.put(acme, MIDNIGHT - day * DAY) for day in range(22)]
    asked = await shelves.put(acme, MIDNIGHT - 2 * DAY - timedelta(hours=3), kind="asked")
    await done(world, keep_copies)
    kept = set(await shelves.rows())
    assert kept >= {*copies[:14], asked}
    assert len(kept) == 16
    for lying in shelves.lying(acme):
        assert lying == {f"{copy}{suffix}" for copy in kept for suffix in (".age", ".manifest")}
    await done(world, keep_copies)
    assert set(await shelves.rows()) == kept


@pytest.mark.long
@pytest.mark.fault(8)
async def test_nothing_goes_while_a_store_is_away(world: World, shelves: Shelves, tmp_path: Path) -> None:
    for day in range(20):
        await shelves.put(world.acme.id, MIDNIGHT - day * DAY)
    first, second = (Path(store) for store in world.app.settings.stores)
    held = shelves.archive
    second.rename(tmp_path / "away")
    try:
        await done(world, keep_copies, held)
        # Its disk is not mounted: a process that begins now finds the empty folder below.
        second.mkdir()
        await done(world, keep_copies)
        second.rmdir()
        assert len(await shelves.rows()) == len(list(first.rglob("*.age"))) == 20
        assert [subject for subject, _ in await alarms(world, "keeping")] == ["stores"]
    finally:
        (tmp_path / "away").rename(second)
    await done(world, keep_copies)
    assert len(await shelves.rows()) == 15
    assert await alarms(world, "keeping") == []


@pytest.mark.long
@pytest.mark.fault(7)
async def test_a_dropping_that_is_cut_off_is_no_copy_and_is_ended_by_the_next(world: World, shelves: Shelves) -> None:
    acme = world.acme.id
    for day in range(15):
        await shelves.put(acme, MIDNIGHT - day * DAY - 7 * DAY)
    async with superuser(world.server, CONTROL) as connection:
        await connection.execute("UPDATE control.copies SET verified_at = NULL, dropped_at = $1", MIDNIGHT)
    await shelves.archive.stores[0].delete(path(acme, (await shelves.rows())[0]))
    await done(world, keep_copies)
    assert await shelves.rows() == []
    assert shelves.lying(acme) == [set(), set()]


@pytest.mark.long
async def test_the_newest_seven_of_a_customer_outlast_any_outage_under_an_alert(world: World, shelves: Shelves) -> None:
    copies = [await shelves.put(world.acme.id, MIDNIGHT - day * DAY) for day in range(14)]
    world.clock.move(130 * DAY)
    await done(world, keep_copies)
    assert set(await shelves.rows()) == set(copies[:7])
    assert await alarms(world, "keeping") == [
        (str(world.acme.id), "7 copies are older than 90 days, and none is newer")
    ]


@pytest.mark.long
async def test_copies_of_nobody_known_are_kept(world: World, shelves: Shelves) -> None:
    """A control database that was restored does not know its newest customers."""
    stranger = UUID(int=7)
    copy = await shelves.put(stranger, MIDNIGHT)
    world.clock.move(100 * DAY)
    await done(world, keep_copies)
    assert await shelves.rows() == [copy]


async def stored_file(world: World) -> tuple[int, UUID]:
    """A ticket with a file, and the id under which that lies in the stores."""
    number = (await world.acme.mail(mail(files={"plan.txt": b"plan"}))).ticket
    assert number is not None
    (file,) = await world.rows(world.acme, "SELECT object_id FROM app.attachments")
    return number, UUID(file)


async def deleted(world: World) -> None:
    async with superuser(world.server, world.acme.database) as connection:
        await connection.execute("DELETE FROM app.attachments")


async def asker_erased(world: World) -> None:
    (cleo,) = await world.rows(world.acme, "SELECT requester_id FROM app.tickets")
    while not await world.acme.program(Kind.JOB)(erasures.erase, person=UUID(cleo)):
        pass


@pytest.mark.long
@pytest.mark.parametrize("rows_go", [deleted, asker_erased])
async def test_a_file_stays_until_no_copy_names_it(
    world: World, shelves: Shelves, rows_go: Callable[[World], Awaitable[None]]
) -> None:
    number, file = await stored_file(world)
    await shelves.put(world.acme.id, MIDNIGHT, objects=[file])
    await rows_go(world)
    assert await world.rows(world.acme, "SELECT id FROM app.attachments") == []
    world.clock.move(800 * DAY)
    await world.acme.program(Kind.JOB)(housekeeping.sweep)
    assert file in await world.app.storage.list(world.acme.id)
    for copy in await shelves.rows():
        await shelves.archive.delete(world.acme.id, copy)
    await world.acme.program(Kind.JOB)(housekeeping.sweep)
    assert file not in await world.app.storage.list(world.acme.id)
    assert (await world.acme.by_token("ann")(tickets.read, number=number)).number == number


@pytest.mark.long
async def test_the_last_copy_of_an_erased_customer_takes_its_identity_with_it(
    world: World, shelves: Shelves, tmp_path: Path
) -> None:
    """Then it opens with nothing: not with the master keys, both stores and all copies of the control database."""
    acme, settings = world.acme.id, world.app.settings
    _, file = await stored_file(world)
    unnamed = (await world.app.storage.put(acme, b"nobody names this")).object_id
    await shelves.put(acme, MIDNIGHT - DAY, objects=[file], content=b"Acme's database", sealed=True)
    secrets = await opening(world)
    control = [await control_copy(world, shelves)]
    await erase(world)
    # The database is gone and its files do not open; what a copy names lies there as long as the copy.
    with pytest.raises(Locked):
        await content_keys(settings).get(acme)
    assert await world.app.storage.list(acme) == {file: (await world.app.storage.list(acme))[file]}
    assert unnamed not in await world.app.storage.list(acme)
    identity = await backup_identities(settings).identity(acme)
    secrets |= {str(identity).encode()}
    sealed = (Path(settings.stores[0]) / path(acme, (await shelves.rows())[0])).read_bytes()
    assert decrypt(sealed, [identity]) == b"Acme's database"
    # Whoever had all of this in hand before the end.
    for place in settings.stores:
        shutil.copytree(place, tmp_path / "hand" / Path(place).name)
    control.append(await control_copy(world, shelves))
    world.clock.move(85 * DAY)
    await done(world, keep_copies)
    assert len(await shelves.rows()) == 1
    world.clock.move(4 * DAY)
    await done(world, keep_copies)
    assert await shelves.rows() == []
    # The ledger says of whom nothing may come back, by an id that nobody else gets.
    left = [
        found.relative_to(place) for place in settings.stores for found in Path(place).rglob("*") if found.is_file()
    ]
    assert not any(str(acme) in str(found) for found in left if found.parts[0] != ledger.FOLDER)
    with pytest.raises(Locked):
        await backup_identities(settings).identity(acme)
    control.append(await control_copy(world, shelves))
    assert str(acme) in control[0], "it is the control database, and knows of the customer"
    for said in control:
        assert "COPY control.customers" in said
        assert [form for secret in secrets for form in forms(secret) if form in said] == []
    await nothing_opens(world, sealed, "".join(control), tmp_path / "hand")


async def opening(world: World) -> set[bytes]:
    """What opens something of Acme's, in the clear and wrapped; its identity aside."""
    ring = await content_keys(world.app.settings).get(world.acme.id)
    names = [str(world.acme.id), f"{world.acme.id}.backup"]
    places = [Path(place) for place in world.app.settings.key_stores]
    wrapped = {(place / name).read_bytes() for place in places for name in names}
    return {*(key for _, key in ring.keys), *wrapped}


async def control_copy(world: World, shelves: Shelves) -> str:
    """All that a copy of the control database says, made and opened as the operator does; it is kept nowhere else."""
    settings, held = world.app.settings, archive(world.app.settings)
    row, *_ = [one for one in await copies.copy(world.app, "") if one.error == ""]
    identity = await backup_identities(settings).identity(OPERATOR.id)
    dump = b"".join([part async for part in held.open(OPERATOR.id, row.id, identity)])
    said = subprocess.run([binaries() / "pg_restore", "--file=-"], input=dump, capture_output=True, check=True)
    await held.delete(OPERATOR.id, row.id)
    await world.control_rows(f"DELETE FROM control.copies WHERE customer_id = '{OPERATOR.id}'")  # noqa: S608 - ours
    return said.stdout.decode()


def forms(secret: bytes) -> list[str]:
    """As a dump would write it."""
    return [
        secret.hex(),
        b64encode(secret).decode(),
        urlsafe_b64encode(secret).decode().rstrip("="),
        repr(secret)[2:-1],
    ]


async def nothing_opens(world: World, sealed: bytes, control: str, hand: Path) -> None:
    """Each identity that the key stores and the master keys still give, and each one that stands anywhere in hand."""
    identities = backup_identities(world.app.settings)
    globex = await world.neighbour()
    for identity in (await identities.identity(globex.id), x25519.Identity.generate()):
        with pytest.raises(DecryptError):
            decrypt(sealed, [identity])
    assert "AGE-SECRET-KEY" not in control
    kept = [name for place in world.app.settings.key_stores for name in Path(place).iterdir()]
    assert not [name for name in kept if str(world.acme.id) in str(name)]
    # The master keys open what is wrapped by them: nothing in hand is.
    objects = [file.read_bytes() for file in hand.rglob("*") if file.is_file()]
    assert sealed in objects
    objects += [content[SIZE:] for content in objects]  # of a file, without its label
    for name, purpose in WRAPPED.items():
        master = InHand(master_key(world.app.settings, name))
        for content in objects:
            with pytest.raises(Damaged):
                master.unseal(content, purpose, world.acme.id.bytes)


@pytest.mark.long
@pytest.mark.fault(9)
async def test_the_nightly_check_names_what_is_wrong_and_stops_counting_it(world: World, shelves: Shelves) -> None:
    acme, settings = world.acme.id, world.app.settings
    good, bad = [await shelves.put(acme, MIDNIGHT - day * DAY) for day in (0, 1)]
    place = Path(settings.stores[1]) / path(acme, bad)
    content = place.read_bytes()
    place.write_bytes(b"x" + content[1:])
    await done(world, check_copies)
    subject = f"{settings.stores[1]}: {path(acme, bad)}"
    assert await alarms(world, "stores") == [(subject, "changed: its content is not what was stored")]
    assert await shelves.rows("id, replicas, damaged_at IS NULL") == [(bad, 1, False), (good, 2, True)]
    place.write_bytes(content)
    await done(world, check_copies)
    assert await alarms(world, "stores") == []
    assert await shelves.rows("id, replicas, damaged_at IS NULL") == [(bad, 2, True), (good, 2, True)]


@pytest.mark.long
@pytest.mark.fault(8, 9)
async def test_a_store_that_is_away_is_told_once_and_costs_no_copy(
    world: World, shelves: Shelves, tmp_path: Path
) -> None:
    for day in range(3):
        await shelves.put(world.acme.id, MIDNIGHT - day * DAY)
    second = Path(world.app.settings.stores[1])
    held = shelves.archive
    second.rename(tmp_path / "away")
    try:
        await done(world, check_copies, held)
    finally:
        (tmp_path / "away").rename(second)
    ((subject, detail),) = await alarms(world, "stores")
    assert (subject, detail.partition(":")[0]) == (str(second), "away")
    assert await shelves.rows("replicas") == [2, 2, 2]


@pytest.mark.long
@pytest.mark.fault(9)
async def test_swapped_copies_of_two_customers_do_not_open_for_each_other(world: World, shelves: Shelves) -> None:
    """With their manifests and all: each says whose it is."""
    globex, acme = await world.neighbour(), world.acme
    ours, theirs = await shelves.put(acme.id, MIDNIGHT), await shelves.put(globex.id, MIDNIGHT)
    for store in world.app.settings.stores:
        for suffix in (".age", ".manifest"):
            one, other = Path(store) / path(acme.id, ours, suffix), Path(store) / path(globex.id, theirs, suffix)
            kept = one.read_bytes()
            one.write_bytes(other.read_bytes())
            other.write_bytes(kept)
    await done(world, check_copies)
    found = await alarms(world, "stores")
    assert {detail for _, detail in found} == {"swapped: this is another copy"}
    assert len(found) == 8
    with pytest.raises(Forged):
        await shelves.archive.good(acme.id, ours)
