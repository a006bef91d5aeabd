"""The operator's staff in this account: whether they may come, that they are here, and what they did."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Acting, Caller
from seldesk.methods.control import access_grants, accesses
from seldesk.methods.control.access_grants import Grant, Span, Visit
from seldesk.methods.desk.panels import Panel, panel
from seldesk.models import desk as models
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)
ANYBODY = (rpc.Kind.ANONYMOUS,)
PROGRAMS = (rpc.Kind.JOB,)
Outcome = Literal["attempt", "done", "failed", "denied"]
Names = Annotated[dict[str, str], Meta(max_length=20)]


@dataclass(frozen=True, slots=True)
class AccessPage:
    """grants are the newest 20, visits 50 of all, the newest first; names are what those of this helpdesk are called
    who are named in them.
    """

    panel: Panel
    grants: list[Grant]
    visits: list[Visit]
    names: dict[UUID, str]
    next: str | None = None
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """One call. objects name what it was about; outcome is None where none was written."""

    at: datetime
    method: str
    outcome: str | None
    objects: dict[str, str]


@dataclass(frozen=True, slots=True)
class VisitPage:
    """calls are 200 of all, the newest first."""

    panel: Panel
    visit: Visit
    subject: str
    calls: list[Done]
    next: str | None = None
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Requested:
    """subject is None where it is not given; wrong says which of ticket and subject is not there."""

    subject: UUID | None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """Who is about to come in, in whose name."""

    staff: str
    subject: str
    scope: str
    reason: str
    ticket: int


@dataclass(frozen=True, slots=True)
class Begun:
    """token is for the cookie; works_here says where the subject is at home."""

    works_here: bool
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Entry:
    id: UUID
    number: int
    at: datetime
    method: str
    objects: dict[str, str]


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def page(caller: Caller, cursor: str | None = None) -> AccessPage:
    """All that the page about staff access shows. cursor is `next` or `previous` of another page of visits."""
    around = surroundings()
    found = await around.operator(access_grants.standing, customer=around.customer.id, cursor=cursor)
    people = {one.owner for one in found.grants} | {one.subject for one in found.visits}
    names = await models.staff_access.names(people)
    return AccessPage(panel(caller), found.grants, found.visits, names, found.next, found.previous)


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def read(caller: Caller, access: UUID, cursor: str | None = None) -> VisitPage:
    """One access, call by call. cursor is `next` or `previous` of another page of its calls."""
    around = surroundings()
    visit = await around.operator(access_grants.visit, customer=around.customer.id, access=access)
    tried = await models.staff_access.attempts(access, _Entry, cursor)
    became = await models.staff_access.outcomes({one.id: one.number for one in tried.items})
    done = [Done(one.at, one.method, became.get(one.id), one.objects) for one in tried.items]
    names = await models.staff_access.names([visit.subject])
    subject = names.get(visit.subject or caller.id, "")
    return VisitPage(panel(caller), visit, subject, done, tried.next, tried.previous)


@rpc.public("settings", kinds=PEOPLE)
async def turn_on(caller: Caller, span: Span) -> None:
    """Let the operator's staff in for an hour, a day or a week. It ends by itself."""
    around = surroundings()
    grant = await around.operator(access_grants.turn_on, customer=around.customer.id, owner=caller.id, span=span)
    around.trail.about(grant=grant)
    around.trail.knowing(span=span)


@rpc.public("settings", kinds=PEOPLE)
async def turn_off(caller: Caller) -> None:
    """Let nobody in any more, whoever allowed it. Who is here is out with the next click."""
    around = surroundings()
    await around.operator(access_grants.turn_off, customer=around.customer.id)


@rpc.public("work", kinds=PROGRAMS)
async def request(
    caller: Caller,
    access: UUID,
    grant: UUID,
    allowed_by: rpc.Line,
    staff: UUID,
    name: rpc.Line,
    ticket: rpc.Int4,
    scope: accesses.Scope,
    reason: rpc.Line,
    subject: rpc.Line,
    never: list[rpc.Line],
) -> Requested:
    """Write down that one of the staff asks to come in, before anything is open; and say whether ticket and person are
    there, and nothing else of them.
    """
    trail = surroundings().trail
    trail.staff = staff
    trail.knowing(staff=name, reason=reason, ticket=f"#{ticket}", scope=scope, allowed_by=allowed_by)
    if not await models.staff_access.has_ticket(ticket):
        trail.outcome = "denied"
        return Requested(None, "ticket")
    found = await models.staff_access.subject(subject, never)
    if found is None:
        trail.outcome = "denied"
        return Requested(None, "subject")
    trail.about(found)
    return Requested(found)


@rpc.public("work", kinds=PROGRAMS)
async def refused(caller: Caller, staff: UUID, name: rpc.Line, why: rpc.Line) -> None:
    """Write down that one of the staff asked to come in and was not let."""
    trail = surroundings().trail
    trail.staff, trail.outcome = staff, "denied"
    trail.knowing(staff=name, why=why)


@rpc.public("work", kinds=PROGRAMS)
async def allowed(
    caller: Caller, grant: UUID, kind: rpc.Line, staff: UUID, names: str, reason: rpc.Line, legal_reference: str
) -> None:
    """Write down that two of the staff have opened this account to staff, without its owner."""
    trail = surroundings().trail
    trail.staff = staff
    trail.knowing(staff=names, reason=reason, allowed_by=kind)
    if legal_reference:
        trail.knowing(legal_reference=legal_reference)


@rpc.public("work", kinds=PROGRAMS)
async def ended(
    caller: Caller, access: UUID, staff: UUID, name: rpc.Line, subject: UUID | None, why: accesses.End
) -> None:
    """Write down that an access is over, and why."""
    trail = surroundings().trail
    trail.staff = staff
    trail.about(subject)
    trail.knowing(staff=name, why=why)


@rpc.public("work", kinds=PROGRAMS)
async def attempt(
    caller: Caller,
    access: UUID,
    staff: UUID,
    name: rpc.Line,
    subject: UUID,
    reason: rpc.Line,
    method: rpc.Line,
    objects: Names,
) -> UUID | None:
    """Write down a call that one of the staff is about to make in somebody's name."""
    surroundings().trail.knowing(staff=name, reason=reason)
    named = {"access": str(access), **objects}
    return models.staff_access.write(caller, staff, subject, method, "attempt", named)


@rpc.public("work", kinds=PROGRAMS)
async def outcome(
    caller: Caller,
    access: UUID,
    staff: UUID,
    name: rpc.Line,
    subject: UUID,
    method: rpc.Line,
    attempt: UUID,
    became: Outcome,
) -> None:
    """Write down what became of it."""
    surroundings().trail.knowing(staff=name)
    named = {"access": str(access), "attempt": str(attempt)}
    models.staff_access.write(caller, staff, subject, method, became, named)


@rpc.public("work", kinds=PROGRAMS, reads=True)
async def look(caller: Caller, secret: rpc.Line) -> Acting:
    """Who acts here with this cookie, and in whose name; 401 as soon as anything that it hangs on has ended."""
    around = surroundings()
    acting = await around.operator(accesses.look, customer=around.customer.id, secret=secret)
    name = (await models.staff_access.names([acting.subject])).get(acting.subject)
    if name is None:
        raise rpc.Unauthenticated
    return replace(acting, name=name)


@rpc.public(None, kinds=ANYBODY, reads=True)
async def offered(caller: Caller, token: rpc.Line) -> Offered:
    """What a link of the console leads to, without using it up; 404 once it was used or is too old."""
    around = surroundings()
    acting = await around.operator(accesses.offered, customer=around.customer.id, secret=token)
    subject = (await models.staff_access.names([acting.subject])).get(acting.subject, "")
    return Offered(acting.staff, subject, acting.scope, acting.reason, acting.ticket)


@rpc.public(None, kinds=ANYBODY)
async def begin(caller: Caller, token: rpc.Line) -> Begun:
    """Come in by a link of the console, once."""
    around = surroundings()
    operator = around.operator.relayed(caller.address, caller.request_id)
    redeemed = await operator(accesses.redeem, customer=around.customer.id, secret=token)
    acting = redeemed.acting
    person = await models.Person.get(acting.subject)
    around.trail.staff = acting.staff_id
    around.trail.about(person.id, access=acting.access)
    around.trail.knowing(staff=acting.staff, reason=acting.reason, scope=acting.scope)
    return Begun(person.works_here, redeemed.token)


@rpc.public("self", kinds=PEOPLE)
async def stop(caller: Caller) -> None:
    """End the access under which this is called."""
    if caller.acting is None:
        raise rpc.NotFound
    operator = surroundings().operator.relayed(caller.address, caller.request_id)
    await operator(accesses.end, access=caller.acting.access, why="stopped")
