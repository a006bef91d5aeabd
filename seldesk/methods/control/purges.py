"""Nothing is left of a customer: what the provisioner does, step by step."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models

PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Purge:
    """A customer to be erased. Each step shows the fence; erasure is its entry in the ledger."""

    customer: UUID
    slug: str
    database: str
    cluster: str
    erasure: UUID
    since: datetime
    fence: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One erasure: of a customer, or of a person inside one."""

    id: UUID
    kind: str
    customer: UUID
    person: UUID | None
    erased_at: datetime


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def claim(caller: Caller) -> Purge | None:
    """Take the oldest purge that nobody works on."""
    purge = await models.Purge.claim()
    if purge is None:
        return None
    found, (erasure, since) = purge.customer, purge.entry
    return Purge(found.id, found.slug, found.database, found.cluster, erasure, since, found.fence)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def step(caller: Caller, customer: UUID, fence: rpc.Int8, step: str) -> None:
    """Said before each step is done; Conflict for one that slept and was taken over from, which so does no more."""
    (await models.Purge.held(customer, fence)).customer.step = step


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def record(caller: Caller, erasure: UUID, kind: str, customer: UUID, person: UUID | None = None) -> None:
    """Its entry lies in both stores already."""
    await models.Erasure.record(erasure, kind, customer, person)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def finish(caller: Caller, customer: UUID, fence: rpc.Int8) -> None:
    """Nothing of it is left."""
    await (await models.Purge.held(customer, fence)).finish()


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def failed(caller: Caller, customer: UUID, fence: rpc.Int8, error: str) -> None:
    """A step failed. It is tried again when the lease ends."""
    (await models.Purge.held(customer, fence)).customer.error = error


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,), realm="control", reads=True)
async def ledger(caller: Caller) -> list[Entry]:
    """The newest erasures."""
    return await models.Erasure.newest(Entry, 1000)
