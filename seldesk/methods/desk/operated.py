"""What the operator did with this customer as a whole, for the customer's own audit."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import NOBODY, Caller
from seldesk.models import desk as models
from seldesk.models.control import Deed
from seldesk.surroundings import surroundings

# An entry's method, where no method of this customer was called.
PREFIX = "operator."


@rpc.public("work", kinds=(rpc.Kind.JOB,))
async def note(
    caller: Caller,
    act: UUID,
    what: Deed,
    detail: str,
    staff: UUID | None,
    by: str,
    address: str,
    request_id: str,
    at: datetime,
) -> None:
    """Write it down, once however often it is said. staff and by are who it was; nobody for a command."""
    if await models.auditing.knows(act, at):
        return
    trail, kind = surroundings().trail, rpc.Kind.COMMAND if staff is None else rpc.Kind.STAFF
    trail.about(act=act)
    trail.knowing(detail=detail, since=f"{at:%Y-%m-%d %H:%M} UTC")
    who = replace(caller, kind=kind, id=staff or NOBODY, name=by, address=address, request_id=request_id)
    models.AuditEntry.prepare(who, "account", PREFIX + what)
