"""Copies that become databases again: what was asked for, in which order, and what became of it."""

import builtins
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.control.customers import row_of
from seldesk.methods.control.leases import Claim, Operation
from seldesk.models import control as models

OPERATOR = (rpc.Kind.COMMAND,)
PROGRAMS = (rpc.Kind.JOB,)
Kind = Literal["drill", "aside", "live"]


@dataclass(frozen=True, slots=True)
class Restore:
    """One that was asked for. slug and database are its own; "" where it takes the customer's place.

    state: waiting (begun when began_at is set), open until `until`, done or failed.
    """

    id: UUID
    customer: UUID
    copy: UUID
    snapshot_at: datetime
    kind: Kind
    state: str
    writable: bool
    safe: bool
    slug: str
    database: str
    cluster: str
    attempts: int
    superseded: int
    error: str
    asked_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Erased:
    """An entry of the ledger that holds for this customer: all of it, or one person."""

    kind: str
    person: UUID | None
    erased_at: datetime


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def ask(
    caller: Caller, slug: str, kind: Kind, copy: UUID | None = None, writable: bool = False, safe: bool = True
) -> Restore:
    """Restore a copy, the newest where none is named. The provisioner does it, paid customers first.

    safe: what is there is copied before anything takes its place, and read for what is newer; nothing is done where
    that fails.
    """
    return await asked_for(caller, slug, kind, copy, writable=writable, safe=safe)


async def asked_for(caller: Caller, slug: str, kind: Kind, copy: UUID | None, *, writable: bool, safe: bool) -> Restore:
    customer = await models.Customer.named(slug)
    asked = await models.Restore.ask(customer, kind, copy, writable=writable, safe=safe)
    if kind != "drill":
        what: models.Deed = "restore" if kind == "live" else "restore-aside"
        await models.Act.note(caller, customer, what, f"as of {asked.snapshot_at:%Y-%m-%d %H:%M} UTC")
    if kind == "live":
        await models.Act.tell_again(customer.id, asked.snapshot_at)
    await models.Customer.announce(customer.id)
    return _row(asked)


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def ask_drills(caller: Caller, slug: str = "") -> builtins.list[Restore]:
    """Test the newest copy of this customer, or of those whose turn it is."""
    named = [await models.Customer.named(slug)] if slug else []
    chosen = named or [await models.Customer.get(one) for one in await models.Restore.drill_night()]
    asked = [_row(await models.Restore.ask(customer, "drill", None)) for customer in chosen]
    await models.Customer.announce()
    return asked


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def feed(caller: Caller, slug: str, mails: rpc.Int4) -> None:
    """So many mails that came since the copy are taken in again."""
    await models.Act.note(caller, await models.Customer.named(slug), "mail-again", f"{mails} mails")


@rpc.public("operate", kinds=OPERATOR, realm="control", reads=True)
async def progress(caller: Caller, restore: UUID) -> Restore:
    return _row(await models.Restore.get(restore))


@rpc.public("operate", kinds=OPERATOR, realm="control", reads=True)
async def list(caller: Caller, slug: str = "") -> builtins.list[Restore]:
    """The newest first; with a slug, those of one customer."""
    asked = models.Restore.query()
    if slug:
        asked = asked.where(models.Restore.customer_id == (await models.Customer.named(slug)).id)
    return [_row(one) for one in await asked.order_by(models.Restore.asked_at.desc()).limit(200).all()]


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def claim(caller: Caller, drills: bool = False) -> Claim | None:
    """Take the first in the queue: who pays, then the others; or else the first test, while nobody waits for a restore.
    target is the restore's id.
    """
    lease = await models.Restore.claim(drills=drills)
    if lease is None:
        return None
    kind: Operation = lease.kind  # type: ignore[assignment]  # one of them, as its column holds no other
    return Claim(row_of(await models.Customer.get(lease.customer_id)), kind, lease.fence, lease.target, lease.step)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def read(caller: Caller, restore: UUID) -> Restore:
    return _row(await models.Restore.get(restore))


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def erasures(caller: Caller, customer: UUID) -> builtins.list[Erased]:
    """What must not come back, whatever the copy holds."""
    erasure = models.Erasure
    entries = erasure.where(erasure.customer_id == customer).order_by(erasure.erased_at).limit(100_000)
    return await entries.into(Erased, kind=erasure.kind, person=erasure.person_id, erased_at=erasure.erased_at)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def opened(caller: Caller, restore: UUID, fence: rpc.Int8, superseded: rpc.Int8, seconds: rpc.Int4) -> None:
    """It is whole and on the side: people may come in."""
    found, lease = await models.Restore.held(restore, fence)
    found.end("open")
    found.superseded = superseded
    await found.tested(seconds)
    lease.release()
    await models.Customer.announce(found.customer_id)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def tested(caller: Caller, restore: UUID, fence: rpc.Int8, seconds: rpc.Int4) -> None:
    """All of it was found again, and somebody could sign in. Nothing of it is left."""
    found, lease = await models.Restore.held(restore, fence)
    found.end("done", removed=True)
    await found.tested(seconds)
    lease.release()


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def failed(caller: Caller, restore: UUID, fence: rpc.Int8, error: str) -> None:
    """It cannot be done; the customer is as it was, and nothing of it is left."""
    found, lease = await models.Restore.held(restore, fence)
    found.end("failed", error, removed=True)
    (await models.Customer.get(found.customer_id)).back_at = None
    lease.release(error)
    await models.Customer.announce(found.customer_id)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def pause(caller: Caller, restore: UUID, fence: rpc.Int8, back_at: datetime, superseded: rpc.Int8) -> None:
    """The customer's doors close now, until then at the latest. superseded mails wait in what was restored."""
    found, lease = await models.Restore.held(restore, fence)
    lease.reached("closing")
    found.superseded = superseded
    (await models.Customer.get(found.customer_id)).back_at = back_at
    await models.Customer.announce(found.customer_id)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def resume(caller: Caller, restore: UUID, fence: rpc.Int8) -> None:
    """Its doors are open as before: nothing was changed, and it is begun anew."""
    found, lease = await models.Restore.held(restore, fence)
    lease.step = ""
    (await models.Customer.get(found.customer_id)).back_at = None
    await models.Customer.announce(found.customer_id)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def finish(caller: Caller, restore: UUID, fence: rpc.Int8, former: str) -> None:
    """What was restored has the customer's place and is open. former is what it took the place of, if anything."""
    found, lease = await models.Restore.held(restore, fence)
    customer = await models.Customer.get(found.customer_id)
    customer.back_at = None
    if former:
        await models.Former.leave(customer.id, customer.cluster, former)
    # What was due in the old database is not due here.
    await models.Wakeup.where(models.Wakeup.customer_id == customer.id).delete()
    found.end("done")
    lease.release()
    await models.Customer.announce(found.customer_id)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def drill(caller: Caller) -> builtins.list[UUID]:
    """Ask for tonight's tests; answers whose."""
    chosen = await models.Restore.drill_night()
    for customer in chosen:
        await models.Restore.ask(await models.Customer.get(customer), "drill", None)
    return chosen


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def bad_drills(caller: Caller) -> builtins.list[Restore]:
    """Customers whose last test failed."""
    return [_row(one) for one in await models.Restore.bad_drills()]


def _row(one: models.Restore) -> Restore:
    kind: Kind = one.kind  # type: ignore[assignment]  # one of them, as its column holds no other
    return Restore(
        one.id,
        one.customer_id,
        one.copy_id,
        one.snapshot_at,
        kind,
        one.state,
        one.writable,
        one.safe,
        one.slug,
        one.database,
        one.cluster,
        one.attempts,
        one.superseded,
        one.error,
        one.asked_at,
        one.began_at,
        one.ended_at,
        one.until,
    )
