"""Whether staff may come into a customer's account, as its owners decide it in their own settings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models

PROGRAMS = (rpc.Kind.JOB,)
Span = models.access_grant.Span
GrantState = Literal["open", "asked", "over", "revoked"]


class NobodyToTell(rpc.Conflict):
    """Nobody would be told what staff did here. Choose first whom we write to: Settings, Data & account."""

    code = "nobody_to_tell"


@dataclass(frozen=True, slots=True)
class Grant:
    """owner is one of the customer's people, None where two of the staff have allowed it. until is None while it waits
    for the second one.
    """

    id: UUID
    kind: str
    owner: UUID | None
    asked_by: str
    approved_by: str
    reason: str
    legal_reference: str
    asked_at: datetime
    until: datetime | None
    revoked_at: datetime | None
    state: GrantState


@dataclass(frozen=True, slots=True)
class Visit:
    """One access: who was there for whom, why, and when. ended says how it ended, "" before that was seen."""

    id: UUID
    staff_id: UUID
    staff: str
    subject: UUID | None
    ticket: int
    scope: str
    reason: str
    grant: str
    legal_reference: str
    opened_at: datetime
    started_at: datetime | None
    until: datetime
    ended_at: datetime | None
    ended: str
    calls: int
    running: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest 20 grants, and 50 accesses, the newest first."""

    grants: list[Grant]
    visits: list[Visit]
    next: str | None
    previous: str | None


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def turn_on(caller: Caller, customer: UUID, owner: UUID, span: Span) -> UUID:
    """What stood before is over: the newest word counts. NobodyToTell where nobody would hear of its end."""
    if not (await models.Customer.get(customer)).primary_email:
        raise NobodyToTell
    await models.AccessGrant.turn_off(customer)
    grant = models.AccessGrant.turn_on(customer, owner, span)
    await _log("access turned on", customer, {"span": span})
    return grant.id


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def turn_off(caller: Caller, customer: UUID) -> None:
    """Whatever is allowed or asked for, and so all that runs under it."""
    await models.AccessGrant.turn_off(customer)
    await _log("access turned off", customer, {})


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def standing(caller: Caller, customer: UUID, cursor: str | None = None) -> Standing:
    """What an owner is shown. cursor is `next` or `previous` of another page of accesses."""
    visits = await models.Access.page(customer, Visit, cursor)
    grants = await models.AccessGrant.listed(customer, Grant)
    return Standing(grants, visits.items, visits.next, visits.previous)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def visit(caller: Caller, customer: UUID, access: UUID) -> Visit:
    """One access, however long ago it was."""
    return await models.Access.shown(customer, access, Visit)


async def _log(kind: str, customer: UUID, facts: dict[str, str | int | None]) -> None:
    await models.OperatorEntry.append(
        kind, staff_id=None, customer_id=customer, access_id=None, outcome="done", facts=facts
    )
