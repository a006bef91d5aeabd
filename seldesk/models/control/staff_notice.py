"""What one of the staff is mailed about their own account, and what all are who look after security."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import orm
from rpc import Kind
from seldesk.caller import Caller
from seldesk.models.control.operator_log import OperatorEntry, OperatorFacts, StaffDeed
from seldesk.models.control.outbox import Outbox
from seldesk.models.control.staff import Staff
from seldesk.models.control.staff_made import MADE, Made
from seldesk.models.limit import block_of
from seldesk.permissions import STAFF_ROLES
from seldesk.surroundings import surroundings

KNOWN_FOR = timedelta(days=90)
LOOKED_AT = 200  # sign-ins
SIGNED_IN: StaffDeed = "signed in"
SECURITY = frozenset({"security"})
APPROVING = frozenset(role for role, may in STAFF_ROLES.items() if "console.access.approve" in may)


async def note(caller: Caller, staff: UUID, what: StaffDeed, detail: str = "") -> None:
    """Writes it into the operator's log, and tells whose account it is: it may have been somebody else."""
    OperatorEntry.note(caller, staff, what, detail)
    await Outbox.post_to_staff(staff, what, detail, _from(caller))


async def signed_in(caller: Caller, staff: UUID) -> None:
    """The same, where it was from a network that this account was not seen at for long."""
    new = block_of(caller.address) not in await known_blocks((await Staff.get(staff)).email)
    if new:
        await note(caller, staff, SIGNED_IN)
    else:
        OperatorEntry.note(caller, staff, SIGNED_IN)


async def to_security(what: str, detail: str, origin: str = "", place: str = "audit") -> None:
    """What all of them must know at once who look after security: a broken chain, a door that was broken open."""
    for staff in await _awake(SECURITY):
        await Outbox.post_to_staff(staff, what, detail, origin, place)


async def made(caller: Caller, staff: Staff, what: Made) -> None:
    """Somebody else may come in by this account from now on, or may something else: all hear of it who look after
    security, since one of them alone could so become two.
    """
    roles = ", ".join(staff.roles)
    if what == "added":
        OperatorEntry.note(caller, staff.id, what, roles)
    else:
        await note(caller, staff.id, what, roles if what == "roles changed" else "")
    by = "a command" if caller.kind is Kind.COMMAND else caller.name
    await to_security(MADE[what], f"{staff.name} ({staff.email}), {roles}, by {by}.", _from(caller), "staff")


async def to_approvers(asker: UUID, what: str, detail: str, place: str) -> None:
    """All who may say yes to what somebody else has asked for, and where at the console they do."""
    for staff in await _awake(APPROVING):
        if staff != asker:
            await Outbox.post_to_staff(staff, what, detail, "", place)


async def _awake(roles: Collection[str]) -> list[UUID]:
    """Who could come in and has one of these roles."""
    awake = Staff.where(Staff.disabled_at.is_(None), Staff.enrolled_at.is_not(None)).order_by(Staff.id)
    return [staff.id for staff in await awake.limit(1000).all() if not {*roles}.isdisjoint(staff.roles)]


async def known_blocks(email: str) -> set[str]:
    """The networks from which whoever has this address has signed in lately."""
    entry, facts = OperatorEntry, OperatorFacts
    since = surroundings().now - KNOWN_FOR
    before = entry.where(Staff.email == email, entry.kind == SIGNED_IN, entry.happened_at > since)
    theirs = before.join(Staff, Staff.id == entry.about_id)
    joined = theirs.join(facts, facts.entry_id == entry.id).order_by(entry.number.desc()).limit(LOOKED_AT)
    found = await joined.into(_Seen, address=orm.coalesce(facts.facts["address"].astext, ""))
    return {block_of(one.address) for one in found}


@dataclass(frozen=True, slots=True)
class _Seen:
    address: str


def _from(caller: Caller) -> str:
    return "a command on the machine" if caller.kind is Kind.COMMAND else caller.address
