"""An export read into a new customer: looked through as a whole before anything is made, then all of it or nothing."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec

import orm
import rpc
from orm.provision import Filling, Provisioner, filling
from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.exporting import OBJECT, exported
from seldesk.app.imported_rows import MAILBOXES, MESSAGES, PEOPLE, odd
from seldesk.app.operations import makes
from seldesk.archive import Archive, BadArchive
from seldesk.mail import markdown
from seldesk.methods.control import imports, leases
from seldesk.methods.control.customers import CustomerRow
from seldesk.methods.control.leases import Operation
from seldesk.storage import picture

ROWS, BYTES = 500, 1_000_000  # of one statement
# Nobody else may do anything with the customer meanwhile. A provisioner takes up what was left, and finds all done.
KIND: Operation = "provision"
KEPT_EVERY = 20.0
REFUSED = (orm.Conflict, orm.BadValue)
Numbered = tuple[int, bytes]


@dataclass
class Checked:
    """What was found while the archive was looked through. counters: the highest number of each that is in it.

    owners: names by address; others: the addresses of all else who work here, and of owners who were sent away.
    """

    counters: dict[tuple[str, str], int] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    rows: int = 0
    files: int = 0


def check(archive: Archive) -> Checked:
    """Every byte is read once: hashes, names, rows, and that each file a row names is there. BadArchive."""
    relations = {relation.name: relation for relation in exported()}
    if odd := sorted(archive.tables.keys() - relations.keys()):
        raise BadArchive(f"{archive.tables[odd[0]].path} is a table that no export has.")
    if lacking := sorted(relations.keys() - archive.tables.keys()):
        raise BadArchive(f"The table {lacking[0]} is not in it.")
    checked = Checked()
    said = archive.manifest.customer
    for stored in archive.files():
        content = b"" if stored.missing else archive.content(stored)
        if stored.id == said.logo and not _is_logo(content, said.logo_type):
            raise BadArchive("manifest.json: its logo is no picture, or another kind of picture than it says.")
        checked.files += 1
    for name, part in archive.tables.items():
        for number, line in archive.lines(part):
            _check_row(archive, checked, relations[name], line, f"{part.path}, line {number}")
    if said.logo is not None and not archive.names(said.logo):
        raise BadArchive("manifest.json: its logo is not in the archive.")
    return checked


def _is_logo(content: bytes, kind: str) -> bool:
    """One that was gone when it was exported is none, and harms nobody."""
    found = picture.read(content)
    return not content or (found is not None and found.type == kind)


def _check_row(archive: Archive, checked: Checked, relation: orm.Relation, line: bytes, where: str) -> None:
    try:
        row = relation.read(line)
    except orm.BadValue as error:
        raise BadArchive(f"{where}: {error}") from None
    if wrong := odd(relation, row, archive.manifest.customer.mail_domain):
        raise BadArchive(f"{where}: {wrong}")
    named = row.get(OBJECT)
    if named is not None and not archive.names(named):
        raise BadArchive(f"{where}: it names the file {named}, which is not in the archive.")
    for counter in relation.counters:
        at = (relation.name, counter)
        checked.counters[at] = max(checked.counters.get(at, 0), row[counter])
    if relation.name == PEOPLE and row["role"] == "owner" and row["disabled_at"] is None:
        checked.owners[row["email"]] = row["name"]
    elif relation.name == PEOPLE and row["role"] != "requester":
        checked.others.add(row["email"])
    checked.rows += 1


@dataclass
class Import:
    """A checked archive on its way into a customer that was made for it."""

    app: Application
    archive: Archive
    checked: Checked
    customer: CustomerRow

    async def run(self) -> None:
        """All of it, or nothing: BadArchive where rows contradict each other. Begun again, it goes on."""
        job = self.app.program(Kind.JOB)
        fence = await job(leases.take, customer=self.customer.id, kind=KIND)
        keeping = asyncio.create_task(self._keep(fence))
        try:
            await self._fill(makes(self.app, self.customer))
        except BadArchive:
            await self.app.storage.forget(self.customer.id)
            raise
        finally:
            keeping.cancel()
            with suppress(rpc.Conflict):
                await job(leases.release, customer=self.customer.id, kind=KIND, fence=fence)
        said = self.archive.manifest.customer
        await self.app.program(Kind.COMMAND)(
            imports.finish, customer=self.customer.id, accent=said.accent, logo=said.logo, logo_type=said.logo_type
        )
        await self.app.refresh()

    async def _fill(self, provisioner: Provisioner) -> None:
        relations = exported()
        people = next(relation for relation in relations if relation.name == PEOPLE)
        async with filling(provisioner, self.customer.database) as inside:
            if not await inside.is_empty(people):
                return  # an earlier try came so far, and all rows came together
        for stored in self.archive.files():
            if not stored.missing:
                content = await asyncio.to_thread(self.archive.content, stored)
                await self.app.storage.restore(self.customer.id, stored.id, content)
        async with filling(provisioner, self.customer.database) as inside:
            for relation in relations:
                for counter in relation.counters:
                    if above := self.checked.counters.get((relation.name, counter)):
                        await inside.raise_counter(relation, counter, above)
                part = self.archive.tables[relation.name]
                for batch in _batches(self.archive.lines(part)):
                    await self._put(inside, relation, part.path, batch)

    async def _put(self, inside: Filling, relation: orm.Relation, path: str, batch: list[Numbered]) -> None:
        adapted = [(number, self._adapted(relation, line)) for number, line in batch]
        try:
            await inside.put(relation, [line for _, line in adapted])
        except REFUSED:
            # Which one it is, is found by trying each alone.
            for number, line in adapted:
                try:
                    await inside.put(relation, [line])
                except REFUSED as error:
                    raise BadArchive(f"{path}, line {number}: {_reason(error)}") from None

    def _adapted(self, relation: orm.Relation, line: bytes) -> bytes:
        """What belongs to the address of a helpdesk, and to letters that are on their way, is not taken over. What is
        shown as it stands is made safe once more.
        """
        if relation.name == MAILBOXES:
            row = msgspec.json.decode(line)
            local = row["address"].rpartition("@")[0]
            row["address"] = f"{local}@{self.app.addresses.mail_domain(self.customer.slug)}"
            return msgspec.json.encode(row)
        if relation.name == MESSAGES:
            row = msgspec.json.decode(line)
            row["delivery"] = "unknown" if row["delivery"] == "queued" else row["delivery"]
            if row.get("markdown") is not None:
                row["markdown"] = markdown.safe(row["markdown"])
            return msgspec.json.encode(row)
        return line

    async def _keep(self, fence: int) -> None:
        job = self.app.program(Kind.JOB)
        while True:
            await asyncio.sleep(KEPT_EVERY)
            await job(leases.keep, customer=self.customer.id, kind=KIND, fence=fence)


def _batches(lines: Iterator[Numbered]) -> Iterator[list[Numbered]]:
    batch: list[Numbered] = []
    size = 0
    for number, line in lines:
        batch.append((number, line))
        size += len(line)
        if len(batch) >= ROWS or size >= BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _reason(error: orm.Error) -> str:
    constraint = error.constraint if isinstance(error, orm.Conflict) else ""
    if constraint.startswith("fk_"):
        return f"it refers to something that is not in the archive ({constraint})."
    if constraint.startswith("ck_"):
        return f"it has a value that cannot be ({constraint})."
    return f"another row is the same in what must be its own ({constraint})." if constraint else "it cannot be kept."
