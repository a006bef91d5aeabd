"""Large files that lie sealed in chunks for a day."""

import hashlib
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from seldesk.storage import ContentKeys, Damaged, Downloads, Exists, Missing, Packed, Place
from seldesk.storage.downloads import CHUNK

CONTENT = bytes(range(256)) * (CHUNK // 256) * 2 + b"and the rest"


@pytest.fixture
def downloads(stores: list[Place], keys: ContentKeys) -> Downloads:
    return Downloads(stores, keys)


async def packed(downloads: Downloads, customer: UUID, file: UUID, content: bytes = CONTENT) -> Packed:
    packing = downloads.begin(customer, file)
    for begin in range(0, len(content), 1_000_003):
        await packing.write(content[begin : begin + 1_000_003])
    return await packing.close()


async def read(downloads: Downloads, customer: UUID, file: UUID, chunks: int) -> bytes:
    return b"".join([await downloads.chunk(customer, file, at, last=at == chunks - 1) for at in range(chunks)])


async def test_what_was_written_is_read_in_chunks_and_sealed(
    downloads: Downloads, folders: list[Path], acme: UUID
) -> None:
    file = uuid4()
    known = await packed(downloads, acme, file)
    assert known == Packed(3, len(CONTENT), hashlib.sha256(CONTENT).digest())
    assert await read(downloads, acme, file, 3) == CONTENT
    lying = [path.read_bytes() for folder in folders for path in folder.rglob("0000000?")]
    assert len(lying) == 6
    assert not [sealed for sealed in lying if CONTENT[:64] in sealed or b"and the rest" in sealed]
    with pytest.raises(Exists):
        await packed(downloads, acme, file, b"something else")


async def test_nothing_is_also_a_file(downloads: Downloads, acme: UUID) -> None:
    file = uuid4()
    assert (await packed(downloads, acme, file, b"")).chunks == 1
    assert await read(downloads, acme, file, 1) == b""


async def test_chunks_that_were_moved_cut_or_taken_from_another_do_not_open(
    downloads: Downloads, folders: list[Path], acme: UUID, globex: UUID
) -> None:
    file, other = uuid4(), uuid4()
    for customer, named in ((acme, file), (acme, other), (globex, file)):
        assert (await packed(downloads, customer, named)).chunks == 3
    with pytest.raises(Damaged):
        await downloads.chunk(acme, file, 1, last=True)
    place = f"{acme}/downloads/{file}/00000001"
    for source in (
        f"{acme}/downloads/{file}/00000000",
        f"{acme}/downloads/{other}/00000001",
        f"{globex}/downloads/{file}/00000001",
    ):
        for folder in folders:
            (folder / place).write_bytes((folder / source).read_bytes())
        with pytest.raises(Damaged):
            await downloads.chunk(acme, file, 1, last=False)


async def test_a_good_copy_in_the_other_store_is_enough_and_a_file_goes_from_both(
    downloads: Downloads, folders: list[Path], acme: UUID, globex: UUID
) -> None:
    file, other = uuid4(), uuid4()
    for customer, named in ((acme, file), (acme, other), (globex, file)):
        assert (await packed(downloads, customer, named, b"content")).chunks == 1
    (folders[0] / f"{acme}/downloads/{file}/00000000").write_bytes(b"spoilt")
    assert await read(downloads, acme, file, 1) == b"content"
    assert await downloads.files(acme) == {file, other}
    await downloads.delete(acme, file)
    assert await downloads.files(acme) == {other}
    assert await downloads.files(globex) == {file}
    with pytest.raises(Missing):
        await read(downloads, acme, file, 1)
