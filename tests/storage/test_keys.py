import shutil
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from seldesk.storage import ContentKeys, Damaged, Locked, Missing, Place, StoreUnavailable
from seldesk.storage.place import MARKER
from tests.storage.conftest import MASTER


class Seconds:
    """A stopwatch that is moved by hand."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


@pytest.fixture
def places(tmp_path: Path) -> list[Place]:
    for name in ("a", "b"):
        Place.prepare(str(tmp_path / name))
    return [Place.at(str(tmp_path / name)) for name in ("a", "b")]


async def test_each_customer_has_a_key_of_its_own(keys: ContentKeys, acme: UUID, globex: UUID) -> None:
    assert len((await keys.get(acme)).sealing[1]) == 32
    assert await keys.get(acme) != await keys.get(globex)


async def test_a_customer_without_a_key_is_locked(keys: ContentKeys) -> None:
    with pytest.raises(Locked):
        await keys.get(uuid4())


async def test_the_key_lies_wrapped_and_alike_in_both_places(places: list[Place], tmp_path: Path, acme: UUID) -> None:
    keys = ContentKeys(places, MASTER)
    await keys.create(acme)
    first, second = ((tmp_path / name / str(acme)).read_bytes() for name in ("a", "b"))
    assert first == second
    assert (await keys.get(acme)).sealing[1] not in first


async def test_making_a_key_again_changes_nothing(places: list[Place], acme: UUID) -> None:
    keys = ContentKeys(places, MASTER)
    await keys.create(acme)
    before = await keys.get(acme)
    await keys.create(acme)
    keys.forget(acme)
    assert await keys.get(acme) == before


async def test_making_a_key_again_completes_what_was_cut_off(places: list[Place], tmp_path: Path, acme: UUID) -> None:
    keys = ContentKeys(places, MASTER)
    await keys.create(acme)
    (tmp_path / "a" / str(acme)).unlink()
    await keys.create(acme)
    assert (tmp_path / "a" / str(acme)).read_bytes() == (tmp_path / "b" / str(acme)).read_bytes()


async def test_of_two_that_make_a_key_at_once_the_first_has_chosen(acme: UUID) -> None:
    class Overtaken(Place):
        """Another process creates the same object just before this one."""

        async def create(self, path: str, content: bytes) -> None:
            if not overtaken:
                overtaken.append(path)
                await other.create(acme)
            await super().create(path, content)

    overtaken: list[str] = []
    inner = [Overtaken.in_memory(), Place.in_memory()]
    other, keys = ContentKeys(inner, MASTER), ContentKeys(inner, MASTER)
    await keys.create(acme)
    assert overtaken
    assert await inner[0].get(str(acme), 100) == await inner[1].get(str(acme), 100)
    assert await keys.get(acme) == await other.get(acme)


async def test_a_destroyed_key_is_in_no_place_and_in_no_memory(places: list[Place], tmp_path: Path, acme: UUID) -> None:
    keys = ContentKeys(places, MASTER)
    await keys.create(acme)
    await keys.get(acme)
    await keys.destroy(acme)
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {MARKER}
    with pytest.raises(Locked):
        await keys.get(acme)


async def test_another_process_forgets_a_destroyed_key_within_a_minute(acme: UUID) -> None:
    place, seconds = Place.in_memory(), Seconds()
    web, provisioner = ContentKeys([place], MASTER, now=seconds), ContentKeys([place], MASTER)
    await provisioner.create(acme)
    await web.get(acme)
    await provisioner.destroy(acme)
    seconds.passed = 59
    assert (await web.get(acme)).keys
    seconds.passed = 61
    with pytest.raises(Locked):
        await web.get(acme)


async def test_only_so_many_keys_are_remembered() -> None:
    place = Place.in_memory()
    keys = ContentKeys([place], MASTER, remembered=2)
    customers = [uuid4() for _ in range(3)]
    for customer in customers:
        await keys.create(customer)
        await keys.get(customer)
    for customer in customers:
        await place.delete(str(customer))
    with pytest.raises(Locked):
        await keys.get(customers[0])
    assert (await keys.get(customers[1])).keys
    assert (await keys.get(customers[2])).keys


async def test_two_customers_wrapped_keys_that_were_swapped_do_not_open(
    places: list[Place], tmp_path: Path, acme: UUID, globex: UUID
) -> None:
    keys = ContentKeys(places, MASTER)
    await keys.create(acme)
    await keys.create(globex)
    for name in ("a", "b"):
        (tmp_path / name / str(acme)).write_bytes((tmp_path / name / str(globex)).read_bytes())
    with pytest.raises(Damaged):
        await keys.get(acme)


async def test_another_master_key_opens_nothing(places: list[Place], acme: UUID) -> None:
    await ContentKeys(places, MASTER).create(acme)
    with pytest.raises(Damaged):
        await ContentKeys(places, bytes(32)).get(acme)


def test_a_master_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        ContentKeys([], b"short")


async def test_with_one_place_away_keys_are_read_but_not_made(
    places: list[Place], tmp_path: Path, acme: UUID, globex: UUID
) -> None:
    keys = ContentKeys(places, MASTER)
    await keys.create(acme)
    (tmp_path / "a" / str(acme)).unlink()
    shutil.rmtree(tmp_path / "a")
    assert (await keys.get(acme)).keys
    with pytest.raises(StoreUnavailable):
        await keys.create(globex)
    with pytest.raises(Missing):
        await places[1].get(str(globex), 100)
