import hashlib
import shutil
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from seldesk.storage import (
    ContentKeys,
    Damaged,
    Exists,
    Locked,
    Missing,
    Place,
    Ring,
    Storage,
    Stored,
    StoreUnavailable,
)
from seldesk.storage.envelope import OVERHEAD
from seldesk.storage.label import SIZE

CONTENT = b"The invoice of Cleo" * 100


def file_of(folder: Path, customer: UUID, stored: Stored) -> Path:
    return folder / str(customer) / stored.object_id.hex[:2] / str(stored.object_id)


def copies(folders: list[Path], customer: UUID, stored: Stored) -> list[Path]:
    return [file_of(folder, customer, stored) for folder in folders]


async def test_what_was_put_comes_back(storage: Storage, acme: UUID) -> None:
    stored = await storage.put(acme, CONTENT)
    assert stored.sha256 == hashlib.sha256(CONTENT).digest()
    assert stored.size == len(CONTENT)
    assert await storage.get(acme, stored.object_id) == CONTENT


async def test_nothing_is_also_content(storage: Storage, acme: UUID) -> None:
    stored = await storage.put(acme, b"")
    assert await storage.get(acme, stored.object_id) == b""


async def test_every_store_has_a_sealed_copy(storage: Storage, folders: list[Path], acme: UUID) -> None:
    stored = await storage.put(acme, CONTENT)
    first, second = (path.read_bytes() for path in copies(folders, acme, stored))
    assert first == second
    assert CONTENT[:20] not in first
    assert len(first) == SIZE + len(CONTENT) + OVERHEAD


async def test_the_same_content_is_sealed_differently_each_time(
    storage: Storage, folders: list[Path], acme: UUID
) -> None:
    one, two = await storage.put(acme, CONTENT), await storage.put(acme, CONTENT)
    assert file_of(folders[0], acme, one).read_bytes() != file_of(folders[0], acme, two).read_bytes()


def test_a_stores_folder_is_for_its_owner_alone(stores: list[Place], folders: list[Path]) -> None:
    assert [folder.stat().st_mode & 0o777 for folder in folders] == [0o700, 0o700]


async def test_with_one_store_gone_the_other_answers(storage: Storage, folders: list[Path], acme: UUID) -> None:
    stored = await storage.put(acme, CONTENT)
    shutil.rmtree(folders[0])
    assert await storage.get(acme, stored.object_id) == CONTENT


async def test_with_one_store_gone_nothing_is_taken_for_stored(
    storage: Storage, folders: list[Path], acme: UUID
) -> None:
    shutil.rmtree(folders[1])
    with pytest.raises(StoreUnavailable):
        await storage.put(acme, CONTENT)
    assert not folders[1].exists()


async def test_with_one_store_gone_a_missing_object_is_not_called_missing(
    storage: Storage, folders: list[Path], acme: UUID
) -> None:
    shutil.rmtree(folders[0])
    with pytest.raises(StoreUnavailable):
        await storage.get(acme, uuid4())


@pytest.mark.parametrize("position", [SIZE, SIZE + 1, SIZE + 5, SIZE + 20, -1])
async def test_a_flipped_bit_is_noticed_and_the_other_copy_answers(
    storage: Storage, folders: list[Path], acme: UUID, position: int
) -> None:
    stored = await storage.put(acme, CONTENT)
    first, second = copies(folders, acme, stored)
    flip(first, position)
    assert await storage.get(acme, stored.object_id) == CONTENT
    flip(second, position)
    with pytest.raises(Damaged):
        await storage.get(acme, stored.object_id)


async def test_a_label_that_was_harmed_loses_nobody_a_file(storage: Storage, folders: list[Path], acme: UUID) -> None:
    stored = await storage.put(acme, CONTENT)
    for path in copies(folders, acme, stored):
        flip(path, 5)
    assert await storage.get(acme, stored.object_id) == CONTENT


@pytest.mark.parametrize("length", [0, 1, SIZE, SIZE + OVERHEAD - 1, SIZE + OVERHEAD, SIZE + OVERHEAD + 1, -1])
async def test_a_cut_object_is_noticed(storage: Storage, folders: list[Path], acme: UUID, length: int) -> None:
    stored = await storage.put(acme, CONTENT)
    for path in copies(folders, acme, stored):
        path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(Damaged):
        await storage.get(acme, stored.object_id)


async def test_an_object_that_grew_beyond_all_bounds_is_not_read(
    storage: Storage, folders: list[Path], acme: UUID
) -> None:
    stored = await storage.put(acme, CONTENT)
    for path in copies(folders, acme, stored):
        with path.open("ab") as file:
            file.truncate(1 << 30)
    with pytest.raises(Damaged):
        await storage.get(acme, stored.object_id)


async def test_two_objects_that_were_swapped_do_not_open(storage: Storage, folders: list[Path], acme: UUID) -> None:
    one, two = await storage.put(acme, b"one"), await storage.put(acme, b"two")
    for folder in folders:
        swap(file_of(folder, acme, one), file_of(folder, acme, two))
    for stored in (one, two):
        with pytest.raises(Damaged):
            await storage.get(acme, stored.object_id)


async def test_an_object_of_another_customer_does_not_open(
    storage: Storage, folders: list[Path], acme: UUID, globex: UUID
) -> None:
    ours, theirs = await storage.put(acme, b"ours"), await storage.put(globex, b"theirs")
    for folder in folders:
        swap(file_of(folder, acme, ours), file_of(folder, globex, theirs))
    with pytest.raises(Damaged):
        await storage.get(acme, ours.object_id)
    with pytest.raises(Missing):
        await storage.get(acme, theirs.object_id)


async def test_with_the_same_key_another_customers_object_still_does_not_open(
    stores: list[Place], folders: list[Path], acme: UUID, globex: UUID
) -> None:
    class OneKey(ContentKeys):
        async def get(self, customer: UUID, *, fresh: bool = False) -> Ring:
            return Ring.of(bytes(32))

    storage = Storage(stores, OneKey([], bytes(32)))
    stored = await storage.put(acme, CONTENT)
    for folder in folders:
        target = file_of(folder, globex, stored)
        target.parent.mkdir(parents=True)
        shutil.copy(file_of(folder, acme, stored), target)
    with pytest.raises(Damaged):
        await storage.get(globex, stored.object_id)


async def test_with_its_key_destroyed_nothing_of_a_customer_opens(
    storage: Storage, keys: ContentKeys, acme: UUID, globex: UUID
) -> None:
    ours, theirs = await storage.put(acme, CONTENT), await storage.put(globex, CONTENT)
    await keys.destroy(acme)
    with pytest.raises(Locked):
        await storage.get(acme, ours.object_id)
    with pytest.raises(Locked):
        await storage.put(acme, CONTENT)
    assert await storage.get(globex, theirs.object_id) == CONTENT


async def test_a_key_made_anew_does_not_open_what_the_destroyed_one_sealed(
    storage: Storage, keys: ContentKeys, acme: UUID
) -> None:
    stored = await storage.put(acme, CONTENT)
    await keys.destroy(acme)
    await keys.create(acme)
    with pytest.raises(Damaged):
        await storage.get(acme, stored.object_id)


async def test_an_object_is_never_overwritten(stores: list[Place]) -> None:
    for store in [*stores, Place.in_memory()]:
        await store.create("x/y", b"first")
        with pytest.raises(Exists):
            await store.create("x/y", b"second")
        assert await store.get("x/y", 100) == b"first"


async def test_deleted_means_gone_from_every_store(storage: Storage, folders: list[Path], acme: UUID) -> None:
    stored = await storage.put(acme, CONTENT)
    await storage.delete(acme, stored.object_id)
    assert not any(path.exists() for path in copies(folders, acme, stored))
    with pytest.raises(Missing):
        await storage.get(acme, stored.object_id)
    await storage.delete(acme, stored.object_id)


async def test_a_deletion_that_one_store_did_not_hear_is_told_after_the_other_has_done_it(
    storage: Storage, folders: list[Path], acme: UUID
) -> None:
    stored = await storage.put(acme, CONTENT)
    shutil.rmtree(folders[0])
    with pytest.raises(StoreUnavailable):
        await storage.delete(acme, stored.object_id)
    assert not file_of(folders[1], acme, stored).exists()


async def test_the_sweep_sees_what_is_in_either_store_and_only_this_customers(
    storage: Storage, folders: list[Path], acme: UUID, globex: UUID
) -> None:
    one, two = await storage.put(acme, b"1"), await storage.put(acme, b"2")
    await storage.put(globex, b"3")
    file_of(folders[0], acme, one).unlink()
    file_of(folders[1], acme, two).unlink()
    (folders[0] / str(acme) / "notes.txt").write_text("not ours")
    found = await storage.list(acme)
    assert set(found) == {one.object_id, two.object_id}
    assert all(stored.tzinfo for stored in found.values())


def flip(path: Path, position: int) -> None:
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


def swap(one: Path, two: Path) -> None:
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
