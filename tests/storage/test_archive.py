"""A sealed copy opens only as a whole, only with its own identity, and only as what its manifest says it is."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pyrage import x25519

from seldesk.storage import Archive, Damaged, Exists, Forged, Locked, Manifest, ManifestKey, Missing, Place
from seldesk.storage.archive import path
from seldesk.storage.manifest import Table
from seldesk.storage.sealing import Sealed, Spool, seal, spooling, unsealed

KEY, IDENTITY = ManifestKey(bytes(range(32))), x25519.Identity.generate()
# Of several parts, each of which is read by itself.
CONTENT = os.urandom(1 << 20) * 11


@pytest.fixture
async def spool(tmp_path: Path) -> AsyncIterator[Spool]:
    with spooling(tmp_path / "spool") as one:
        yield one


@pytest.fixture
async def sealed(spool: Spool, tmp_path: Path) -> Sealed:
    (tmp_path / "archive").write_bytes(CONTENT)
    return await seal((tmp_path / "archive").open("rb"), str(IDENTITY.to_public()), spool)


@pytest.fixture
def archive(stores: list[Place]) -> Archive:
    return Archive(stores, KEY.public)


def manifest(sealed: Sealed, customer: UUID, copy: UUID) -> Manifest:
    return Manifest(
        copy=copy,
        customer=customer,
        kind="scheduled",
        slug="acme",
        plan="paid",
        region="eu",
        cluster="main",
        snapshot_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        size=sealed.size,
        sha256=sealed.sha256.hex(),
        archive_size=sealed.archive_size,
        postgresql=18,
        revision="0001",
        tables={"app.tickets": Table(3, "ab")},
        objects=[uuid4()],
    )


async def put(archive: Archive, spool: Spool, sealed: Sealed, customer: UUID) -> UUID:
    copy = uuid4()
    page = manifest(sealed, customer, copy)
    for store in range(len(archive.stores)):
        await archive.put(store, customer, copy, spool)
        await archive.put_manifest(store, KEY.sign(page), page)
    return copy


async def read(archive: Archive, customer: UUID, copy: UUID, identity: x25519.Identity = IDENTITY) -> bytes:
    return b"".join([part async for part in archive.open(customer, copy, identity)])


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


async def test_a_copy_comes_back_as_it_was_and_the_spool_has_no_name(
    archive: Archive, spool: Spool, sealed: Sealed, acme: UUID, tmp_path: Path
) -> None:
    assert sealed.archive_size == len(CONTENT)
    assert list((tmp_path / "spool").iterdir()) == []
    copy = await put(archive, spool, sealed, acme)
    assert await archive.hash(1, acme, copy) == (sealed.size, sealed.sha256)
    assert await read(archive, acme, copy) == CONTENT
    assert [found async for found in archive.manifests(acme)] == [(0, acme, copy), (1, acme, copy)]
    with pytest.raises(Exists):
        await archive.put(0, acme, copy, spool)
    await archive.delete(acme, copy)
    assert [found async for found in archive.manifests()] == []
    with pytest.raises(Missing):
        await read(archive, acme, copy)


async def test_a_copy_that_was_changed_in_one_store_is_read_from_the_other(
    archive: Archive, spool: Spool, sealed: Sealed, acme: UUID, folders: list[Path]
) -> None:
    copy = await put(archive, spool, sealed, acme)
    flip(folders[0] / path(acme, copy))
    with pytest.raises(Damaged):
        await archive.check(0, acme, copy)
    assert await archive.good(acme, copy) == 1
    assert await read(archive, acme, copy) == CONTENT
    os.truncate(folders[1] / path(acme, copy), sealed.size - 1)
    with pytest.raises(Damaged):
        await read(archive, acme, copy)


async def test_two_copies_that_were_swapped_are_found(
    archive: Archive, spool: Spool, sealed: Sealed, acme: UUID, globex: UUID, folders: list[Path]
) -> None:
    mine, theirs = await put(archive, spool, sealed, acme), await put(archive, spool, sealed, globex)
    for folder in folders:
        for end in (".age", ".manifest"):
            (folder / path(globex, theirs, end)).replace(folder / path(acme, mine, end))
    with pytest.raises(Forged, match="another"):
        await archive.good(acme, mine)


@pytest.mark.parametrize("by", ["somebody else's key", "a hand"])
async def test_a_manifest_that_the_operator_did_not_sign_is_forged(
    archive: Archive, spool: Spool, sealed: Sealed, acme: UUID, folders: list[Path], by: str
) -> None:
    copy = await put(archive, spool, sealed, acme)
    page = folders[0] / path(acme, copy, ".manifest")
    if by == "a hand":
        page.write_bytes(page.read_bytes().replace(b'"rows":3', b'"rows":4'))
    else:
        page.write_bytes(ManifestKey(bytes(32)).sign(manifest(sealed, acme, copy)))
    with pytest.raises(Forged):
        await archive.manifest(acme, copy, 0)
    assert (await archive.manifest(acme, copy)).tables["app.tickets"].rows == 3


async def test_no_other_identity_opens_it_and_nothing_that_is_cut_opens(spool: Spool, sealed: Sealed) -> None:
    with pytest.raises(Locked):
        assert not [part async for part in unsealed(spool.chunks(), x25519.Identity.generate())]
    os.ftruncate(spool.descriptor, sealed.size - 100_000)
    with pytest.raises(Damaged):
        assert [part async for part in unsealed(spool.chunks(), IDENTITY)]
