"""From a credential to a caller, inside the transaction of the call."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import rpc
from rpc import Kind
from seldesk.caller import Acting, Caller
from seldesk.methods.desk import people
from seldesk.methods.identify_staff import admit_staff, identify_staff
from seldesk.methods.proofs import admit_session
from seldesk.methods.rating import rate
from seldesk.models import desk as models
from seldesk.permissions import MACHINES, ROLES, held
from seldesk.surroundings import surroundings
from seldesk.zones import of_country


@dataclass(frozen=True, slots=True)
class _Found:
    id: UUID
    name: str
    email: str
    role: str
    zone: str
    session: UUID | None = None
    ticket: UUID | None = None
    seen: datetime | None = None
    proved: datetime | None = None
    factor: str = ""
    token: UUID | None = None
    scopes: tuple[str, ...] | None = None
    # The role that owners made, and what stands in it; None for those that are built in.
    title: str | None = None
    granted: tuple[str, ...] | None = None


async def identify(method: rpc.Method[Any, Any], credential: rpc.Credential) -> Caller:
    """Unauthenticated when a session or token is unknown, over, or its person is disabled; FactorNeeded and ProofNeeded
    where a session has not shown enough.
    """
    # Known before anything is held against them: of whoever is refused it is written down.
    caller = surroundings().trail.caller = await _found(credential)
    if caller.kind is Kind.STAFF:
        admit_staff(caller, method)
    # What is held against a session of theirs is not held against the staff, who may do less than that anyway.
    elif caller.kind is Kind.PERSON and caller.acting is None:
        admit_session(caller, method)
    if method.permission is not None and caller.may(method.permission):
        await rate(caller, method)
    return caller


async def _found(credential: rpc.Credential) -> Caller:
    kind = credential.kind
    if kind in MACHINES or kind is Kind.ANONYMOUS:
        permissions = MACHINES.get(kind, frozenset())
        return Caller(
            kind=kind,
            permissions=permissions,
            name=str(kind),
            address=credential.address,
            agent=credential.agent,
            request_id=credential.request_id,
        )
    if kind is Kind.STAFF:
        return await identify_staff(credential)
    acting = surroundings().acting
    if acting is not None:
        found = await _in_the_name_of(acting)
    else:
        found = await _token(credential.secret) if kind is Kind.TOKEN else await _session(kind, credential.secret)
        found = await _as_they_stand(found)
    if found.session is not None and found.seen is not None:
        await models.Session.touch(found.session, found.seen)
    if found.token is not None:
        await models.Token.touch(found.token, found.seen)
    return Caller(
        kind=kind,
        permissions=_permissions(kind, found),
        id=found.id,
        name=found.name,
        email=found.email,
        role="requester" if kind is Kind.LINK else found.role,
        title=found.title or "",
        session=found.session,
        ticket=found.ticket,
        zone=found.zone or of_country(surroundings().customer.country),
        zone_chosen=bool(found.zone),
        proved_at=found.proved,
        factor=found.factor,
        acting=acting,
        address=credential.address,
        agent=credential.agent,
        request_id=credential.request_id,
    )


async def _as_they_stand(found: _Found) -> _Found:
    """A copy on the side stands for days, and knows nothing of who was disabled or may less since: that the living one
    says. Who tests a copy is alone with it.
    """
    around = surroundings()
    if around.customer.side is None or around.customer.side.drill:
        return found
    now = await around.door(around.customer.id)(people.standing, person=found.id)
    if now is None:
        raise rpc.Unauthenticated
    return replace(found, role=now.role, granted=now.granted)


def _permissions(kind: Kind, found: _Found) -> frozenset[str]:
    if kind is Kind.LINK:
        return ROLES["requester"]
    may = held(found.role, found.granted)
    return may if found.scopes is None else may.intersection(found.scopes)


async def _token(secret: str) -> _Found:
    token = models.Token
    living = token.living(secret).limit(1)
    rows = await living.into(_Found, **_person(), token=token.id, scopes=token.scopes, seen=token.used_at)
    if not rows:
        raise rpc.Unauthenticated
    return rows[0]


async def _session(kind: Kind, secret: str) -> _Found:
    rows = await models.Session.holder(secret, _Found, by_link=kind is Kind.LINK)
    if not rows:
        raise rpc.Unauthenticated
    return rows[0]


async def _in_the_name_of(acting: Acting) -> _Found:
    """The person, without a session: what stands in theirs, and when they were seen, stays as it was."""
    person, role = models.Person, models.Role
    active = person.where(person.id == acting.subject, person.disabled_at.is_(None)).limit(1)
    active = active.join(role, role.id == person.role_id, optional=True)
    rows = await active.into(_Found, **_person())
    if not rows:
        raise rpc.Unauthenticated
    return rows[0]


def _person() -> dict[str, Any]:
    person, role = models.Person, models.Role
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "title": role.name,
        "granted": role.permissions,
        "zone": person.zone,
    }
