"""Staff in a customer's account: what is asked of the control database before and at every call of theirs."""

from dataclasses import dataclass, field
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Acting, Caller
from seldesk.models import control as models
from seldesk.surroundings import surroundings

PROGRAMS = (rpc.Kind.JOB,)
CHECK = models.access_watch.CHECK
Scope = models.access.Scope
End = models.access.End
Outcome = Literal["done", "failed", "denied"]
# Of what a call is about: names of arguments, and ids.
Names = Annotated[dict[str, str], Meta(max_length=20)]
UNTOLD = "The customer's audit could not be told of it, and so it was not done"


@dataclass(frozen=True, slots=True)
class Redeemed:
    """token is for the cookie."""

    acting: Acting
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Called:
    """A call that one of the staff makes in the name of the subject."""

    staff: UUID
    customer: UUID
    access: UUID
    subject: UUID
    method: rpc.Line
    objects: Names


@dataclass(frozen=True, slots=True)
class Over:
    """One that has ended, and that nobody has been told of."""

    id: UUID
    customer: UUID
    staff: UUID
    name: str
    subject: UUID | None
    why: End


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def request(
    caller: Caller,
    grant: UUID,
    customer: UUID,
    staff: UUID,
    session: UUID,
    ticket: rpc.Int4,
    scope: Scope,
    reason: rpc.Text,
) -> UUID | None:
    """Write down that it is asked for, before anything is looked up. It opens nothing. None for who is in some account
    already, or on the way there: of two that are asked for at once one is.
    """
    now = surroundings().now
    _ = await models.Staff.where(models.Staff.id == staff).lock().one()
    if await models.Access.running(staff):
        return None
    access = models.Access.add(
        grant_id=grant,
        customer_id=customer,
        staff_id=staff,
        session_id=session,
        ticket=ticket,
        scope=scope,
        reason=reason,
        requested_at=now,
        until=now + models.access.HANDED_OVER_WITHIN,
    )
    await _log(Entry("access requested", staff, customer, access.id, "done"), caller, {"scope": scope})
    return access.id


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def refused(caller: Caller, customer: UUID, staff: UUID, why: rpc.Line, access: UUID | None = None) -> None:
    """One that was asked for and is not given."""
    if access is not None:
        await models.Access.end(access, "unopened")
    await _log(Entry("access refused", staff, customer, access, "denied"), caller, {"why": why})


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def offered(caller: Caller, customer: UUID, secret: rpc.Line) -> Acting:
    """What a link leads to, without using it up; 404 once it was used or is too old."""
    return await models.Access.offered(customer, secret)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def redeem(caller: Caller, customer: UUID, secret: rpc.Line) -> Redeemed:
    """Trade a link for a session, once."""
    token, acting = await models.Access.redeem(customer, secret)
    await _log(Entry("access started", acting.staff_id, customer, acting.access, "done"), caller, {})
    return Redeemed(acting, token)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def look(caller: Caller, customer: UUID, secret: rpc.Line) -> Acting:
    """Who acts with this cookie; 401 as soon as anything that it hangs on has ended."""
    return await models.Access.held(customer, secret)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def enter(caller: Caller, customer: UUID, secret: rpc.Line, method: rpc.Line, objects: Names = {}) -> Acting:  # noqa: B006
    """The same, before a call is begun, which is written down with the ids that it names."""
    acting = await models.Access.held(customer, secret)
    await models.Access.touch(acting.access)
    call = Called(acting.staff_id, customer, acting.access, acting.subject, method, objects)
    _log_call(call, caller, "attempt", {"reason": acting.reason})
    return acting


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def leave(caller: Caller, call: Called, outcome: Outcome) -> None:
    """What became of it."""
    _log_call(call, caller, outcome, {})


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def give_up(caller: Caller, call: Called) -> None:
    """One that was entered here and was never made, since the customer's audit could not be told of it."""
    await models.Access.uncount(call.access)
    _log_call(call, caller, "failed", {"detail": UNTOLD})


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def over(caller: Caller) -> list[Over]:
    """The next 200 whose end is to be written down."""
    return await models.Access.over(Over)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def end(caller: Caller, access: UUID, why: End) -> bool:
    """End one, and tell the owner what it was. False when it was over already."""
    ended = await models.Access.end(access, why)
    if ended is None:
        return False
    if ended.started_at is not None:
        await models.Outbox.post_access(ended.id)
    await _log(Entry("access ended", ended.staff_id, ended.customer_id, access, "done"), caller, {"why": why})
    return True


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def lose(caller: Caller, customer: UUID, subject: UUID) -> None:
    """Nobody acts any more in the name of this person, who was disabled, also if that lasts for a moment only."""
    await models.Access.lose(customer, subject)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def watch(caller: Caller) -> None:
    """Raise an alert about whoever comes in too often, or gives the same reason again."""
    await models.access_watch.watch()


@dataclass(frozen=True, slots=True)
class Entry:
    """Of the operator's log."""

    kind: str
    staff: UUID
    customer: UUID
    access: UUID | None
    outcome: str


async def _log(entry: Entry, caller: Caller, facts: dict[str, str | int | None]) -> None:
    await models.OperatorEntry.append(
        entry.kind,
        staff_id=entry.staff,
        customer_id=entry.customer,
        access_id=entry.access,
        outcome=entry.outcome,
        facts={**facts, "address": caller.address, "request": caller.request_id},
    )


def _log_call(call: Called, caller: Caller, outcome: str, facts: dict[str, str | int | None]) -> None:
    """Which method, on what and in whose name, as ids, lasts as long as the entry; the reason may speak of people."""
    models.OperatorEntry.record(
        "access call",
        staff_id=call.staff,
        customer_id=call.customer,
        access_id=call.access,
        outcome=outcome,
        objects={**call.objects, "method": call.method, "subject": str(call.subject)},
        facts={**facts, "address": caller.address, "request": caller.request_id},
    )
