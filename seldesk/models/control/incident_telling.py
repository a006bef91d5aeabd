"""How those are told whom an incident concerns: rows in the same transaction, work after it."""

from dataclasses import dataclass
from uuid import UUID

import orm
from seldesk.models.control.incident import Incident, IncidentUpdate, Step
from seldesk.models.control.incident_affected import affected
from seldesk.models.control.incident_delivery import IncidentDelivery
from seldesk.models.control.job import Job
from seldesk.models.control.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Counted:
    """Of people at one customer: how many of those that were named are there and are not, and what became of their
    mails.
    """

    found: int
    missing: int
    sent: int
    failed: int


async def publish(incident: UUID, step: Step, by: UUID) -> None:
    """A draft becomes what everybody, or everybody concerned, is told."""
    found = await Incident.locked(incident, "draft")
    text, found.text = found.text, ""
    await _told(found, await found.say(step, text, by))


async def say(incident: UUID, step: Step, text: str, by: UUID) -> None:
    """An update, for those who were told before."""
    found = await Incident.locked(incident, "open", "resolved")
    await _told(found, await found.say(step, text, by))


async def again(incident: UUID, delivery: UUID | None = None) -> int:
    """What did not come through goes out once more, under its own id: one, or all. Answers how many."""
    failed = await IncidentDelivery.failures(incident, delivery)
    mails = [one for one in failed if one.kind == "customer"]
    await Outbox.post_incident([one.id for one in mails if one.handed_over], again=True)
    await Outbox.post_incident([one.id for one in mails if not one.handed_over])
    for one in failed:
        one.repeats += one.kind == "webhook"
        one.wait()
    if len(mails) < len(failed):
        await Job.ask_for("incidents", f"{incident}:{orm.uuid7()}")
    return len(failed)


async def _told(incident: Incident, update: IncidentUpdate) -> None:
    mails = await IncidentDelivery.prepare(incident, update, await affected(incident))
    await Outbox.post_incident(mails)
    await Job.ask_for("incidents", str(update.id))
    if incident.public:
        await Job.ask_for("status", str(update.id))


async def counted(delivery: UUID, told: Counted) -> None:
    """The customer's database has looked for its people; those it found stand there and nowhere else."""
    found = await IncidentDelivery.where(IncidentDelivery.id == delivery).lock().one()
    found.found, found.missing = told.found, max(told.missing, found.missing)
    found.mails_sent, found.mails_failed = told.sent, told.failed
    if told.sent + told.failed >= told.found:
        found.end("failed" if told.failed or not told.found else "sent")
    waiting = IncidentDelivery.where(
        IncidentDelivery.incident_id == found.incident_id,
        IncidentDelivery.id != found.id,
        IncidentDelivery.found + IncidentDelivery.missing == 0,
    )
    if told.found + told.missing and not await waiting.exists():
        await Incident.where(Incident.id == found.incident_id).update(people=[])
