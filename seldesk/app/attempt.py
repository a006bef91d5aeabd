"""One attempt at a copy: dumped and sealed, brought to the stores, read back, decoded, signed."""

import asyncio
import os
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from pyrage import x25519

import orm
import rpc
from orm.provision import Content, Snapshot, decode, snapshot
from seldesk.methods.control.copies import Facts, Kind
from seldesk.methods.control.customers import CustomerRow
from seldesk.storage import Archive, Damaged, Locked, Manifest, ManifestKey, Storage, StorageError
from seldesk.storage.manifest import Table
from seldesk.storage.sealed import NAMED_IN
from seldesk.storage.sealing import Sealed, Spool, seal, spooling, unseal

T = TypeVar("T")
TOLD_EVERY = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Result:
    """error is "" for a copy; facts is None where nothing was sealed; replicas are the stores that have it."""

    error: str = ""
    facts: Facts | None = None
    replicas: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What was in the database at the moment of the snapshot, and what became of it."""

    at: datetime
    postgresql: int
    revision: str
    tables: dict[str, Content]
    objects: set[UUID]
    sealed: Sealed


@dataclass(frozen=True, kw_only=True)
class Attempt:
    customer: CustomerRow
    copy: UUID
    kind: Kind
    # In bytes, sealed.
    least: int
    programs: Path
    address: orm.Address
    archive: Archive
    files: Storage
    identity: x25519.Identity = field(repr=False)
    key: ManifestKey = field(repr=False)
    spool: Path
    # For the dump: a snapshot that is held for too long keeps the database from tidying up.
    deadline: timedelta
    dumping: asyncio.Semaphore
    now: Callable[[], datetime]
    sealed_so_far: Callable[[int], Awaitable[None]]
    done: Callable[[str], Coroutine[Any, Any, None]]

    async def run(self) -> Result:
        with spooling(self.spool) as spool:
            spool.whole = False
            # While it is sealed still: what has to be read twice takes hardly longer than once.
            async with AsyncExitStack() as beside:
                async with self.dumping, asyncio.timeout(self.deadline.total_seconds()):
                    decoding = await beside.enter_async_context(
                        _beside(decoded(self.programs, spool.chunks(), self.identity))
                    )
                    seen = await self._sealed(spool)
                spool.whole = True
                try:
                    faults = await self._stored(spool, seen, decoding)
                except (orm.Error, rpc.Error, StorageError, OSError):
                    await self._remove()
                    raise
        if not any(faults.values()):
            await self.done("stored")
        faults = await self._signed(seen, faults)
        good = [store for store, fault in faults.items() if not fault]
        if not good:
            await self._remove()
        told = "; ".join(f"store {store + 1}: {fault}" for store, fault in faults.items() if fault)
        sealed = seen.sealed
        facts = Facts(seen.at, sealed.size, sealed.sha256.hex(), seen.revision, seen.postgresql)
        return Result(told, facts, len(good))

    async def _sealed(self, spool: Spool) -> Seen:
        async with snapshot(self.programs, self.address, self.address.database) as moment:
            at = self.now()
            async with _beside(self._telling(spool)):
                sealed, (revision, tables, objects) = await _together(self._streamed(moment, spool), self._read(moment))
        if sealed.size < self.least:
            raise Damaged(
                f"It has {sealed.size} bytes, and the last good one had ten times as many. Where so much was deleted "
                "it can be told to count: seldesk backup now --smaller"
            )
        return Seen(at, moment.postgresql, revision, tables, objects, sealed)

    async def _streamed(self, moment: Snapshot, spool: Spool) -> Sealed:
        """Whoever fails ends the other by closing the pipe; what sealing says of it tells more than pg_dump."""
        outlet, inlet = map(open, os.pipe(), ("rb", "wb"))
        with outlet, inlet:
            # The program that seals is told to whom, and can open nothing.
            sealed, dumped = await asyncio.gather(
                seal(outlet, str(self.identity.to_public()), spool), moment.dump(inlet), return_exceptions=True
            )
        for outcome in (sealed, dumped):
            if isinstance(outcome, BaseException):
                raise outcome
        return sealed  # type: ignore[return-value]  # what failed was raised

    async def _read(self, moment: Snapshot) -> tuple[str, dict[str, Content], set[UUID]]:
        objects = {one async for one in moment.identifiers(NAMED_IN)}
        if self.customer.logo is not None:
            objects.add(self.customer.logo)
        return await moment.revision(), await moment.contents(), objects

    async def _telling(self, spool: Spool) -> None:
        while True:
            await asyncio.sleep(TOLD_EVERY)
            with suppress(rpc.Error):
                await self.sealed_so_far(spool.size)

    async def _stored(self, spool: Spool, seen: Seen, decoding: "asyncio.Task[Sealed]") -> dict[int, str]:
        """In each store, and decoded meanwhile; what went wrong in which store."""
        stores = range(len(self.archive.stores))
        _, _, *faults = await _together(
            self.done("sealed"),
            _equal(decoding, seen.sealed),
            *(self._in_store(store, spool, seen) for store in stores),
        )
        return dict(zip(stores, faults, strict=True))

    async def _in_store(self, store: int, spool: Spool, seen: Seen) -> str:
        try:
            await self.archive.put(store, self.customer.id, self.copy, spool)
            if await self.archive.hash(store, self.customer.id, self.copy) != (seen.sealed.size, seen.sealed.sha256):
                return "it gave back something else than was put into it"
            missing = await self.files.missing(store, self.customer.id, seen.objects)
        except StorageError as error:
            return _words(error)
        return f"{len(missing)} files that the database names are not there" if missing else ""

    async def _signed(self, seen: Seen, faults: dict[int, str]) -> dict[int, str]:
        """The manifest, wherever the copy is good: it is listed there from then on."""
        manifest = self._manifest(seen)
        page = self.key.sign(manifest)
        good = [store for store, fault in faults.items() if not fault]
        signed = await _together(*(self._signed_in(store, page, manifest) for store in good))
        return faults | dict(zip(good, signed, strict=True))

    async def _signed_in(self, store: int, page: bytes, manifest: Manifest) -> str:
        try:
            await self.archive.put_manifest(store, page, manifest)
        except StorageError as error:
            return _words(error)
        return ""

    async def _remove(self) -> None:
        """Of a store that is away now, the next attempt does it."""
        with suppress(StorageError):
            await self.archive.delete(self.customer.id, self.copy)

    def _manifest(self, seen: Seen) -> Manifest:
        customer, sealed = self.customer, seen.sealed
        return Manifest(
            copy=self.copy,
            customer=customer.id,
            kind=self.kind,
            slug=customer.slug,
            plan=customer.plan,
            region=customer.region,
            cluster=customer.cluster,
            snapshot_at=seen.at,
            size=sealed.size,
            sha256=sealed.sha256.hex(),
            archive_size=sealed.archive_size,
            postgresql=seen.postgresql,
            revision=seen.revision,
            tables={name: Table(table.rows, table.hash) for name, table in seen.tables.items()},
            objects=sorted(seen.objects),
        )


async def decoded(programs: Path, chunks: AsyncIterable[bytes], identity: x25519.Identity) -> Sealed:
    """All of a copy, opened and read by pg_restore to nowhere: what it was. Damaged, Locked, orm.Error."""
    outlet, inlet = map(open, os.pipe(), ("rb", "wb"))
    with outlet, inlet:
        opened, read = await asyncio.gather(
            unseal(chunks, identity, inlet), decode(programs, outlet), return_exceptions=True
        )
    # Each fails when the other does: what age says of its bytes tells more than that pg_restore got too few.
    first, second = (opened, read) if isinstance(opened, (Damaged, Locked)) else (read, opened)
    for outcome in (first, second):
        if isinstance(outcome, BaseException):
            raise outcome
    return opened  # type: ignore[return-value]  # what failed was raised


async def _equal(opened: Awaitable[Sealed], known: Sealed) -> None:
    if await opened != known:
        raise Damaged("What was sealed does not open to what was dumped.")


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, T]) -> "AsyncIterator[asyncio.Task[T]]":
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _together(*acts: Coroutine[Any, Any, Any]) -> list[Any]:
    """At once; the first failure ends the others and is told."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(act) for act in acts]
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from several
    return [task.result() for task in tasks]


def _words(error: StorageError) -> str:
    """What the store itself said, where it said something."""
    cause = error.__cause__
    said = " ".join(str(cause).split())[:200] if cause is not None and str(cause) else ""
    return f"{error} ({said})" if said else str(error)
