"""What lies in the stores and belongs to nobody, or is missing, is told of in the night; nothing of it is removed."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from rpc import Kind
from seldesk.app.stored import NIGHTS, Stored
from seldesk.jobs.schedule import PutOff
from seldesk.methods.control import alerts
from seldesk.methods.desk import housekeeping, tickets
from seldesk.storage import Place
from tests.acceptance.fleet import nobody_else
from tests.world import World, mail


async def told(world: World) -> list[tuple[str, str]]:
    """What stands about Acme and about the unknown ones; others were left by other tests."""
    await Stored(world.app).check(nobody_else)
    rows = await world.app.program(Kind.COMMAND)(alerts.list)
    mine = (str(world.acme.id), str(STRANGER))
    return sorted((row.subject, row.detail) for row in rows if row.subject.endswith(mine))


STRANGER = uuid4()


def files(world: World, store: int, owner: UUID) -> list[Path]:
    folder = Path(world.app.settings.stores[store]) / str(owner)
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.fault(9)
async def test_files_that_one_store_lost_are_told_of_and_put_back_and_those_that_are_gone_until_they_are_back(
    world: World,
) -> None:
    await world.acme.mail(mail(files={"plan.txt": b"plan"}))
    assert await told(world) == []
    half, *_ = files(world, 0, world.acme.id)
    content = half.read_bytes()
    half.unlink()
    subject = f"files of {world.acme.id}"
    said = f"missing: 1, such as {half.name}; put back from another store"
    assert await told(world) == [(f"{world.app.settings.stores[0]}: {subject}", said)]
    assert half.read_bytes() == content
    assert await told(world) == []
    (gone,) = [path for path in files(world, 1, world.acme.id) if path.name == half.name]
    for path in (half, gone):
        path.unlink()
    assert await told(world) == [(subject, f"named and in no store: 1, such as {half.name}")]
    for path in (half, gone):
        path.write_bytes(content)
    assert await told(world) == []


@pytest.mark.fault(9)
async def test_what_a_store_changed_without_a_sound_is_found_within_the_nights_of_one_round(world: World) -> None:
    await world.acme.mail(mail(files={"plan.txt": b"plan"}))
    harmed, *_ = files(world, 1, world.acme.id)
    whole = harmed.read_bytes()
    harmed.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    said = set[tuple[str, str]]()
    for _ in range(NIGHTS):
        said.update(await told(world))
        world.clock.move(timedelta(days=1))
    subject = f"{world.app.settings.stores[1]}: files of {world.acme.id}"
    detail = f"changed: the content is not what was stored: 1, such as {harmed.name}; put back from another store"
    assert said == {(subject, detail)}
    assert harmed.read_bytes() == whole


async def test_files_and_keys_of_nobody_are_told_of_and_kept(world: World) -> None:
    stores, keys = (
        [Place.at(at) for at in places] for places in (world.app.settings.stores, world.app.settings.key_stores)
    )
    await stores[1].create(f"{STRANGER}/ab/{uuid4()}", b"somebody's")
    await keys[0].create(str(STRANGER), b"a key")
    await stores[0].create(f"erasures/{STRANGER}", b"{}")
    subjects = [f"files of {STRANGER}", f"key of {STRANGER}"]
    assert await told(world) == list(
        zip(subjects, ["1 files without a customer", "a key without a customer"], strict=True)
    )
    assert len(files(world, 1, STRANGER)) == 1
    assert await keys[0].get(str(STRANGER), 100) == b"a key"
    await stores[1].delete(str(files(world, 1, STRANGER)[0].relative_to(world.app.settings.stores[1])))
    await keys[0].delete(str(STRANGER))
    await stores[0].delete(f"erasures/{STRANGER}")
    assert await told(world) == []


async def test_a_customer_without_its_keys_is_told_of(world: World) -> None:
    places = [Place.at(at) for at in world.app.settings.key_stores]
    held = [(place, name, await place.get(name, 4096)) for place in places for name in names(world)]
    for place, name, _ in held:
        await place.delete(name)
    subject = f"key of {world.acme.id}"
    assert await told(world) == [
        (subject, "a customer without a backup identity"),
        (subject, "a customer without a content key"),
    ]
    for place, name, content in held[:2]:
        await place.create(name, content)
    assert await told(world) == [(subject, "lies in one place only")]
    for place, name, content in held[2:]:
        await place.create(name, content)
    assert await told(world) == []


def names(world: World) -> list[str]:
    return [str(world.acme.id), f"{world.acme.id}.backup"]


async def test_while_a_store_is_away_it_is_put_off(world: World, tmp_path: Path) -> None:
    store, check = Path(world.app.settings.stores[1]), Stored(world.app)
    store.rename(tmp_path / "away")
    try:
        with pytest.raises(PutOff):
            await check.check(nobody_else)
    finally:
        (tmp_path / "away").rename(store)


async def test_files_of_drafts_and_mails_are_missed_too(world: World) -> None:
    number = (await world.acme.mail(mail(files={"plan.txt": b"plan"}))).ticket
    assert number is not None
    for store in (0, 1):
        for path in files(world, store, world.acme.id):
            path.unlink()
    # The mail as it came, and what was in it.
    assert len(await world.acme.program(Kind.JOB)(housekeeping.lost)) == 2
    assert (await world.acme.by_token("ann")(tickets.read, number=number)).number == number
