"""How staff come into a customer's account: by the owner's leave, or by two of them together, and never unseen."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.errors import NoAccess
from seldesk.methods.console.frames import Frame, frame
from seldesk.methods.control import accesses
from seldesk.methods.control.access_grants import Grant, Visit
from seldesk.methods.desk import staff_access
from seldesk.models import control as models
from seldesk.surroundings import surroundings

STAFF = (rpc.Kind.STAFF,)
PROGRAMS = (rpc.Kind.JOB,)
Scope = accesses.Scope
Reference = Annotated[str, Meta(max_length=200)]
LEAST_REASON, MOST_TYPED = 20, 255
NO_GRANT = "Access is off. An owner of this customer can turn it on, or two of us together."
INSIDE = "You are in an account already. End that first."
NOT_THERE = {
    "ticket": "There is no such ticket of this customer.",
    "subject": "There is nobody of this customer whom one could be: somebody active who has signed in before.",
}
BECAUSE = {"emergency": "in an emergency", "authority": "for an authority"}
NOBODY = "There is no primary address that could be told. Only an owner can turn access on."


@dataclass(frozen=True, slots=True)
class AccessPage:
    """grants and visits are the newest; inside: the reader is in some account just now, and in no second one."""

    frame: Frame
    slug: str
    name: str
    grants: list[Grant]
    visits: list[Visit]
    inside: bool
    least: int = LEAST_REASON


@dataclass(frozen=True, slots=True)
class Opened:
    """link leads in, once, until then. It is shown once."""

    frame: Frame
    name: str
    slug: str
    until: datetime
    link: str = field(repr=False)


@rpc.public("console.customers", kinds=STAFF, realm="control", reads=True)
async def page(caller: Caller, slug: rpc.Line) -> AccessPage:
    """All that the page of staff access to a customer shows."""
    customer = await models.Customer.named(slug)
    return AccessPage(
        frame(caller),
        customer.slug,
        customer.name,
        await models.AccessGrant.listed(customer.id, Grant),
        await models.Access.listed(customer.id, Visit, 20),
        await models.Access.running(caller.id),
    )


@rpc.public("console.access", kinds=STAFF, realm="control")
async def start(
    caller: Caller, slug: rpc.Line, reason: str = "", ticket: str = "", subject: str = "", scope: Scope = "read"
) -> Opened:
    """Open an access: answers a link, good once and for a minute. 403 for whatever is not as it must be.

    Three transactions, each whole when the next begins: asked for, in the customer's audit, open. Who dies in between
    leaves a request without an access, which is closed later.
    """
    customer, around = await models.Customer.named(slug), surroundings()
    wanted = _Wanted(
        caller, customer, " ".join(reason.split()), ticket.strip().removeprefix("#"), subject.strip(), scope
    )
    grant = await models.AccessGrant.open_for(customer.id)
    wrong = await wanted.wrong(grant)
    if wrong or grant is None:
        await wanted.refuse(next(iter(wrong)) or ("grant" if grant is None else "inside"))
        raise NoAccess(fields=wrong)
    requested = await wanted.request(grant)
    if requested is None:
        await wanted.refuse("inside")
        raise NoAccess(INSIDE)
    access, found = requested
    if found.subject is None:
        await wanted.refuse(found.wrong, access)
        raise NoAccess(fields={found.wrong: NOT_THERE[found.wrong]})
    secret = await models.Access.open(access, customer.id, found.subject)
    await models.access_watch.watch()
    await _log("access opened", caller, customer.id, {"scope": scope}, access)
    until = around.now + models.access.HANDED_OVER_WITHIN
    link = f"{around.addresses.customer(customer.slug)}/access/{secret}"
    return Opened(frame(caller), customer.name, customer.slug, until, link)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def turned_away(caller: Caller, session: rpc.Line, slug: rpc.Line, why: rpc.Line) -> None:
    """Somebody has asked for an access who may not ask: for their role, or without a fresh proof. The operator's log
    has it already, the customer's audit not yet. session is the secret of theirs at the console.
    """
    staff = await models.StaffSession.owner(session)
    customer = await models.Customer.where(models.Customer.slug == slug).first()
    if staff is None or customer is None or not await models.access_watch.worth_telling(staff.id):
        return
    door = surroundings().door(customer.id).relayed(caller.address, caller.request_id)
    await door(staff_access.refused, staff=staff.id, name=staff.name, why=why)


@rpc.public("console.access", kinds=STAFF, realm="control")
async def ask(caller: Caller, slug: rpc.Line, reason: str = "", legal_reference: Reference = "") -> UUID:
    """Ask to come in without the owner's word, in an emergency or because an authority asks by law. It opens nothing
    before somebody else has approved it: whoever could is told by mail, without the reason, which may speak of the
    customer.
    """
    customer = await models.Customer.named(slug)
    said = " ".join(reason.split())
    if wrong := _too_short(said):
        raise NoAccess(fields=wrong)
    grant = models.AccessGrant.ask(customer.id, caller.id, said, legal_reference.strip())
    detail = f"{caller.name} asks to come into {customer.slug} without its owner, {BECAUSE[grant.kind]}."
    await models.staff_notice.to_approvers(caller.id, "break glass asked", detail, f"customers/{customer.slug}/access")
    await _log("access asked for", caller, customer.id, {"grant": str(grant.id), "kind": grant.kind})
    return grant.id


@rpc.public("console.access.approve", kinds=STAFF, realm="control")
async def approve(caller: Caller, slug: rpc.Line, grant: UUID) -> None:
    """Approve what somebody else has asked for: it is open for an hour, and the customer's primary address is told at
    once. Where nobody could be told nothing is approved.
    """
    customer = await models.Customer.named(slug)
    asked = await models.AccessGrant.asked(grant, caller.id)
    if asked.customer_id != customer.id:
        raise rpc.NotFound
    if not customer.primary_email:
        raise NoAccess(NOBODY)
    asked.approve(caller.id)
    asker = await models.Staff.get(asked.asked_by)
    await (
        surroundings()
        .door(customer.id)
        .relayed(caller.address, caller.request_id)(
            staff_access.allowed,
            grant=grant,
            kind=asked.kind,
            staff=caller.id,
            names=f"{asker.name}, {caller.name}",
            reason=asked.reason,
            legal_reference=asked.legal_reference,
        )
    )
    await models.Outbox.post_broken(grant)
    used = f"{customer.slug}, {BECAUSE[asked.kind]}, by {asker.name} and {caller.name}."
    await models.staff_notice.to_security("break glass", used)
    await _log("access approved", caller, customer.id, {"grant": str(grant), "kind": asked.kind})


@rpc.public("console.access", kinds=STAFF, realm="control")
async def end(caller: Caller, access: UUID) -> None:
    """End an access of one's own, wherever its page is open."""
    own = await models.Access.where(models.Access.id == access, models.Access.staff_id == caller.id).one()
    operator = surroundings().operator.relayed(caller.address, caller.request_id)
    if await operator(accesses.end, access=own.id, why="stopped"):
        door = surroundings().door(own.customer_id).relayed(caller.address, caller.request_id)
        await door(
            staff_access.ended,
            access=own.id,
            staff=own.staff_id,
            name=caller.name,
            subject=own.subject_id,
            why="stopped",
        )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was typed into the form that opens an access."""

    caller: Caller
    customer: models.Customer
    reason: str
    ticket: str
    subject: str
    scope: Scope

    async def wrong(self, grant: models.AccessGrant | None) -> dict[str, str]:
        """A sentence beside each field; "" for the whole."""
        if grant is None:
            return {"": NO_GRANT}
        if await models.Access.running(self.caller.id):
            return {"": INSIDE}
        wrong = _too_short(self.reason)
        if not (self.ticket.isascii() and self.ticket.isdigit() and 0 < len(self.ticket) < 10):
            wrong["ticket"] = NOT_THERE["ticket"]
        if not 0 < len(self.subject) <= MOST_TYPED:
            wrong["subject"] = NOT_THERE["subject"]
        if self.scope == "write" and grant.kind == "authority":
            wrong["scope"] = "For an authority one reads, and changes nothing."
        return wrong

    async def request(self, grant: models.AccessGrant) -> tuple[UUID, staff_access.Requested] | None:
        """The access that is asked for, and what the customer's own database says of ticket and subject. None for who
        has just asked for another one.
        """
        session = self.caller.session
        if session is None:
            raise rpc.Unauthenticated
        operator, door = self._calls()
        access = await operator(
            accesses.request,
            grant=grant.id,
            customer=self.customer.id,
            staff=self.caller.id,
            session=session,
            ticket=int(self.ticket),
            scope=self.scope,
            reason=self.reason,
        )
        if access is None:
            return None
        return access, await door(
            staff_access.request,
            access=access,
            grant=grant.id,
            allowed_by=grant.kind,
            staff=self.caller.id,
            name=self.caller.name,
            ticket=int(self.ticket),
            scope=self.scope,
            reason=self.reason,
            subject=self.subject,
            never=await models.Staff.addresses(),
        )

    async def refuse(self, why: str, access: UUID | None = None) -> None:
        """Whoever is refused has tried: that is written down, on both sides."""
        operator, door = self._calls()
        await operator(accesses.refused, customer=self.customer.id, staff=self.caller.id, why=why, access=access)
        if access is None:
            await door(staff_access.refused, staff=self.caller.id, name=self.caller.name, why=why)

    def _calls(self) -> tuple[rpc.Call, rpc.Call]:
        around, origin = surroundings(), (self.caller.address, self.caller.request_id)
        return around.operator.relayed(*origin), around.door(self.customer.id).relayed(*origin)


def _too_short(reason: str) -> dict[str, str]:
    if LEAST_REASON <= len(reason) <= MOST_TYPED:
        return {}
    return {"reason": f"Say in {LEAST_REASON} characters or more, and no more than {MOST_TYPED}, why."}


async def _log(
    kind: str, caller: Caller, customer: UUID, facts: dict[str, str | int | None], access: UUID | None = None
) -> None:
    told = {**facts, "address": caller.address, "request": caller.request_id}
    await models.OperatorEntry.append(
        kind, staff_id=caller.id, customer_id=customer, access_id=access, outcome="done", facts=told
    )
