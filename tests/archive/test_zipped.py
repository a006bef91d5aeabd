"""Archives that any program opens, also those that are larger than the first zip could say."""

import shutil
import subprocess
import zipfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from seldesk.archive import Part, Zipped

NOW = datetime(2026, 3, 2, 9, 0, 30, tzinfo=UTC)
FILE = UUID(int=7)


async def written(path: Path, fill: Callable[[Zipped], Awaitable[None]], at: int = 0) -> None:
    with path.open("wb") as file:
        file.seek(at)

        async def write(content: bytes) -> None:
            file.write(content)

        zipped = Zipped(write, NOW, at=at)
        await fill(zipped)
        await zipped.end()


async def some(zipped: Zipped) -> None:
    writing = await zipped.part("tables/app.people.jsonl")
    await writing.lines(['{"name":"Änne"}'] * 3)
    await writing.lines(['{"name":"Bo"}'])
    part = await writing.close()
    said = b'{"name":"\xc3\x84nne"}\n' * 3 + b'{"name":"Bo"}\n'
    assert part == Part(path="tables/app.people.jsonl", rows=4, size=len(said), sha256=sha256(said).hexdigest())
    assert await zipped.file(FILE, b"content") == sha256(b"content").hexdigest()
    empty = await zipped.part("tables/app.teams.jsonl")
    assert (await empty.close()).rows == 0


@pytest.mark.parametrize("at", [0, 5 * 2**30], ids=["small", "behind 5 GB"])
async def test_what_was_written_is_read(tmp_path: Path, at: int) -> None:
    path = tmp_path / "a.zip"
    await written(path, some, at)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.read("tables/app.people.jsonl").decode().startswith('{"name":"Änne"}\n')
        assert archive.read(f"files/{FILE}") == b"content"
        assert archive.read("tables/app.teams.jsonl") == b""
        assert archive.getinfo(f"files/{FILE}").date_time == (2026, 3, 2, 9, 0, 30)
        assert (archive.getinfo(f"files/{FILE}").header_offset > 2**32) is (at > 0)


async def test_more_files_than_65535(tmp_path: Path) -> None:
    async def many(zipped: Zipped) -> None:
        for number in range(66_000):
            _ = await zipped.file(UUID(int=number), b"%d" % number)

    await written(tmp_path / "a.zip", many)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert len(archive.namelist()) == 66_000
        assert archive.read(f"files/{UUID(int=65_999)}") == b"65999"


@pytest.mark.skipif(shutil.which("unzip") is None, reason="no unzip here")
async def test_another_program_reads_it_too(tmp_path: Path) -> None:
    await written(tmp_path / "a.zip", some)
    done = subprocess.run(["unzip", "-tq", str(tmp_path / "a.zip")], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout
