"""The audit of this customer, for its owners. For people only: it says where everybody signs in from."""

import builtins
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.panels import Panel, panel
from seldesk.methods.desk.shapes.people import Party
from seldesk.models import desk as models
from seldesk.models.desk.taking_out import Key

PEOPLE = (rpc.Kind.PERSON,)
AUDIT = "audit"
Kind = Literal["sign-in", "password", "people", "tokens", "settings", "data", "account", "access", "denied"]
Outcome = Literal["attempt", "done", "failed", "denied"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. facts are names and addresses as they were then, None where they were erased; actor and person are
    what the two are called today. person is whom it was about, objects what else; on_behalf_by which of the operator's
    staff did it in the actor's name.
    """

    number: int
    happened_at: datetime
    kind: str
    method: str
    outcome: Outcome
    actor_kind: str
    actor_id: UUID | None
    actor: str | None
    on_behalf_by: UUID | None
    person_id: UUID | None
    person: str | None
    objects: dict[str, str]
    request_id: str
    facts: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Line(Entry):
    """The same with all that it takes to follow the chain in the file: hash is over itself and the line before it,
    commitment over salt and facts.
    """

    id: UUID
    commitment: bytes | None
    salt: bytes | None
    hash: bytes


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The newest first; people are those to look for; next and previous are cursors."""

    panel: Panel
    items: builtins.list[Entry]
    people: builtins.list[Party]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class Verified:
    """How far the chain is whole. wrong: "" (nothing), or what became of entry `number`: changed, removed, added, or
    names, where what stands beside it is not what it was. left: there are more entries behind `until`.
    """

    until: int
    left: bool
    number: int | None
    wrong: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends. Kept elsewhere, it shows when the end is cut off."""

    count: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Decided:
    """What was done with the customer as a whole. facts are None where they were erased."""

    happened_at: datetime
    method: str
    facts: dict[str, str] | None


@rpc.public("settings.audit", kinds=PEOPLE, reads=True)
async def page(
    caller: Caller,
    concerning: UUID | None = None,
    kind: Kind | None = None,
    since: date | None = None,
    until: date | None = None,
    cursor: str | None = None,
) -> AuditPage:
    """All that the page of the audit shows: by a person or about them, of one kind, between two days."""
    chosen = models.auditing.Filter(concerning, kind, since, until, caller.zone)
    found = await models.auditing.page(Entry, chosen, cursor)
    return AuditPage(panel(caller), found.items, await models.auditing.workers(Party), found.next, found.previous)


@rpc.public("settings.audit", kinds=PEOPLE, reads=True)
async def verify(caller: Caller, after: rpc.Int8 = 0) -> Verified:
    """Compute the chain anew, some thousand entries of it, behind one up to which it is known to be whole."""
    return await _verified(after)


@rpc.public("settings.audit", kinds=PEOPLE, reads=True)
async def begin(caller: Caller) -> str:
    """The key to its lines, which leave as a file. Needs a fresh proof."""
    return models.taking_out.begun(caller, AUDIT)


@rpc.public("settings.audit", kinds=PEOPLE, reads=True)
async def lines(caller: Caller, key: Key, after: rpc.Int8 = 0) -> builtins.list[Line]:
    """The next 500 entries, the oldest first; none at the end."""
    models.taking_out.demand_begun(caller, AUDIT, key)
    return await models.auditing.lines(Line, after)


@rpc.public("work", kinds=(rpc.Kind.JOB,), reads=True)
async def decided(caller: Caller, since: datetime) -> builtins.list[Decided]:
    """Closed, paused, another plan, staff let in: what a control database of before this moment knows nothing of."""
    return await models.auditing.decided(Decided, since)


@rpc.public("work", kinds=(rpc.Kind.JOB,), reads=True)
async def walk(caller: Caller, after: rpc.Int8 = 0) -> Verified:
    """The same for the operator's check of every night."""
    return await _verified(after)


@rpc.public("work", kinds=(rpc.Kind.JOB,), reads=True)
async def hold(caller: Caller, ends: builtins.list[Head]) -> Verified:
    """Hold the chain against where it ended at other times. wrong: "cut" where it does not come so far any more."""
    found = await models.auditing.hold({one.count: one.hash for one in ends})
    return Verified(found.count, False, found.number, found.wrong)


@rpc.public("work", kinds=(rpc.Kind.JOB,), reads=True)
async def head(caller: Caller) -> Head:
    """How many entries there are, and the hash of the last."""
    return Head(*await models.auditing.head())


async def _verified(after: int) -> Verified:
    found = await models.auditing.check(after)
    return Verified(after + found.count, found.left, found.number, found.wrong)
