from dataclasses import dataclass
from datetime import datetime

import rpc
from seldesk.caller import Caller
from seldesk.models import desk as models


@dataclass(frozen=True, slots=True)
class Health:
    """Sizes and counts. waiting are mails that are due and have not left, since waiting_since; refused those of them
    that the relay has refused before. unread, failed and bounced are of the last seven days.
    """

    database_bytes: int
    agents: int
    mailboxes: int
    failing: int
    unread: int
    received_at: datetime | None
    waiting: int
    waiting_since: datetime | None
    refused: int
    failed: int
    bounced: int


@rpc.public("work", kinds=(rpc.Kind.JOB,), reads=True)
async def read(caller: Caller) -> Health:
    """How this customer is: for the operator, who sees nothing of what anybody wrote."""
    return Health(**await models.health.measured())
