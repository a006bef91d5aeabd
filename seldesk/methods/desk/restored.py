"""What of a customer's database is treated in a way of its own when a copy of it is restored."""

from dataclasses import dataclass, field

import rpc
from seldesk.caller import Caller
from seldesk.models import desk as models
from seldesk.surroundings import surroundings

PROGRAMS = (rpc.Kind.JOB,)
# Nobody is signed in to what was restored, and no link that was mailed opens it.
EMPTIED = (models.Session.__table__.fullname, models.MailedLink.__table__.fullname)
QUEUE = models.Outbox.__table__.fullname
# What reading a ticket writes down.
WRITTEN_BY_READING = (models.Seen.__table__.fullname,)
# Where each mail that came in is kept as it came.
MAILS, MAIL_COLUMNS = models.Mail.__table__.fullname, ("recipient", "sender", "object_id")
# What was done to the customer, which a restore does not undo: a table after those that it names.
KEPT = ("app.audit_heads", "app.audit_facts", "log.audit")
# Table, key, columns that are as they are now, and whether a row that is gone now goes there too: who was disabled,
# lost a role, changed a password, or had a key taken away.
CARRIED = (
    (models.Person.__table__.fullname, "id", ("role", "disabled_at"), False),
    (models.Verifier.__table__.fullname, "person_id", ("hash",), True),
    (models.Token.__table__.fullname, "id", ("scopes",), True),
    (models.Invitation.__table__.fullname, "id", (), True),
)


@dataclass(frozen=True, slots=True)
class Tried:
    """A session of somebody who works here; "" where nobody does."""

    session: str = field(repr=False)


@rpc.public("work", kinds=PROGRAMS)
async def try_out(caller: Caller) -> Tried:
    """Sign somebody in who works here: in the test of a copy, and nowhere else."""
    side = surroundings().customer.side
    if side is None or not side.drill:
        raise rpc.NotFound
    person = await models.Person.working().first()
    return Tried(await models.Session.start(caller, person) if person else "")
