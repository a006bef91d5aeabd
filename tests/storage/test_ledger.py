"""The ledger of erasures: what was not signed here is no entry, whoever writes to a store."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest

from orm.ids import uuid7
from seldesk.storage import Erasure, Ledger, Manifest, ManifestKey, Place, StoreUnavailable
from tests.storage.conftest import ACME, GLOBEX

KEY = ManifestKey(bytes(range(32)))
AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)


def ledger(stores: list[Place]) -> Ledger:
    return Ledger(stores, KEY.public)


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in (folder / "erasures").rglob("*") if path.is_file())


async def rewritten(place: Place, folder: Path, change: Callable[[str], str]) -> str:
    """What somebody makes of the one entry who may write to this store, and delete in it."""
    (name,) = names(folder)
    await place.create(changed := change(name), b"")
    await place.delete(name)
    return changed


@pytest.mark.parametrize("person", [None, uuid4()])
async def test_it_says_in_every_store_what_was_written_and_ends_in_all(
    stores: list[Place], folders: list[Path], person: UUID | None
) -> None:
    entry = Erasure(uuid7(), ACME, person, AT)
    for _ in range(2):
        await ledger(stores).write(entry, KEY)
    assert names(folders[0]) == names(folders[1])
    assert len(names(folders[0])) == 1
    for place in stores:
        said = await ledger([place]).read()
        assert (said.entries, said.forged) == ({entry.id: entry}, [])
    await ledger(stores).end(entry.id)
    assert names(folders[0]) == names(folders[1]) == []


CHANGES: dict[str, Callable[[str], str]] = {
    "another customer": lambda name: name.replace(str(ACME), str(GLOBEX)),
    "all of the customer": lambda name: name.replace(str(UUID(int=9)), "all"),
    "another id": lambda name: name.replace(name.split("/")[1], str(uuid4())),
    "another time": lambda name: name.replace("20260302", "20260102"),
    "no signature": lambda name: name.rpartition(".")[0],
    "half a signature": lambda name: name[:-64],
    "another folder": lambda name: name.replace("erasures/", "erasures/again/"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_changed_entry_is_none_and_the_other_store_has_the_sound_one(
    stores: list[Place], folders: list[Path], change: Callable[[str], str]
) -> None:
    entry = Erasure(uuid7(), ACME, UUID(int=9), AT)
    await ledger(stores).write(entry, KEY)
    forged = await rewritten(stores[0], folders[0], change)
    said = await ledger(stores).read()
    assert (said.entries, said.forged) == ({entry.id: entry}, [(0, forged)])
    assert (await ledger(stores[:1]).read()).entries == {}


async def test_what_another_key_signed_is_no_entry(stores: list[Place], folders: list[Path]) -> None:
    await ledger(stores).write(Erasure(uuid7(), ACME, None, AT), ManifestKey(bytes(32)))
    said = await ledger(stores).read()
    assert (said.entries, said.forged) == ({}, [(0, names(folders[0])[0]), (1, names(folders[1])[0])])


async def test_nothing_is_written_over_what_stands_in_a_name(stores: list[Place], folders: list[Path]) -> None:
    entry = Erasure(uuid7(), ACME, None, AT)
    await ledger(stores).write(entry, KEY)
    for place, folder in zip(stores, folders, strict=True):
        await place.replace(names(folder)[0], b"{}")
    said = await ledger(stores).read()
    assert (said.entries, said.forged) == ({entry.id: entry}, [])


async def test_a_signature_of_a_copy_signs_no_entry(stores: list[Place]) -> None:
    manifest = Manifest(
        copy=uuid7(),
        customer=ACME,
        kind="scheduled",
        slug="acme",
        plan="trial",
        region="eu",
        cluster="main",
        snapshot_at=AT,
        size=1,
        sha256="00",
        archive_size=1,
        postgresql=18,
        revision="0001",
        tables={},
        objects=[],
    )
    signature = msgspec.json.decode(KEY.sign(manifest))["signature"]
    await stores[0].create(f"{Erasure(manifest.copy, ACME, None, AT).words}.{signature}", b"")
    assert (await ledger(stores).read()).entries == {}


async def test_one_that_was_put_back_says_what_it_said(stores: list[Place], folders: list[Path]) -> None:
    """Whoever was erased does not live again: saying so once more harms nobody, and it ends once more."""
    entry = Erasure(uuid7(), ACME, UUID(int=9), AT)
    await ledger(stores).write(entry, KEY)
    (name,) = names(folders[0])
    await ledger(stores).end(entry.id)
    await stores[0].create(name, b"")
    assert (await ledger(stores).read()).entries == {entry.id: entry}
    await ledger(stores).end(entry.id)
    assert (await ledger(stores).read()).entries == {}


async def test_strangers_names_hold_up_nothing(stores: list[Place]) -> None:
    entry, strange = Erasure(uuid7(), ACME, None, AT + timedelta(days=1)), ["erasures/README", "erasures/a/b/c.d.e.f"]
    await ledger(stores).write(entry, KEY)
    for name in strange:
        await stores[1].create(name, b"not an entry")
    said = await ledger(stores).read()
    assert (said.entries, sorted(said.forged)) == ({entry.id: entry}, [(1, name) for name in strange])


async def test_one_store_that_answers_is_enough(stores: list[Place], folders: list[Path]) -> None:
    entry = Erasure(uuid7(), ACME, None, AT)
    await ledger(stores).write(entry, KEY)
    folders[0].rename(folders[0].with_name("away"))
    assert (await ledger(stores).read()).entries == {entry.id: entry}
    with pytest.raises(StoreUnavailable):
        await ledger(stores[:1]).read()
    with pytest.raises(StoreUnavailable):
        await ledger(stores).write(Erasure(uuid7(), ACME, None, AT), KEY)
