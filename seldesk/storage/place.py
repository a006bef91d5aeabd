"""One place that holds objects: a folder, a bucket, or memory."""

import asyncio
import builtins
import importlib
import os
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from shlex import quote
from typing import Any, Self

from seldesk.storage.errors import Damaged, Exists, Missing, StoreUnavailable

PATIENCE = 10.0
# Of what is too large for one request. S3 takes no smaller parts than this, and no more than 10,000 of them.
PART, MOST_PARTS, AT_ONCE = 5 << 20, 9_000, 1
# Larger ones cost memory, smaller ones time.
READ = 2 << 20
# Says of a folder that it is a store. Where a disk is not mounted there is another one, or an empty one.
MARKER = ".seldesk-store"
GONE = (
    "The store {} is not there: there is no such folder, or it has no file {}, as every store has. Is its disk"
    " mounted? Where an empty folder is to take its place: mkdir -p {} && touch {}"
)


@cache
def _objects() -> Any:
    """seldesk.storage.objects, by its first use."""
    return importlib.import_module("seldesk.storage.objects")


class Place:
    """Objects are created once, read, deleted; only wrapped keys and what is sealed under a new version of a key are
    replaced. Each act ends within `patience` s.
    """

    def __init__(
        self, opened: Callable[[], Any], folder: Path | None = None, patience: float = PATIENCE, name: str = "in memory"
    ) -> None:
        """opened: makes the store when it is first asked. name is for whoever is told of it."""
        self._opened = opened
        self._name = name
        self._folder = folder
        self._patience = patience

    @classmethod
    def at(cls, address: str, patience: float = PATIENCE, credentials: str = "") -> Self:
        """A folder that was prepared, or an address that obstore knows, such as s3://bucket/prefix.

        Behind an S3 address may stand where and in which region it is: ?endpoint=https://s3.example&region=eu-1.
        credentials are "id:secret"; without them the process's own are taken, from AWS_ACCESS_KEY_ID and the like.
        """
        if "://" in address:
            name = address.partition("?")[0]
            return cls(lambda: _objects().opened(address, credentials), patience=patience, name=name)
        folder = Path(address)
        return cls(lambda: _objects().opened(folder, ""), folder, patience, address)

    @staticmethod
    def prepare(address: str) -> None:
        """A folder becomes a store. Once, before anything is kept: what is lost would look like an empty one."""
        if "://" not in address:
            folder = Path(address)
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (folder / MARKER).touch(mode=0o600)

    @classmethod
    def in_memory(cls) -> Self:
        return cls(lambda: _objects().MemoryStore())

    @cached_property
    def _store(self) -> Any:
        return self._opened()

    async def create(self, path: str, content: bytes) -> None:
        async with self._asked(path):
            await self._store.put_async(path, content, mode="create")

    async def replace(self, path: str, content: bytes) -> None:
        """The old content or the new one, never neither."""
        async with self._asked(path):
            await self._store.put_async(path, content, mode="overwrite")

    async def get(self, path: str, largest: int) -> bytes:
        async with self._asked(path):
            found = await self._store.get_async(path)
            if found.meta["size"] > largest:
                raise Damaged
            return bytes(await found.bytes_async())

    async def put(self, path: str, chunks: AsyncIterable[bytes], size: int) -> None:
        """An object of any size, there as a whole or not at all; patience is for each part of it. Exists.

        No store refuses to complete parts over an object that is there: so the name must be one that nobody else makes.
        What fits into one part is one request.
        """
        if size <= PART:
            await self.create(path, b"".join([content async for content in chunks]))
        else:
            await self._put_in_parts(path, chunks, size)
        await self.settle(path)

    async def settle(self, path: str) -> None:
        """An object has left the memory of a machine whose folder this is."""
        if self._folder is not None:
            await asyncio.to_thread(_on_disk, self._folder / path)

    async def _put_in_parts(self, path: str, chunks: AsyncIterable[bytes], size: int) -> None:
        async with self._asked(path):
            if await self._there(path):
                raise Exists
        part = max(PART, -(-size // MOST_PARTS))
        writer = _objects().open_writer_async(self._store, path, buffer_size=part, max_concurrency=AT_ONCE)
        async for content in chunks:
            async with self._asked(path):
                await writer.write(content)
        async with self._asked(path):
            await writer.close()

    async def read(self, path: str) -> AsyncIterator[bytes]:
        """All of an object of any size; patience is for each part. Missing."""
        async with self._asked(path):
            size = (await self._store.head_async(path))["size"]
        for start in range(0, size, READ):
            async with self._asked(path):
                part = await self._store.get_range_async(path, start=start, end=min(start + READ, size))
            yield bytes(part)

    async def _there(self, path: str) -> bool:
        try:
            await self._store.head_async(path)
        except FileNotFoundError:
            return False
        return True

    async def beginning(self, path: str, length: int) -> bytes:
        """The first bytes of an object; none of one that has fewer."""
        async with self._asked(path):
            if (await self._store.head_async(path))["size"] < length:
                return b""
            return bytes(await self._store.get_range_async(path, start=0, length=length))

    async def delete(self, path: str) -> None:
        """An object that is not there is deleted already."""
        try:
            async with self._asked(path):
                if self._folder is not None:
                    await asyncio.to_thread(_sweep, self._folder / path)
                await self._store.delete_async(path)
        except Missing:
            pass

    async def reached(self) -> None:
        """It answers; StoreUnavailable."""
        async for _ in self.list("reached"):
            return

    async def list(self, prefix: str) -> AsyncIterator[tuple[str, datetime]]:
        """Path and time of storing of each object below the prefix."""
        async for found in self._listed(prefix):
            yield found["path"], found["last_modified"]

    async def sizes(self, prefix: str) -> dict[str, int]:
        """Path and size, in bytes, of each object below the prefix."""
        return {found["path"]: found["size"] async for found in self._listed(prefix)}

    async def _listed(self, prefix: str) -> AsyncIterator[Any]:
        async with self._asked(prefix):
            batches = self._store.list(prefix)
        while True:
            async with self._asked(prefix):
                batch = await anext(batches, None)
            if batch is None:
                return
            for found in batch:
                if found["path"] != MARKER:
                    yield found

    async def folders(self) -> builtins.list[str]:
        """The names at the top, below which objects may lie."""
        async with self._asked(""):
            found = await self._store.list_with_delimiter_async()
        return [prefix.rstrip("/") for prefix in found["common_prefixes"]]

    @asynccontextmanager
    async def _asked(self, path: str) -> AsyncIterator[None]:
        # A folder that has gone, an unmounted disk say, would be made anew by the first write.
        if self._folder is not None and not (marker := self._folder / MARKER).is_file():
            shown = quote(str(self._folder)), quote(str(marker))
            raise StoreUnavailable(GONE.format(self._folder, MARKER, *shown))
        try:
            async with asyncio.timeout(self._patience):
                with _objects().translated(self._name):
                    yield
        except TimeoutError as error:
            said = f"The store {self._name} did not answer within {self._patience} seconds. Try again in a minute."
            raise StoreUnavailable(said) from error


def _on_disk(path: Path) -> None:
    """Read back it would come from memory, whether the disk has it or not."""
    for one in (path, path.parent):
        descriptor = os.open(one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sweep(path: Path) -> None:
    """What is left of one that was killed while it wrote here: no list shows it."""
    for half in path.parent.glob(f"{path.name}#*"):
        half.unlink(missing_ok=True)
