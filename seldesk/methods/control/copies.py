"""The catalogue of copies. What stands in it as verified has been read back from every store and decoded."""

import builtins
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.errors import Busy, NotServed
from seldesk.methods.control.alerts import Found
from seldesk.methods.control.leases import Operation
from seldesk.models import control as models
from seldesk.models.control.copy import CHECK as CHECK
from seldesk.models.control.coverage import SHRUNK
from seldesk.surroundings import OPERATOR

COMMAND = (rpc.Kind.COMMAND,)
PROGRAMS = (rpc.Kind.JOB,)
Kind = Literal["scheduled", "asked", "safety"]
# What an operator says of one that may be much smaller than the last: as what its lease is for.
SMALLER = "smaller"
AT_ONCE = 1000


class AlreadyCopying(Busy):
    """A copy of this customer is being made already. Wait for it."""

    code = "already_copying"


@dataclass(frozen=True, slots=True)
class Begun:
    """left_over are attempts whose objects must go first. What is smaller than least, in bytes, does not count."""

    copy: UUID
    left_over: builtins.list[UUID]
    least: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a copy that was sealed; sha256 in hex."""

    snapshot_at: datetime
    size: int
    sha256: str
    revision: str
    postgresql: int


@dataclass(frozen=True, slots=True)
class Ended:
    """superseded are attempts that are of no use any more; alerts those that are new. released: so is the lease."""

    superseded: builtins.list[UUID]
    alerts: builtins.list[Found]
    released: bool = False


@dataclass(frozen=True, slots=True)
class CopyRow:
    """verified_at is None for an attempt: it is no copy, whatever replicas says."""

    id: UUID
    kind: str
    began_at: datetime
    snapshot_at: datetime | None
    size: int
    replicas: int
    verified_at: datetime | None
    error: str
    restored_at: datetime | None


@dataclass(frozen=True, slots=True)
class Newest:
    """Of each customer; slug is "" for the control database. verified_at is None where there is no copy."""

    customer: UUID
    slug: str
    copy: UUID | None
    snapshot_at: datetime | None
    size: int


@dataclass(frozen=True, slots=True)
class Underway:
    """size is how much is sealed already, expected how large the last good copy was. over: nothing is under way."""

    step: str
    size: int
    expected: int
    error: str
    over: bool


@rpc.public("operate", kinds=COMMAND, realm="control")
async def ask(caller: Caller, slug: str = "", smaller: bool = False) -> None:
    """Copy a customer now, or the control database where none is named; `read` tells how far it is. smaller: it counts
    even when nine tenths of what was there are gone.
    """
    await asked_for(caller, slug, SMALLER if smaller else "asked")


async def asked_for(caller: Caller, slug: str, target: str = "asked") -> None:
    customer = await _id(slug)
    await _ask(customer, target)
    if slug:
        await models.Act.note(caller, await models.Customer.named(slug), "copy")
    await models.Customer.announce(customer)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def want(caller: Caller, customer: UUID) -> None:
    """The same, for whoever has been asked at the customer's door."""
    await _ask(customer, "asked")
    await models.Customer.announce(customer)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def ask_for_due(caller: Caller) -> int:
    """Whose time has come and with whom nothing else is being done; answers how many."""
    # Nothing that stands is cancelled for it: the schedule looks again in ten minutes.
    return await models.Lease.ask_all(await models.Copy.due(AT_ONCE), "copy", "scheduled")


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def begin(
    caller: Caller,
    customer: UUID,
    operation: Operation,
    fence: rpc.Int8,
    kind: Kind,
    cluster: str,
    smaller: bool = False,
) -> Begun:
    """An attempt, written down before anything is stored under its id. One for safety may be of what is nearly gone:
    that may be why a copy is to take its place.
    """
    await models.Lease.held(customer, operation, fence)
    left, newest = await models.Copy.left_over(customer), await models.Copy.newest(customer)
    copy = models.Copy.begin(customer, kind, cluster)
    least = newest.size // SHRUNK + 1 if newest and kind != "safety" and not smaller else 0
    return Begun(copy.id, [one.id for one in left], least)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def progressed(
    caller: Caller, customer: UUID, operation: Operation, fence: rpc.Int8, copy: UUID, size: rpc.Int8
) -> None:
    """So many bytes are sealed."""
    await models.Lease.held(customer, operation, fence)
    (await models.Copy.under_way(customer, copy)).size = size


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def verified(
    caller: Caller,
    customer: UUID,
    operation: Operation,
    fence: rpc.Int8,
    copy: UUID,
    facts: Facts,
    replicas: rpc.Int4,
    last: bool = False,
) -> Ended:
    """Every store has it, as was seen, and it can be decoded: from now on it is a copy. last: with it the operation is
    over, unless something is to be removed.
    """
    lease = await models.Lease.held(customer, operation, fence)
    (await models.Copy.under_way(customer, copy)).count(replicas, **_columns(facts))
    left = await models.Copy.left_over(customer)
    if over := last and not left:
        lease.release()
    return Ended([one.id for one in left], await _report(customer), over)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def failed(
    caller: Caller,
    customer: UUID,
    operation: Operation,
    fence: rpc.Int8,
    copy: UUID,
    error: str,
    facts: Facts | None = None,
    replicas: rpc.Int4 = 0,
) -> Ended:
    """It is no copy; replicas says in how many stores it lies all the same."""
    await models.Lease.held(customer, operation, fence)
    columns = _columns(facts) if facts else {}
    (await models.Copy.under_way(customer, copy)).fail(error, replicas, **columns)
    return Ended([], await _report(customer, error))


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def forget(
    caller: Caller, customer: UUID, operation: Operation, fence: rpc.Int8, copies: builtins.list[UUID]
) -> None:
    """Attempts of which no store holds anything any more. What is verified is not forgotten by this."""
    await models.Lease.held(customer, operation, fence)
    await models.Copy.forget(customer, copies)


@rpc.public("operate", kinds=COMMAND, realm="control", reads=True)
async def list(caller: Caller, slug: str = "") -> builtins.list[CopyRow]:
    """All copies of a customer and its attempts, newest first."""
    return await models.Copy.listed(await _id(slug), CopyRow)


@rpc.public("operate", kinds=COMMAND, realm="control", reads=True)
async def newest(caller: Caller) -> builtins.list[Newest]:
    """The newest copy of each customer that exists, and of the control database."""
    return await models.Copy.newest_of_all(Newest)


@rpc.public("operate", kinds=COMMAND, realm="control", reads=True)
async def read(caller: Caller, slug: str = "") -> Underway:
    """How far the newest attempt is, and how it ended."""
    customer = await _id(slug)
    lease, newest = await models.Lease.standing(customer), await models.Copy.newest(customer)
    attempt = await models.Copy.attempted(customer)
    busy = lease is not None and lease.kind == "copy"
    return Underway(
        step=lease.step if lease and busy else "",
        size=attempt.size if attempt else 0,
        expected=newest.size if newest else 0,
        error=attempt.error if attempt else "",
        over=not busy,
    )


async def _id(slug: str) -> UUID:
    return (await models.Customer.named(slug)).id if slug else OPERATOR.id


async def _ask(customer: UUID, target: str) -> None:
    if customer != OPERATOR.id and (await models.Customer.get(customer)).state not in models.EXISTING:
        raise NotServed
    standing = await models.Lease.standing(customer)
    if standing is not None and standing.kind == "copy":
        raise AlreadyCopying
    await models.Lease.ask(customer, "copy", target)


def _columns(facts: Facts) -> dict[str, object]:
    return {
        "snapshot_at": facts.snapshot_at,
        "size": facts.size,
        "sha256": bytes.fromhex(facts.sha256),
        "revision": facts.revision,
        "postgresql": facts.postgresql,
    }


async def _report(customer: UUID, error: str = "") -> builtins.list[Found]:
    return [Found(*one) for one in await models.Copy.report_one(customer, error)]
