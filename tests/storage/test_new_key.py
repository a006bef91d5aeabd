"""A customer's content key is changed while everybody works; afterwards the former one opens nothing."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from seldesk.storage import (
    ContentKeys,
    Damaged,
    Downloads,
    Locked,
    Missing,
    Place,
    Ring,
    Secrets,
    Storage,
    StoreUnavailable,
)
from seldesk.storage.downloads import CHUNK
from seldesk.storage.envelope import version_of
from seldesk.storage.label import SIZE
from tests.storage.conftest import MASTER


class Dead(Exception):
    """The process was killed here."""


class Dying(Place):
    """Its process is killed when it has replaced so many objects."""

    lives = 1000

    async def replace(self, path: str, content: bytes) -> None:
        if self.lives == 0:
            raise Dead
        self.lives -= 1
        await super().replace(path, content)


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    found = [tmp_path / name for name in ("a", "b", "keys a", "keys b")]
    for folder in found:
        Place.prepare(str(folder))
    return found


def process(folders: Sequence[Path]) -> tuple[ContentKeys, Storage, list[Dying]]:
    """What a process has that was started just now."""
    places = [Dying.at(str(folder)) for folder in folders]
    keys = ContentKeys(places[2:], MASTER)
    return keys, Storage(places[:2], keys), places


async def nobody() -> None:
    """Nobody else took over."""


def files(folders: Sequence[Path], customer: UUID) -> list[Path]:
    return [path for folder in folders[:2] for path in (folder / str(customer)).rglob("*") if path.is_file()]


async def changed(keys: ContentKeys, storage: Storage, customer: UUID) -> list[UUID]:
    await keys.renew(customer)
    unopened = await storage.reseal(customer, nobody)
    if not unopened:
        await keys.retire(customer)
    return unopened


async def test_what_is_there_opens_all_the_time_and_at_the_end_under_the_new_key_only(
    folders: list[Path], acme: UUID, globex: UUID
) -> None:
    keys, storage, _ = process(folders)
    await keys.create(acme)
    await keys.create(globex)
    beside = await storage.put(globex, b"next door")
    old = [await storage.put(acme, f"before {number}".encode()) for number in range(6)]
    secret = await Secrets(keys).seal(acme, "seed", b"a seed")
    former = await keys.get(acme)
    slow_keys, slow, _ = process(folders)
    await slow_keys.get(acme)  # a process that has it in memory
    await keys.renew(acme)
    new = await storage.put(acme, b"after")
    late = await slow.put(acme, b"late")
    # Each opens what the other has sealed, be it under a version that it has not heard of.
    assert await slow.get(acme, new.object_id) == b"after"
    assert await storage.get(acme, late.object_id) == b"late"
    assert await storage.reseal(acme, nobody) == []
    assert {version_of(path.read_bytes()[SIZE:]) for path in files(folders, acme)} == {2}
    assert await Secrets(slow_keys).open(acme, "seed", secret) == b"a seed"
    await keys.retire(acme)
    assert [await storage.get(acme, one.object_id) for one in old] == [f"before {n}".encode() for n in range(6)]
    # Who holds the former key, and all that lies in stores and database, opens nothing.
    thief = Storage([Place.at(str(folder)) for folder in folders[:2]], Held(former))
    for one in (*old, new, late):
        with pytest.raises(Locked):
            await thief.get(acme, one.object_id)
    for path in files(folders, acme):
        disguised = bytearray(path.read_bytes())
        disguised[SIZE + 1] = 1
        path.write_bytes(disguised)
    for one in (*old, new, late):
        with pytest.raises(Damaged):
            await thief.get(acme, one.object_id)
    with pytest.raises(Locked):
        await Secrets(process(folders)[0]).open(acme, "seed", secret)
    assert await storage.get(globex, beside.object_id) == b"next door"


class Held(ContentKeys):
    """A ring in somebody's hand."""

    def __init__(self, ring: Ring) -> None:
        super().__init__([], MASTER)
        self.ring = ring

    async def get(self, customer: UUID, *, fresh: bool = False) -> Ring:
        return self.ring


@pytest.mark.parametrize("store", [0, 1, 2, 3])
@pytest.mark.parametrize("lives", [0, 1, 2])
async def test_killed_anywhere_nothing_is_lost_and_another_completes_it(
    folders: list[Path], acme: UUID, store: int, lives: int
) -> None:
    keys, storage, places = process(folders)
    await keys.create(acme)
    stored = [await storage.put(acme, f"before {number}".encode()) for number in range(6)]
    former = await keys.get(acme)
    places[store].lives = lives
    with pytest.raises(Dead):
        await changed(keys, storage, acme)
    for _ in range(2):
        keys, storage, _ = process(folders)
        for number, one in enumerate(stored):
            assert await storage.get(acme, one.object_id) == f"before {number}".encode()
        assert await changed(keys, storage, acme) == []
        assert len((await keys.get(acme)).keys) == 1
    version, key = (await keys.get(acme)).sealing
    assert {version_of(path.read_bytes()[SIZE:]) for path in files(folders, acme)} == {version}
    assert key != former.sealing[1]
    assert len({(folder / str(acme)).read_bytes() for folder in folders[2:]}) == 1


async def test_while_something_cannot_be_opened_the_former_key_stays(folders: list[Path], acme: UUID) -> None:
    keys, storage, _ = process(folders)
    await keys.create(acme)
    bad, good = await storage.put(acme, b"bad"), await storage.put(acme, b"good")
    for path in files(folders, acme):
        if path.name == str(bad.object_id):
            path.write_bytes(path.read_bytes()[:-1])
    assert await changed(keys, storage, acme) == [bad.object_id]
    assert [version for version, _ in (await keys.get(acme)).keys] == [2, 1]
    assert await storage.get(acme, good.object_id) == b"good"
    await storage.delete(acme, bad.object_id)
    assert await changed(keys, storage, acme) == []


async def test_a_copy_that_is_missing_or_damaged_in_one_store_is_mended(folders: list[Path], acme: UUID) -> None:
    keys, storage, _ = process(folders)
    await keys.create(acme)
    stored = [await storage.put(acme, b"one"), await storage.put(acme, b"two"), await storage.put(acme, b"three")]
    mine = [path for path in files(folders, acme) if folders[0] in path.parents]
    mine[0].unlink()
    mine[1].write_bytes(b"")
    mine[2].write_bytes(b"\1")
    assert await changed(keys, storage, acme) == []
    for folder in folders[:2]:
        alone = Storage([Place.at(str(folder))], keys)
        assert [await alone.get(acme, one.object_id) for one in stored] == [b"one", b"two", b"three"]


async def test_with_one_place_for_keys_away_nothing_is_sealed_under_a_key_that_is_in_the_other_only(
    folders: list[Path], tmp_path: Path, acme: UUID
) -> None:
    keys, storage, _ = process(folders)
    await keys.create(acme)
    folders[3].rename(tmp_path / "away")
    with pytest.raises(StoreUnavailable):
        await keys.renew(acme)
    stored = await storage.put(acme, b"meanwhile")
    (tmp_path / "away").rename(folders[3])
    folders[2].rename(tmp_path / "away")
    assert (
        await process([folders[0], folders[1], folders[3], folders[3]])[1].get(acme, stored.object_id) == b"meanwhile"
    )
    (tmp_path / "away").rename(folders[2])
    assert await changed(keys, storage, acme) == []
    assert [version for version, _ in (await keys.get(acme)).keys] == [2]


async def test_what_is_gone_in_between_is_not_missed(folders: list[Path], acme: UUID) -> None:
    keys, storage, _ = process(folders)
    await keys.create(acme)
    one, two = await storage.put(acme, b"one"), await storage.put(acme, b"two")
    await keys.renew(acme)

    async def deleting() -> None:
        await storage.delete(acme, one.object_id)

    assert await storage.reseal(acme, deleting) == []
    assert await storage.get(acme, two.object_id) == b"two"
    with pytest.raises(Missing):
        await storage.get(acme, one.object_id)


async def test_a_download_opens_before_and_after_and_one_that_is_being_written_too(
    folders: list[Path], acme: UUID
) -> None:
    """Three chunks: two from before the change and one from after it; cut off in between, it is done again."""
    keys, _, places = process(folders)
    await keys.create(acme)
    downloads, elsewhere = Downloads(places[:2], keys), Downloads(places[:2], process(folders)[0])
    file, content = uuid4(), bytes(2 * CHUNK) + b"and the rest"
    packing = downloads.begin(acme, file)
    await packing.write(content)
    await keys.renew(acme)
    assert (await packing.close()).chunks == 3

    async def read(by: Downloads) -> bytes:
        return b"".join([await by.chunk(acme, file, at, last=at == 2) for at in range(3)])

    assert await read(elsewhere) == content, "one that has not heard of the new version asks"
    places[0].lives = 1
    with pytest.raises(Dead):
        await downloads.reseal(acme, nobody)
    places[0].lives = 1000
    assert await read(downloads) == content
    await downloads.reseal(acme, nobody)
    assert {version_of(path.read_bytes()) for path in files(folders, acme)} == {2}
    await keys.retire(acme)
    assert await read(downloads) == await read(elsewhere) == content
    with pytest.raises(Damaged):
        await downloads.chunk(acme, file, 1, last=True)


async def test_a_damaged_chunk_keeps_no_key(folders: list[Path], acme: UUID) -> None:
    keys, _, places = process(folders)
    await keys.create(acme)
    downloads, spoilt, whole = Downloads(places[:2], keys), uuid4(), uuid4()
    for file in (spoilt, whole):
        packing = downloads.begin(acme, file)
        await packing.write(b"content")
        assert (await packing.close()).chunks == 1
    for path in files(folders, acme):
        if str(spoilt) in str(path):
            path.write_bytes(path.read_bytes()[:-1] + b"?")
    await keys.renew(acme)
    await downloads.reseal(acme, nobody)
    await keys.retire(acme)
    assert await downloads.chunk(acme, whole, 0, last=True) == b"content"
    with pytest.raises((Damaged, Locked)):
        await downloads.chunk(acme, spoilt, 0, last=True)
