"""Everything that a customer has, as one archive: read in one snapshot, and written as it is read."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import UUID

import msgspec
import structlog

import orm
from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.directory import Entry
from seldesk.archive import FORMAT, LEFT_OUT, SCHEMAS, Customer, Manifest, Part, Stored, Zipped
from seldesk.archive.manifest import MANIFEST, index_path, table_path
from seldesk.errors import CustomerUnavailable
from seldesk.jobs.downloads import Maker, Progress, Work
from seldesk.methods.control import downloads
from seldesk.methods.desk import links
from seldesk.storage import Missing

log = structlog.get_logger()
Write = Callable[[bytes], Awaitable[None]]
# Columns of this name hold ids of stored objects.
OBJECT = "object_id"
INDEXED = 5_000  # files of one index
_ID = 16


def exported() -> list[orm.Relation]:
    """The tables that leave, each after all that it refers to."""
    return [relation for relation in orm.relations(SCHEMAS) if relation.name not in LEFT_OUT]


def maker(app: Application) -> Maker:
    """What the worker makes for owners."""

    async def make(work: Work) -> str:
        entry = app.directory.with_id(work.customer)
        if entry is None or not entry.customer.served:
            raise CustomerUnavailable
        await Export(app, entry, work.file.write, work.progress).run()
        return file_name(entry, app)

    return Maker(app.program(Kind.JOB), app.job, app.downloads, {"export": make})


def file_name(entry: Entry, app: Application) -> str:
    return f"{entry.customer.slug}-{app.clock.now():%Y-%m-%d-%H%M}.zip"


async def export_to(app: Application, slug: str, path: Path, *, told: bool = True) -> Progress:
    """For the operator: in plain, into a new file that nobody else can read. Owners are told, unless that is
    forbidden.
    """
    entry = app.directory.entry(slug)
    if entry is None or not entry.customer.served:
        raise CustomerUnavailable(f"There is no customer {slug} that is served.")
    if told:
        await app.program(Kind.COMMAND)(downloads.begin, slug=slug)
    digest, progress = hashlib.sha256(), Progress()
    with _own(path) as file:

        async def write(content: bytes) -> None:
            digest.update(content)
            await asyncio.to_thread(file.write, content)

        await Export(app, entry, write, progress).run()
        size = file.tell()
    if not told:
        return progress
    await app.program(Kind.JOB, slug)(links.tell, kind="export", made=orm.uuid7())
    await app.program(Kind.JOB)(
        downloads.record,
        customer=entry.customer.id,
        kind="export",
        name=file_name(entry, app),
        size=size,
        sha256=digest.digest(),
    )
    return progress


@contextmanager
def _own(path: Path) -> Iterator[IO[bytes]]:
    """A new file of this user's alone; nothing is left of one that could not be finished."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        try:
            yield file
        except BaseException:
            path.unlink()
            raise


class Export:
    """One archive. In memory are some rows or one file at a time, and some 50 bytes of each file."""

    def __init__(self, app: Application, entry: Entry, write: Write, progress: Progress) -> None:
        self.app, self.customer, self.progress = app, entry.customer, progress
        self.made_at = app.clock.now()
        self.zipped = Zipped(write, self.made_at)
        self._objects = bytearray()

    async def run(self) -> Manifest:
        tables = await self._tables()
        # Stored objects are never changed, so that they need no snapshot: a slow store holds no transaction open.
        self.progress.step = "files"
        indexes = [part async for part in self._files()]
        manifest = Manifest(
            format=FORMAT, made_at=self.made_at, customer=self._customer(), tables=tables, indexes=indexes
        )
        writing = await self.zipped.part(MANIFEST)
        await writing.lines([msgspec.json.encode(manifest).decode()])
        _ = await writing.close()
        await self.zipped.end()
        return manifest

    async def _tables(self) -> list[Part]:
        relations, parts = exported(), []
        self.progress.step = "rows"
        async with self.app.customers.transaction(self.customer.slug, read_only=True, snapshot=True):
            sizes = [await orm.rows.measured(relation) for relation in relations]
            await self._find_objects(relations)
            self.progress.total = sum(size.rows for size in sizes) + len(self._objects) // _ID
            for relation, size in zip(relations, sizes, strict=True):
                writing = await self.zipped.part(table_path(relation.name))
                async for lines in orm.rows.lines(relation, size.at_once):
                    await writing.lines(lines)
                    self.progress.made += len(lines)
                parts.append(await writing.close())
        return parts

    async def _find_objects(self, relations: Iterable[orm.Relation]) -> None:
        for relation in relations:
            if OBJECT in {field.name for field in relation.fields}:
                async for found in orm.rows.identifiers(relation, OBJECT):
                    self._objects += b"".join(one.bytes for one in found)
        if logo := self.customer.brand.logo:
            self._objects += logo.bytes

    async def _files(self) -> AsyncIterator[Part]:
        for number, begin in enumerate(range(0, len(self._objects), _ID * INDEXED), start=1):
            some = self._objects[begin : begin + _ID * INDEXED]
            files = [UUID(bytes=bytes(some[at : at + _ID])) for at in range(0, len(some), _ID)]
            lines = [msgspec.json.encode(await self._file(file)).decode() for file in files]
            writing = await self.zipped.part(index_path(number))
            await writing.lines(lines)
            yield await writing.close()

    async def _file(self, file: UUID) -> Stored:
        self.progress.made += 1
        try:
            content = await self.app.storage.get(self.customer.id, file)
        except Missing:
            # Replaced or taken out since the snapshot.
            log.warning("export.file_missing", customer=str(self.customer.id), file=str(file))
            return Stored(id=file, missing=True)
        return Stored(id=file, size=len(content), sha256=await self.zipped.file(file, content))

    def _customer(self) -> Customer:
        customer, brand = self.customer, self.customer.brand
        return Customer(
            id=customer.id,
            slug=customer.slug,
            name=customer.name,
            plan=customer.plan,  # type: ignore[arg-type]  # one of them, as its column holds no other
            country=customer.country,
            mail_domain=self.app.addresses.mail_domain(customer.slug),
            accent=brand.accent,
            logo=brand.logo,
            logo_type=brand.logo_type,  # type: ignore[arg-type]  # one of them, as nothing else becomes a logo
        )
