"""The links to large files that were made for owners: a day long, for whoever is signed in as one."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.control import downloads as control
from seldesk.models import desk as models
from seldesk.models.desk.taking_out import Key
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)
PROGRAMS = (rpc.Kind.JOB,)
At = Annotated[int, Meta(ge=0, lt=2**31)]


@dataclass(frozen=True, slots=True)
class File:
    """What it is called, and how much there is of it. key: what its chunks are asked for with. size in bytes."""

    name: str
    chunks: int
    size: int
    key: str


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def read(caller: Caller, download: UUID) -> File:
    """What the link leads to; 404 when its day is over. Needs a fresh proof."""
    around = surroundings()
    found = await around.operator(control.read, customer=around.customer.id, download=download)
    return File(found.name, found.chunks, found.size, models.taking_out.begun(caller, download))


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def chunk(caller: Caller, download: UUID, at: At, key: Key) -> bytes:
    """A part of the content, from 0 on. Who asks, and whether the link still holds, is looked up for each."""
    around = surroundings()
    found = await around.operator(control.read, customer=around.customer.id, download=download)
    models.taking_out.demand_begun(caller, download, key)
    if at >= found.chunks:
        raise rpc.NotFound
    return await around.downloads.chunk(around.customer.id, found.file, at, last=at == found.chunks - 1)


@rpc.public("settings", kinds=PEOPLE)
async def withdraw(caller: Caller, download: UUID) -> None:
    """End the link before its day is over."""
    around = surroundings()
    await around.operator(control.withdraw, customer=around.customer.id, download=download)


@rpc.public("work", kinds=PROGRAMS)
async def tell(caller: Caller, kind: rpc.Line, made: UUID, asked_by: UUID | None = None) -> None:
    """Tell the owners that it was made and by whom, None being the operator. Once for each `made`."""
    await models.Outbox.post_download(kind, made, asked_by, await models.leaving.owners())
