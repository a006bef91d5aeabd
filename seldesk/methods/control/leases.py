"""What is under way with customers: one operation at a time, each step under its number."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.control.customers import CustomerRow, operator_row, row_of
from seldesk.models import control as models
from seldesk.surroundings import OPERATOR

PROGRAMS = (rpc.Kind.JOB,)
Together = Annotated[list[UUID], Meta(max_length=100)]
Operation = Literal["provision", "migrate", "move", "copy", "restore", "purge", "suspend", "rotate", "drill"]


@dataclass(frozen=True, slots=True)
class Claim:
    """An operation of a customer, with the number that each further step must show.

    target is where it leads; step the last one that an earlier worker finished.
    """

    customer: CustomerRow
    kind: Operation
    fence: int
    target: str
    step: str


@dataclass(frozen=True, slots=True)
class Taken:
    customer: UUID
    fence: int


Begun = Annotated[list[Taken], Meta(max_length=100)]


@dataclass(frozen=True, slots=True)
class Progress:
    """over: nothing is under way any more; then error says how it ended, "" where all is well.

    back_at is set while the customer's doors are closed: until then at the latest.
    """

    kind: str
    target: str
    step: str
    error: str
    over: bool
    back_at: datetime | None = None


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def claim(caller: Caller, kinds: list[Operation]) -> Claim | None:
    """Take the oldest operation of these kinds that was asked for, or that its worker has left."""
    lease = await models.Lease.claim(kinds)
    if lease is None:
        return None
    kind: Operation = lease.kind  # type: ignore[assignment]  # one of them, as its column holds no other
    if lease.customer_id == OPERATOR.id:
        return Claim(operator_row(), kind, lease.fence, lease.target, lease.step)
    customer = await models.Customer.get(lease.customer_id)
    if lease.kind == "provision":
        customer.begin()
    return Claim(row_of(customer), kind, lease.fence, lease.target, lease.step)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def take(caller: Caller, customer: UUID, kind: Operation) -> int:
    """Begin at once; answers the number. Conflict while something else is under way."""
    return (await models.Lease.take(customer, kind)).fence


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def take_all(caller: Caller, customers: Together, kind: Operation) -> list[Taken]:
    """take for those of them with whom nothing is under way; answers their numbers."""
    return [Taken(lease.customer_id, lease.fence) for lease in await models.Lease.take_all(customers, kind)]


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def stepped(caller: Caller, customer: UUID, kind: Operation, fence: rpc.Int8, step: str) -> None:
    """One step is done; the lease goes on."""
    await models.Lease.stepped(customer, kind, fence, step)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def keep(caller: Caller, customer: UUID, kind: Operation, fence: rpc.Int8) -> None:
    """Still at it: the lease goes on. Conflict when another has taken it over."""
    await models.Lease.keep(customer, kind, fence)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def failed(caller: Caller, customer: UUID, kind: Operation, fence: rpc.Int8, error: str) -> None:
    """A step failed. It is tried again when the lease ends."""
    (await models.Lease.held(customer, kind, fence)).error = error


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def release(caller: Caller, customer: UUID, kind: Operation, fence: rpc.Int8, error: str = "") -> None:
    """It has ended, well or with an error."""
    await models.Lease.let_go(customer, kind, fence, error)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def release_all(caller: Caller, kind: Operation, taken: Begun) -> None:
    """release for those of them that nobody has taken over."""
    await models.Lease.let_go_all(kind, {one.customer: one.fence for one in taken})


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,), realm="control", reads=True)
async def read(caller: Caller, slug: str) -> Progress:
    """What is under way with a customer, or was last."""
    customer = await models.Customer.named(slug)
    lease = await models.Lease.get(customer.id)
    return Progress(lease.kind, lease.target, lease.step, lease.error, lease.asked_at is None, customer.back_at)
