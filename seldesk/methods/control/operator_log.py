"""What programs of ours do with the operator's log: where the customers' chains ended, and whether all are whole."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.control.alerts import Found
from seldesk.models import control as models

PROGRAMS = (rpc.Kind.JOB,)
CHECK = "audits"
# Tables that may be added to, and neither changed nor shortened.
APPENDED = (models.OperatorEntry.full_name(),)


@dataclass(frozen=True, slots=True)
class End:
    """Where a chain ended: how many entries it had, and the hash of the last."""

    customer: UUID
    count: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """What entry `number` says: ends of chains, or that what was said before of this customer counts no more."""

    number: int
    ends: list[End]
    accepted: UUID | None


@dataclass(frozen=True, slots=True)
class Head:
    """Of the operator's own chain. since is from when on what other places kept of it counts."""

    count: int
    hash: bytes
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Walked:
    """How far a chain is whole; wrong says what became of entry `number`, "" of none."""

    until: int
    left: bool
    number: int | None
    wrong: str


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def anchor(caller: Caller, ends: list[End]) -> None:
    """Write down where these chains end now."""
    models.anchors.anchor({one.customer: (one.count, one.hash) for one in ends})


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def since(caller: Caller) -> int:
    """Behind which entry the ends were not held against the chains yet."""
    return await models.anchors.since()


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def said(caller: Caller, after: rpc.Int8) -> list[Said]:
    """The next of the entries that say where chains ended, the oldest first; none at the end."""
    return [_said(one) for one in await models.anchors.said(after)]


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def head(caller: Caller) -> Head:
    """Where the operator's own chain ends."""
    return Head(*await models.OperatorEntry.head(), await models.anchors.own_since())


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def walk(caller: Caller, after: rpc.Int8 = 0) -> Walked:
    """Compute the operator's chain anew, some thousand entries of it, behind one up to which it is whole."""
    found = await models.OperatorEntry.verify(after)
    return Walked(after + found.count, found.left, found.number, found.wrong)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def hold(caller: Caller, ends: list[End]) -> Walked:
    """Hold the operator's chain against where it ended at other times."""
    found = await models.OperatorEntry.hold({one.count: one.hash for one in ends})
    return Walked(found.count, False, found.number, found.wrong)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def checked(
    caller: Caller, until: rpc.Int8, looked: rpc.Int4, missed: rpc.Int4, found: list[Found]
) -> list[Found]:
    """All chains were looked at, but those that could not be reached; answers what is newly wrong."""
    models.anchors.record(until=until, looked=looked, missed=missed, wrong=len(found))
    new = await models.Alert.report(CHECK, [(one.subject, one.detail) for one in found])
    if new:
        told = "; ".join(f"{subject}: {detail}" for subject, detail in new[:10])
        await models.staff_notice.to_security("chain broken", told)
    return [Found(*one) for one in new]


def _said(one: models.anchors.Said) -> Said:
    if one.kind == models.anchors.ACCEPTED:
        return Said(one.number, [], one.customer)
    return Said(one.number, [End(*end) for end in models.anchors.ends(one.objects)], None)
