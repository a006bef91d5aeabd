"""Which copies stay, which go, and what is found when all of them are looked at."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.control.copies import Kind
from seldesk.models import control as models
from seldesk.surroundings import OPERATOR

PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Choice:
    """dropped are to be removed from the stores, and then forgotten. ends: after them nothing of the customer is left.
    late are older than is promised, and stay because there are no newer ones. newest is one that stays, and that every
    store should have.
    """

    dropped: list[UUID]
    newest: UUID | None
    ends: bool
    late: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A copy as the catalogue has it; one that is not verified may lie anywhere, and be cut off anywhere."""

    copy: UUID
    size: int
    sha256: bytes
    snapshot_at: datetime
    verified: bool


@dataclass(frozen=True, slots=True)
class Lying:
    """A copy that the catalogue does not have, as its signed manifest says. replicas: so many stores have it; whole:
    every one has.
    """

    id: UUID
    kind: Kind
    cluster: str
    snapshot_at: datetime
    size: rpc.Int8
    sha256: bytes
    revision: str
    postgresql: rpc.Int4
    replicas: rpc.Int4
    whole: bool


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def customers(caller: Caller) -> list[UUID]:
    """Those of whom the catalogue has anything, the operator included."""
    return await models.Copy.customers()


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def choose(caller: Caller, customer: UUID) -> Choice:
    """What goes now. It is answered again until it is forgotten."""
    shelf = await models.Shelf.of(customer)
    late = sum(rule == "last" for rule in shelf.rules.values())
    dropped = await shelf.choose()
    stays = (one.id for one in shelf.copies if one.verified_at is not None and one.damaged_at is None)
    return Choice(dropped, next(stays, None), await shelf.ends(), late)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def forget(caller: Caller, customer: UUID, copies: list[UUID]) -> None:
    """No store has anything of these any more."""
    await models.Copy.where(
        models.Copy.customer_id == customer, models.Copy.id.in_(copies), models.Copy.dropped_at.is_not(None)
    ).delete()


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def listed(caller: Caller, customer: UUID) -> list[Listed]:
    """All that may lie in the stores of a customer, newest first."""
    copy = models.Copy
    mine = copy.where(copy.customer_id == customer).order_by(copy.began_at.desc()).limit(1000)
    return [
        Listed(one.id, one.size, one.sha256 or b"", one.snapshot_at or one.began_at, one.verified_at is not None)
        for one in await mine.all()
    ]


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def known(caller: Caller, sha256: bytes) -> bool:
    """Whether this is the content of any copy."""
    return await models.Copy.where(models.Copy.sha256 == sha256, models.Copy.verified_at.is_not(None)).exists()


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def adopt(caller: Caller, customer: UUID, copies: list[Lying]) -> int:
    """Into the catalogue again; answers how many. None of a customer that is not known."""
    if customer != OPERATOR.id and not await models.Customer.where(models.Customer.id == customer).exists():
        return 0
    return sum([await models.Copy.adopt(customer, **asdict(one)) for one in copies])


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def seen(caller: Caller, copy: UUID, replicas: rpc.Int4, whole: bool) -> None:
    """In how many stores it is as it was written, all of it read; whole: in every one."""
    await models.Copy.seen(copy, replicas, whole=whole)
