"""Who of the operator's people calls, and whether they have proved it lately enough."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models
from seldesk.models.proof import demand_fresh
from seldesk.permissions import STAFF_ROLES

# What writes and needs no fresh proof: proving itself, taking one's own access away, and drafts, of which nobody is
# told and which take longer to write than a proof is fresh. All else that writes does.
WITHOUT_PROOF = frozenset(
    {
        "ops_incidents.draft",
        "ops_incidents.revise",
        "ops_reports.keep",
        "ops_access.end",
        "staff_self.challenge",
        "staff_self.prove_by_code",
        "staff_self.prove_by_passkey",
        "staff_self.end_session",
        "staff_self.sign_out",
    }
)


@dataclass(frozen=True, slots=True)
class _Found:
    id: UUID
    name: str
    email: str
    roles: list[str]
    session: UUID
    seen: datetime
    proved: datetime


async def identify_staff(credential: rpc.Credential) -> Caller:
    """Unauthenticated when the session is unknown, over, or its person is disabled."""
    rows = await models.StaffSession.holder(credential.secret, _Found)
    if not rows:
        raise rpc.Unauthenticated
    found = rows[0]
    await models.StaffSession.touch(found.session, found.seen)
    return Caller(
        kind=credential.kind,
        permissions=frozenset[str]().union(*(STAFF_ROLES.get(role, ()) for role in found.roles)),
        id=found.id,
        name=found.name,
        email=found.email,
        role="staff",
        session=found.session,
        proved_at=found.proved,
        address=credential.address,
        request_id=credential.request_id,
    )


def admit_staff(caller: Caller, method: rpc.Method[..., Any]) -> None:
    """ProofNeeded where it matters and the last proof is too old."""
    wanted = not method.reads and method.name not in WITHOUT_PROOF
    allowed = method.permission is None or caller.may(method.permission)
    if wanted and allowed:
        demand_fresh(caller)
