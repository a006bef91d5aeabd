"""Large files that are made for a customer's owners and offered to them for a day."""

import builtins
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models

PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Download:
    """made of total rows and files. offered: there is a file, until expires_at; none of what the operator made."""

    id: UUID
    state: str
    asked_by: UUID | None
    step: str
    made: int
    total: int
    name: str
    size: int
    offered: bool
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Making:
    """One to make, with the lease that each further step must show. The lease names its file in storage too."""

    id: UUID
    lease: UUID
    kind: str
    customer: UUID
    asked_by: UUID | None


@dataclass(frozen=True, slots=True)
class File:
    """Where the content of one lies, and what it is called."""

    file: UUID
    name: str
    chunks: int
    size: int


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def ask(caller: Caller, customer: UUID, kind: rpc.Line, asked_by: UUID) -> UUID:
    """Have one made, for an owner who was asked for their password. Conflict while one of this kind is under way."""
    return (await models.Download.ask(customer, kind, asked_by)).id


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,), realm="control")
async def begin(caller: Caller, slug: str) -> None:
    """The operator takes everything out: its customer reads that in the audit, and it stands there before anything is
    read.
    """
    await models.Act.note(caller, await models.Customer.named(slug), "export")


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def record(caller: Caller, customer: UUID, kind: rpc.Line, name: str, size: rpc.Int8, sha256: bytes) -> None:
    """The operator has made one, and keeps it."""
    await models.Download.record(customer, kind, name, size, sha256)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def list(caller: Caller, customer: UUID, kind: rpc.Line) -> builtins.list[Download]:
    """The newest of a customer."""
    return await models.Download.of(customer, kind, Download)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def claim(caller: Caller, kinds: builtins.list[str]) -> Making | None:
    """Take the next one of these kinds, or one that its maker has left."""
    claimed = await models.Download.take(kinds)
    if claimed is None:
        return None
    download = await models.Download.get(claimed.id)
    return Making(claimed.id, claimed.lease, claimed.kind, download.customer_id, download.asked_by)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def progress(caller: Caller, download: UUID, lease: UUID, step: str, made: rpc.Int8, total: rpc.Int8) -> None:
    """Still at it. Conflict when another has taken it over, or nobody wants it any more."""
    await models.Download.progress(download, lease, step=step, made=made, total=total)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def ready(
    caller: Caller, download: UUID, lease: UUID, name: str, chunks: rpc.Int4, size: rpc.Int8, sha256: bytes
) -> None:
    """It lies in storage under the lease, and is offered from now on for a day."""
    await models.Download.ready(download, lease, name=name, chunks=chunks, size=size, sha256=sha256)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def failed(caller: Caller, download: UUID, lease: UUID, reason: str) -> None:
    """It is begun anew in a minute, or given up after some times."""
    await models.Download.failed(download, lease, reason)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def read(caller: Caller, customer: UUID, download: UUID) -> File:
    """What this customer's link leads to; 404 when its day is over."""
    found = await models.Download.offered(customer, download)
    if found.file is None:
        raise rpc.NotFound
    return File(found.file, found.name, found.chunks, found.size)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def withdraw(caller: Caller, customer: UUID, download: UUID) -> None:
    """Its link ends now; the file goes with the next sweep."""
    await models.Download.withdraw(customer, download)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def customers(caller: Caller) -> builtins.list[UUID]:
    """Those of whom there may be files."""
    return await models.Download.customers()


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def living(caller: Caller, customer: UUID) -> builtins.list[UUID]:
    """The files of a customer that are offered or being written."""
    return await models.Download.living(customer)
