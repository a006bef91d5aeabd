"""How this customer is, in sizes, times and counts: what the operator may know, and nothing that anybody wrote."""

from datetime import timedelta
from typing import Any

import orm
from seldesk.models.desk.mail import Mail
from seldesk.models.desk.mailbox import Mailbox
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.person import Person
from seldesk.models.desk.storing import columns
from seldesk.surroundings import surroundings

LATELY = timedelta(days=7)
MOST = 10_000


async def measured() -> dict[str, Any]:
    """One statement."""
    now = surroundings().now
    unread = Mail.where(Mail.state == orm.constant("failed"), Mail.received_at > now - LATELY)
    due = Outbox.where(Outbox.state.in_(orm.constants("new", "running")), Outbox.due_at <= now)
    failed = Outbox.where(Outbox.state == "dead", Outbox.finished_at > now - LATELY)
    agents = Person.where(Person.role != "requester", Person.disabled_at.is_(None))
    found = await orm.scalars(
        **columns(),
        database_bytes=orm.function("pg_database_size", orm.function("current_database")),
        agents=orm.capped(agents, MOST),
        mailboxes=orm.capped(Mailbox.query(), MOST),
        failing=orm.capped(Mailbox.where(orm.exists(unread.where(Mail.mailbox_id == Mailbox.id))), MOST),
        unread=orm.capped(unread, MOST),
        received_at=Mail.query().column(orm.maximum(Mail.received_at)),
        waiting=orm.capped(due, MOST),
        waiting_since=due.column(orm.minimum(Outbox.due_at)),
        refused=orm.capped(due.where(Outbox.error.is_not(None)), MOST),
        failed=orm.capped(failed, MOST),
        bounced=orm.capped(Person.where(Person.bounced_at > now - LATELY), MOST),
    )
    stored = int(found.pop("files_bytes")) + int(found.pop("mails_bytes"))
    return {**found, "stored_bytes": stored}
