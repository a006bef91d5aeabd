import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from obstore.store import S3Store

from seldesk.storage import Damaged, Missing, Place, StoreUnavailable
from seldesk.storage.place import MARKER


@pytest.fixture
async def silent_port() -> AsyncIterator[int]:
    """A server that takes connections and never answers."""
    done = asyncio.Event()

    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    done.set()
    server.close()
    await server.wait_closed()


def bucket(port: int) -> S3Store:
    return S3Store(
        "objects",
        endpoint=f"http://127.0.0.1:{port}",
        region="nowhere",
        access_key_id="id",
        secret_access_key="key",
        client_options={"allow_http": True},
    )


async def test_a_store_that_hangs_is_given_up(silent_port: int) -> None:
    place = Place(lambda: bucket(silent_port), patience=0.2)
    for act in (place.create("a", b"x"), place.get("a", 10), place.delete("a")):
        since = time.monotonic()
        with pytest.raises(StoreUnavailable, match=r"0\.2 seconds"):
            await act
        assert time.monotonic() - since < 2
    with pytest.raises(StoreUnavailable):
        await anext(place.list("a"))


async def test_a_store_that_refuses_connections_is_unavailable(unused_tcp_port: int) -> None:
    place = Place(lambda: bucket(unused_tcp_port), patience=0.5)
    with pytest.raises(StoreUnavailable):
        await place.get("a", 10)


async def acts(place: Place) -> list[str]:
    """All that a store is asked for; answers what was said of each."""
    said = list[str]()
    for act in (
        place.create("a", b"x"),
        place.replace("a", b"x"),
        place.get("a", 10),
        place.delete("a"),
        place.beginning("a", 1),
        place.reached(),
        place.folders(),
        place.sizes(""),
        anext(place.list("")),
        anext(place.read("a")),
    ):
        with pytest.raises(StoreUnavailable) as told:
            await act
        said.append(str(told.value))
    return said


@pytest.mark.parametrize("lost", ["never prepared", "gone", "another disk"])
async def test_a_folder_that_is_no_store_is_away_and_never_made_anew(tmp_path: Path, lost: str) -> None:
    folder = tmp_path / "store"
    if lost != "never prepared":
        Place.prepare(str(folder))
        await Place.at(str(folder)).create("a", b"x")
        folder.rename(tmp_path / "away")
    if lost == "another disk":
        folder.mkdir()
    for said in await acts(Place.at(str(folder))):
        assert f"The store {folder} is not there" in said
        assert f"touch {folder}/{MARKER}" in said
    assert folder.exists() == (lost == "another disk")
    assert list(folder.glob("*")) == []


async def test_an_empty_folder_takes_its_place_when_somebody_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / MARKER).touch()
    place = Place.at(str(folder))
    await place.create("a", b"x")
    assert [path async for path, _ in place.list("")] == ["a"]
    assert (await place.sizes(""), await place.folders()) == ({"a": 1}, [])


@pytest.mark.parametrize("kind", ["folder", "memory"])
async def test_folder_and_memory_behave_alike(tmp_path: Path, kind: str) -> None:
    Place.prepare(str(tmp_path / "store"))
    place = Place.at(str(tmp_path / "store")) if kind == "folder" else Place.in_memory()
    with pytest.raises(Missing):
        await place.get("a/b", 10)
    await place.create("a/b", b"content")
    await place.create("c/d", b"other")
    assert await place.get("a/b", 7) == b"content"
    with pytest.raises(Damaged):
        await place.get("a/b", 6)
    assert [path async for path, _ in place.list("a")] == ["a/b"]
    await place.delete("a/b")
    await place.delete("a/b")
    assert [path async for path, _ in place.list("a")] == []


@pytest.mark.asvs("V5.3.2")
async def test_a_name_cannot_climb_out_of_its_folder(tmp_path: Path) -> None:
    Place.prepare(str(tmp_path / "store"))
    place = Place.at(str(tmp_path / "store"))
    with pytest.raises(ValueError, match="outside"):
        await place.create("../outside", b"x")
    assert not (tmp_path / "outside").exists()
