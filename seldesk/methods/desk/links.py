"""The links to large files that were made for owners: a day long, for whoever is signed in as one."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.control import downloads as control
from seldesk.methods.control.downloads import File
from seldesk.models import desk as models
from seldesk.surroundings import surroundings

OWNERS = (rpc.Kind.PERSON,)
WORKER = (rpc.Kind.JOB,)
At = Annotated[int, Meta(ge=0, lt=2**31)]


@rpc.public("settings", kinds=OWNERS, reads=True)
async def read(caller: Caller, download: UUID) -> File:
    """What the link leads to; 404 when its day is over."""
    around = surroundings()
    return await around.operator(control.read, customer=around.customer.id, download=download)


@rpc.public("settings", kinds=OWNERS, reads=True)
async def chunk(caller: Caller, download: UUID, at: At) -> bytes:
    """A part of the content, from 0 on. Who asks, and whether the link still holds, is looked up for each."""
    around = surroundings()
    found = await around.operator(control.read, customer=around.customer.id, download=download)
    if at >= found.chunks:
        raise rpc.NotFound
    return await around.downloads.chunk(around.customer.id, found.file, at, last=at == found.chunks - 1)


@rpc.public("settings", kinds=OWNERS)
async def withdraw(caller: Caller, download: UUID) -> None:
    """End the link before its day is over."""
    around = surroundings()
    await around.operator(control.withdraw, customer=around.customer.id, download=download)


@rpc.public("work", kinds=WORKER)
async def tell(caller: Caller, kind: rpc.Line, made: UUID, asked_by: UUID | None = None) -> None:
    """Tell the owners that it was made and by whom, None being the operator. Once for each `made`."""
    await models.Outbox.post_download(kind, made, asked_by, await models.leaving.owners())
