"""Each thing that can happen to a stored file is named by its kind, without a key, and mended from the other store."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from seldesk.storage import ContentKeys, Files, Harmed, Place, Storage
from seldesk.storage.label import SIZE, labelled
from seldesk.storage.sealed import file_path

CONTENT = b"The invoice of Cleo" * 100


@dataclass
class Drawer:
    """Two stores with two files of Acme's, which the other customer's file lies beside."""

    stores: list[Place]
    folders: list[Path]
    acme: UUID
    file: UUID
    second: UUID

    def at(self, store: int, file: UUID | None = None) -> Path:
        return self.folders[store] / file_path(self.acme, file or self.file)

    async def found(self, *, due: bool = True) -> list[Harmed]:
        checked = Files(self.stores, awake).check(self.acme, lambda _: due)
        return [harmed async for harmed in checked]


async def awake() -> None:
    """Nobody else would take over."""


@pytest.fixture
async def drawer(storage: Storage, stores: list[Place], folders: list[Path], acme: UUID, globex: UUID) -> Drawer:
    await storage.put(globex, CONTENT)
    first, second = await storage.put(acme, CONTENT), await storage.put(acme, CONTENT)
    return Drawer(stores, folders, acme, first.object_id, second.object_id)


def flipped(path: Path, position: int) -> None:
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


def changed(drawer: Drawer) -> None:
    flipped(drawer.at(0), SIZE + 30)


def relabelled(drawer: Drawer) -> None:
    flipped(drawer.at(0), 5)


def longer(drawer: Drawer) -> None:
    drawer.at(0).write_bytes(drawer.at(0).read_bytes() + b"!")


def cut(drawer: Drawer) -> None:
    drawer.at(0).write_bytes(drawer.at(0).read_bytes()[:-1])


def cut_to_its_label(drawer: Drawer) -> None:
    drawer.at(0).write_bytes(drawer.at(0).read_bytes()[:SIZE])


def emptied(drawer: Drawer) -> None:
    drawer.at(0).write_bytes(b"")


def gone(drawer: Drawer) -> None:
    drawer.at(0).unlink()


def swapped(drawer: Drawer) -> None:
    drawer.at(0).write_bytes(drawer.at(0, drawer.second).read_bytes())


# Those that change the size are found in the first night, whatever its share is.
KINDS: dict[Callable[[Drawer], None], tuple[str, bool]] = {
    changed: ("changed", False),
    relabelled: ("changed", False),
    swapped: ("swapped", False),
    longer: ("changed", True),
    cut: ("cut", True),
    cut_to_its_label: ("cut", True),
    emptied: ("cut", True),
    gone: ("missing", True),
}


async def test_what_is_as_it_was_stored_has_no_fault(drawer: Drawer) -> None:
    assert await drawer.found() == []


@pytest.mark.fault(9)
@pytest.mark.parametrize("harm", KINDS, ids=lambda harm: harm.__name__)
async def test_what_happened_to_a_file_is_named_and_mended(drawer: Drawer, harm: Callable[[Drawer], None]) -> None:
    kind, at_once = KINDS[harm]
    whole = drawer.at(0).read_bytes()
    harm(drawer)
    if not at_once:
        assert await drawer.found(due=False) == []
    (found,) = await drawer.found(due=not at_once)
    assert (found.store, found.name, found.kind, found.mended) == (0, str(drawer.file), kind, True)
    assert drawer.at(0).read_bytes() == whole
    assert await drawer.found() == []


@pytest.mark.fault(9)
async def test_what_is_harmed_in_every_store_is_named_in_each_and_left(drawer: Drawer) -> None:
    flipped(drawer.at(0), -1)
    drawer.at(1).write_bytes(b"")
    assert {(one.store, one.kind, one.mended) for one in await drawer.found()} == {
        (0, "changed", False),
        (1, "cut", False),
    }


@pytest.mark.fault(9)
async def test_what_is_missing_here_and_harmed_there_is_no_source(drawer: Drawer) -> None:
    drawer.at(0).unlink()
    flipped(drawer.at(1), -1)
    assert {(one.store, one.kind, one.mended) for one in await drawer.found()} == {
        (0, "missing", False),
        (1, "changed", False),
    }
    assert not drawer.at(0).exists()


@pytest.mark.fault(9)
async def test_two_that_were_swapped_are_both_mended(drawer: Drawer) -> None:
    first, second = drawer.at(1).read_bytes(), drawer.at(1, drawer.second).read_bytes()
    drawer.at(1).write_bytes(second)
    drawer.at(1, drawer.second).write_bytes(first)
    assert {(one.store, one.kind, one.mended) for one in await drawer.found()} == {(1, "swapped", True)}
    assert await drawer.found() == []


@pytest.mark.fault(9)
async def test_what_has_no_name_of_ours_is_foreign(drawer: Drawer) -> None:
    (drawer.at(0).parent / "notes.txt").write_text("?")
    drawer.at(0).rename(drawer.folders[0] / str(drawer.acme) / str(drawer.file))
    assert {(one.store, one.kind) for one in await drawer.found()} == {(0, "foreign"), (0, "missing")}


@pytest.mark.fault(9)
async def test_whoever_writes_to_one_store_with_a_label_of_the_right_form_is_found_by_the_other(
    drawer: Drawer, storage: Storage
) -> None:
    drawer.at(0).write_bytes(labelled(drawer.acme, drawer.file, b"\x01\x01made by a thief"))
    found = await drawer.found(due=False)
    assert {(one.store, one.kind, one.mended) for one in found} == {(0, "forged", False), (1, "forged", False)}
    assert await storage.get(drawer.acme, drawer.file) == CONTENT


async def test_the_check_needs_no_key(drawer: Drawer, keys: ContentKeys) -> None:
    await keys.destroy(drawer.acme)
    assert await drawer.found() == []
