"""What programs do with incidents: they tell those who are to be told, and write the status page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models
from seldesk.models.control.incident_telling import Counted
from seldesk.service import Told, ToldUpdate
from seldesk.surroundings import surroundings

PROGRAMS = (rpc.Kind.JOB,)
Hosts = Annotated[list[rpc.Line], Meta(max_length=20)]


@dataclass(frozen=True, slots=True)
class ForPeople:
    """People at a customer are to be told: named are ids and addresses, nobody once they were found."""

    delivery: UUID
    customer: UUID
    incident: UUID
    update: UUID
    title: str
    before: str
    text: str
    named: list[str]


@dataclass(frozen=True, slots=True)
class ForWebhook:
    delivery: UUID
    host: str
    told: Told


@dataclass(frozen=True, slots=True)
class Update:
    id: UUID
    step: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Public:
    id: UUID
    title: str
    severity: str
    scope: str
    target: str
    components: list[str]
    public: bool
    state: str
    created_at: datetime
    published_at: datetime | None
    resolved_at: datetime | None
    updates: list[Update]


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def told(caller: Caller) -> list[Told]:
    """What everybody may read of incidents, the newest first."""
    return await everybodys()


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def for_people(caller: Caller) -> list[ForPeople]:
    """Whose customers' databases are still to be asked, or asked again what became of the mails."""
    return [await _for_people(one) for one in await models.IncidentDelivery.waiting("people")]


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def counted(
    caller: Caller, delivery: UUID, found: rpc.Int4, missing: rpc.Int4, sent: rpc.Int4, failed: rpc.Int4
) -> None:
    """A customer's database has answered."""
    await models.incident_telling.counted(delivery, Counted(found, missing, sent, failed))


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def for_webhooks(caller: Caller, hosts: Hosts) -> list[ForWebhook]:
    """What each of these is still to be told, the oldest first."""
    await models.IncidentDelivery.prepare_webhooks(hosts)
    public = {one.id: one for one in await everybodys()}
    due = [one for one in await models.IncidentDelivery.waiting("webhook") if one.host in hosts]
    return [
        ForWebhook(one.id, one.host, _as_it_was(public[str(one.incident_id)], str(one.update_id)))
        for one in due
        if str(one.incident_id) in public
    ]


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def posted(caller: Caller, delivery: UUID, error: str = "") -> None:
    """A webhook has taken it, or this is why it did not: it is tried again for a day."""
    found = await models.IncidentDelivery.where(models.IncidentDelivery.id == delivery).lock().one()
    if error and not found.over:
        found.error = error
    else:
        found.end("failed" if error else "sent", error)


async def everybodys() -> list[Told]:
    return [as_told(one) for one in await models.Incident.told(Public, Update)]


def as_told(one: Public) -> Told:
    """No word of a customer is in it."""
    centres = {each.code: each.city for region in surroundings().offer.regions.values() for each in region.data_centres}
    return Told(
        str(one.id),
        one.title,
        one.severity,
        centres.get(one.target, "") if one.scope == "data_centre" else "",
        one.components,
        [ToldUpdate(str(each.id), each.step, each.text, each.at) for each in one.updates],
        one.published_at or one.created_at,
        one.resolved_at,
    )


def _as_it_was(told: Told, update: str) -> Told:
    """Up to this update."""
    at = next((place for place, one in enumerate(told.updates) if one.id == update), 0)
    resolved = told.resolved_at if at == 0 else None
    return Told(
        told.id, told.title, told.severity, told.place, told.components, told.updates[at:], told.began_at, resolved
    )


async def _for_people(delivery: models.IncidentDelivery) -> ForPeople:
    incident = await models.Incident.get(delivery.incident_id)
    update = await models.IncidentUpdate.get(delivery.update_id)
    first = not await models.IncidentUpdate.where(
        models.IncidentUpdate.incident_id == incident.id, models.IncidentUpdate.id < update.id
    ).exists()
    return ForPeople(
        delivery.id,
        delivery.customer_id or UUID(int=0),
        incident.id,
        update.id,
        incident.title,
        models.incident_letter.before(update.step, first=first),
        f"{models.incident_letter.STEPS[update.step]}.\n\n{update.text}",
        incident.people if delivery.found + delivery.missing == 0 else [],
    )
