"""What waits, and for how long: for those who watch the operator's programs."""

from dataclasses import dataclass
from datetime import datetime

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models


@dataclass(frozen=True, slots=True)
class Backlog:
    """Customers whose outbox is due, jobs and letters of the operator that wait, and the age in seconds of the oldest;
    letters that were given up, and when ends of chains were last put down.
    """

    outboxes: int
    outbox_age: int
    jobs: int
    job_age: int
    letters: int
    letters_given_up: int
    anchored_at: datetime | None


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control", reads=True)
async def figures(caller: Caller) -> Backlog:
    return Backlog(**await models.backlog.figures(), anchored_at=await models.anchors.newest_at())
