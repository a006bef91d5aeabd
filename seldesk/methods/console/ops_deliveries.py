"""What did not come through to those whom an incident concerns, and is sent once more."""

from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models

STAFF = (rpc.Kind.STAFF,)


@rpc.public("console.incidents.write", kinds=STAFF, realm="control")
async def send_again(caller: Caller, incident: UUID, delivery: UUID | None = None) -> int:
    """One that failed, or all of them, under the same Message-ID as before. Answers how many; Conflict for none."""
    found = await models.Incident.get(incident)
    number = await models.incident_telling.again(incident, delivery)
    if not number:
        raise rpc.Conflict("Nothing of this failed, or somebody else has sent it again already.")
    models.OperatorEntry.note(caller, caller.id, "incident sent again", found.title)
    return number
