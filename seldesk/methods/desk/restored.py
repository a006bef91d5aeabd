"""What of a customer's database is treated in a way of its own when a copy of it is restored."""

from dataclasses import dataclass, field
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import desk as models
from seldesk.surroundings import surroundings

PROGRAMS = (rpc.Kind.JOB,)
# Nobody is signed in to what was restored, and no link that was mailed opens it.
EMPTIED = (
    models.Session.full_name(),
    models.MailedLink.full_name(),
    models.Entry.full_name(),
    models.FactorOffer.full_name(),
)
QUEUE = models.Outbox.full_name()
# What is written down of those who only read: that a ticket was seen, and who came in.
WRITTEN_BY_READING = (
    models.Seen.full_name(),
    models.AuditHead.full_name(),
    models.AuditFacts.full_name(),
    models.AuditEntry.full_name(),
)
# Where each mail that came in is kept as it came.
MAILS, MAIL_COLUMNS = models.Mail.full_name(), ("recipient", "sender", "object_id")
# What was done to the customer, which a restore does not undo: a table after those that it names.
KEPT = ("app.audit_heads", "app.audit_facts", "log.audit")
MARK = "restored.mark"
FACTOR = ("person_id", "kind", "name", "secret", "credential", "public_key", "counter", "created_at", "used_at")
LEFT = ("left_at", "erase_at", "was_disabled", "erasing_at", "erasure", "erased_at")
ROLE = ("name", "reach", "permissions", "created_at")
CARRIED = (
    (models.Person.full_name(), "id", ("role", "disabled_at"), False, "", "", False, ("role_id",)),
    (models.Role.full_name(), "id", ROLE, False, "", "", True),
    (models.Person.full_name(), "id", ("role_id",), False, ""),
    (models.Verifier.full_name(), "person_id", ("hash",), True, ""),
    (models.Factor.full_name(), "id", FACTOR, True, models.Person.full_name(), "person_id"),
    (models.RecoveryCode.full_name(), "fingerprint", ("person_id",), True, models.Person.full_name(), "person_id"),
    (models.Token.full_name(), "id", ("scopes",), True, ""),
    (models.Invitation.full_name(), "id", (), True, ""),
    (models.Departure.full_name(), "person_id", LEFT, True, models.Person.full_name()),
)


@dataclass(frozen=True, slots=True)
class Tried:
    """A session of somebody who works here; "" where nobody does."""

    session: str = field(repr=False)


@rpc.public("work", kinds=PROGRAMS)
async def mark(caller: Caller, restore: UUID, copy: UUID) -> None:
    """Where the audit of a copy ends and that of the living one goes on: what was done in between was taken back, and
    stands here all the same. Once for each restore.
    """
    marked = models.AuditEntry.where(models.AuditEntry.method == MARK).order_by(models.AuditEntry.number.desc())
    last = await marked.limit(1).first()
    surroundings().trail.repeats = last is not None and last.objects.get("restore") == str(restore)


@rpc.public("work", kinds=PROGRAMS)
async def try_out(caller: Caller) -> Tried:
    """Sign somebody in who works here: in the test of a copy, and nowhere else."""
    side = surroundings().customer.side
    if side is None or not side.drill:
        raise rpc.NotFound
    person = await models.Person.working().first()
    return Tried(models.Session.begin(caller, person.id)[1] if person else "")
