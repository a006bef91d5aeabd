"""What waits, and for how long: for those who watch the operator's programs."""

from dataclasses import dataclass
from datetime import datetime

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models


@dataclass(frozen=True, slots=True)
class Backlog:
    """Customers whose outbox is due, jobs and letters of the operator that wait, and the age in seconds of the oldest;
    letters that were given up, and when ends of chains were last put down; standbys of the clusters that are not
    connected, and by how many bytes of log the worst is behind.
    """

    outboxes: int
    outbox_age: int
    jobs: int
    job_age: int
    letters: int
    letters_given_up: int
    anchored_at: datetime | None
    standbys_away: int
    standby_bytes: int


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """Of all customers, as they were measured, the newest at measured_at: mailboxes, and those with mails that
    could not be read; mails that wait to leave, those of them that the relay has refused, and of the last seven days
    those that were given up, that could not be read, and addresses whose mail came back.
    """

    mailboxes: int
    failing: int
    waiting: int
    refused: int
    failed: int
    unread: int
    bounced: int
    measured_at: datetime | None


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control", reads=True)
async def figures(caller: Caller) -> Backlog:
    anchored_at, following = await models.anchors.newest_at(), await models.capacity.following()
    return Backlog(**await models.backlog.figures(), anchored_at=anchored_at, **following)


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control", reads=True)
async def mailboxes(caller: Caller) -> Mailboxes:
    return Mailboxes(**await models.mail_health.measured())
