"""Nothing is left of a customer: what the provisioner does, and what is written down of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models

PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Purge:
    """A customer to be erased. erasure is its entry in the ledger, since when its data counts as gone."""

    customer: UUID
    database: str
    cluster: str
    erasure: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A customer that was erased, and is there all the same; erasure is its entry in the ledger."""

    customer: UUID
    cluster: str
    database: str
    erasure: UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """One erasure: of a customer, or of a person inside one."""

    id: UUID
    kind: str
    customer: UUID
    person: UUID | None
    erased_at: datetime


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def read(caller: Caller, customer: UUID) -> Purge:
    """What is to be erased of this customer."""
    purge = await models.Purge.of(customer)
    erasure, since = purge.entry
    return Purge(customer, purge.customer.database, purge.customer.cluster, erasure, since)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def record(
    caller: Caller, erasure: UUID, kind: Literal["customer", "person"], customer: UUID, person: UUID | None = None
) -> None:
    """Its entry lies in both stores already."""
    await models.Erasure.record(erasure, kind, customer, person)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def unknown(caller: Caller, erasures: list[UUID]) -> list[UUID]:
    """Of these entries in the stores, those that are not known here."""
    known = await models.Erasure.known(erasures)
    return [erasure for erasure in erasures if erasure not in known]


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def enter(
    caller: Caller,
    erasure: UUID,
    kind: Literal["customer", "person"],
    customer: UUID,
    erased_at: datetime,
    person: UUID | None = None,
) -> None:
    """What a store says: what is erased does not come back. What lives is not touched by it."""
    await models.Erasure.enter(erasure, kind, customer, person, erased_at)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def unfinished(caller: Caller) -> list[Unfinished]:
    """Customers that the ledger says were erased, and that are known as if nothing had happened."""
    return await models.Erasure.unfinished(Unfinished)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def resume(caller: Caller, customer: UUID) -> None:
    """What is left of one that the ledger says was erased goes, as soon as a provisioner claims it. Busy."""
    await models.Purge.resume(customer)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def over(caller: Caller) -> list[Entry]:
    """Entries of the ledger that no copy in the catalogue is older than, the oldest first."""
    return await models.Erasure.over(Entry, 1000)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def forget(caller: Caller, erasure: UUID) -> None:
    """An entry that is over, and lies in no store any more."""
    await models.Erasure.where(models.Erasure.id == erasure).delete()


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def finish(caller: Caller, customer: UUID, fence: rpc.Int8) -> None:
    """Nothing of it is left. Conflict for one that was taken over from."""
    await (await models.Purge.of(customer)).finish(fence)


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,), realm="control", reads=True)
async def ledger(caller: Caller) -> list[Entry]:
    """The newest erasures."""
    return await models.Erasure.newest(Entry, 1000)
