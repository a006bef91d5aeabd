"""Each thing that can be wrong with a store is found, and named by its kind."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from seldesk.storage import Archive, Expected, Inspection, Manifest, ManifestKey, Place, named_by_copies
from seldesk.storage.archive import path

KEY, THIEF = ManifestKey(bytes(32)), ManifestKey(bytes([1]) * 32)
SAID = b"a sealed copy of everything at Acme"
Harm = Callable[["Shelf"], None]


class Shelf:
    """Two stores with a copy of Acme and one of Globex, as they are written."""

    def __init__(self, stores: list[Place], folder: Path) -> None:
        self.archive, self.folder = Archive(stores, KEY.public), folder
        self.acme, self.globex = uuid4(), uuid4()
        self.copies: dict[UUID, Expected] = {}
        self.file = uuid4()

    async def put(self, customer: UUID, content: bytes, *, key: ManifestKey = KEY, copy: UUID | None = None) -> None:
        digest = hashlib.sha256(content).digest()
        copy = copy or uuid4()
        manifest = Manifest(
            copy=copy, customer=customer, kind="scheduled", slug="acme", plan="paid", region="eu", cluster="main",
            snapshot_at=datetime(2026, 3, 2, tzinfo=UTC), size=len(content), sha256=digest.hex(), archive_size=9,
            postgresql=18, revision="0001", tables={}, objects=[self.file],
        )  # fmt: skip
        for place in self.archive.stores:
            await place.create(path(customer, copy), content)
            await place.create(path(customer, copy, ".manifest"), key.sign(manifest))
        self.copies[customer] = Expected(customer, copy, len(content), digest)

    def at(self, customer: UUID, suffix: str = ".age") -> Path:
        return self.folder / path(customer, self.copies[customer].copy, suffix)

    async def found(self, store: int = 0) -> set[tuple[str, str]]:
        """Which file and what of it."""

        async def known(sha256: bytes) -> bool:
            return sha256 in {one.sha256 for one in self.copies.values()}

        async def listed() -> set[UUID]:
            return {one.copy for one in self.copies.values()}

        async def awake() -> None:
            """Nobody else would take over."""

        inspection = Inspection(self.archive, store, known, awake)
        faults = [fault async for fault in inspection.foreign(self.copies)]
        for customer, expected in self.copies.items():
            faults += [*await inspection.replica(expected), *await inspection.unlisted(customer, listed)]
        return {(fault.path, fault.kind) for fault in faults}


@pytest.fixture
async def shelf(stores: list[Place], folders: list[Path]) -> Shelf:
    shelf = Shelf(stores, folders[0])
    await shelf.put(shelf.acme, SAID)
    await shelf.put(shelf.globex, b"another, of Globex")
    return shelf


def changed(shelf: Shelf) -> None:
    content = bytearray(SAID)
    content[7] ^= 1
    shelf.at(shelf.acme).write_bytes(content)


def longer(shelf: Shelf) -> None:
    shelf.at(shelf.acme).write_bytes(SAID + b"!")


def cut(shelf: Shelf) -> None:
    shelf.at(shelf.acme).write_bytes(SAID[:-1])


def gone(shelf: Shelf) -> None:
    shelf.at(shelf.acme).unlink()


def swapped(shelf: Shelf) -> None:
    shelf.at(shelf.acme).write_bytes(shelf.at(shelf.globex).read_bytes())


HARM: dict[Harm, str] = {changed: "changed", longer: "changed", cut: "cut", gone: "missing", swapped: "swapped"}


async def test_what_is_as_it_was_written_has_no_fault(shelf: Shelf) -> None:
    assert await shelf.found(0) == await shelf.found(1) == set()


@pytest.mark.fault(9)
@pytest.mark.parametrize("harm", HARM, ids=lambda harm: harm.__name__)
async def test_what_happened_to_an_object_is_named_in_the_store_where_it_happened(shelf: Shelf, harm: Harm) -> None:
    harm(shelf)
    assert await shelf.found(0) == {(path(shelf.acme, shelf.copies[shelf.acme].copy), HARM[harm])}
    assert await shelf.found(1) == set()


@pytest.mark.fault(9)
async def test_what_happened_to_a_manifest_is_named(shelf: Shelf) -> None:
    page, acme = shelf.at(shelf.acme, ".manifest"), shelf.copies[shelf.acme].copy
    where, good = path(shelf.acme, acme, ".manifest"), shelf.at(shelf.acme, ".manifest").read_bytes()
    page.write_bytes(good.replace(b'"paid"', b'"free"'))
    assert await shelf.found() == {(where, "forged")}
    page.write_bytes(b"\x00")
    assert await shelf.found() == {(where, "forged")}
    page.write_bytes(shelf.at(shelf.globex, ".manifest").read_bytes())
    assert await shelf.found() == {(where, "swapped")}
    page.unlink()
    assert await shelf.found() == {(where, "missing")}


@pytest.mark.fault(9)
async def test_a_copy_with_a_manifest_of_somebody_elses_key_is_forged(shelf: Shelf) -> None:
    """Whoever can write into a store, and has no key, brings nothing in."""
    third = uuid4()
    await shelf.put(third, b"made by a thief", key=THIEF)
    assert await shelf.found() == {(path(third, shelf.copies[third].copy, ".manifest"), "forged")}


@pytest.mark.fault(9)
async def test_what_the_catalogue_does_not_know_is_named(shelf: Shelf) -> None:
    known = shelf.copies[shelf.acme]
    await shelf.put(shelf.acme, b"nobody made this")
    strange, shelf.copies[shelf.acme] = shelf.copies[shelf.acme].copy, known
    names = [path(shelf.acme, strange, suffix) for suffix in (".age", ".manifest")]
    assert await shelf.found() == {(name, "unlisted") for name in names}


@pytest.mark.fault(9)
async def test_what_is_nobodys_is_foreign(shelf: Shelf) -> None:
    stranger, own = uuid4(), shelf.folder / "copies" / str(shelf.acme)
    for file in (shelf.folder / f"copies/{stranger}/{uuid4()}.age", own / "notes.txt", own / "x.manifest"):
        file.parent.mkdir(exist_ok=True)
        file.write_text("?")
    found = await shelf.found()
    assert {kind for _, kind in found} == {"foreign"}
    assert len(found) == 3


async def test_files_that_a_copy_names_are_known_until_no_copy_names_them(shelf: Shelf) -> None:
    other = uuid4()
    assert await named_by_copies(shelf.archive, shelf.acme, {shelf.file, other}) == {shelf.file}
    await shelf.archive.delete(shelf.acme, shelf.copies[shelf.acme].copy)
    assert await named_by_copies(shelf.archive, shelf.acme, {shelf.file, other}) == set()


async def test_a_manifest_that_cannot_be_believed_keeps_every_file(shelf: Shelf) -> None:
    for folder in (shelf.folder, shelf.folder.parent / "b"):
        (folder / path(shelf.acme, shelf.copies[shelf.acme].copy, ".manifest")).write_bytes(b"{}")
    other = uuid4()
    assert await named_by_copies(shelf.archive, shelf.acme, {other}) == {other}
