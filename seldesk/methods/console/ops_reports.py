"""Reports that customers have asked for, each with the day on which it is due."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.methods.control.incident_reports import Report, Said
from seldesk.models import control as models
from seldesk.surroundings import surroundings

STAFF = (rpc.Kind.STAFF,)
READ, WRITE = "console.incidents", "console.incidents.write"
Account = Annotated[str, Meta(min_length=1, max_length=50_000)]


@dataclass(frozen=True, slots=True)
class Asked:
    """due_at and warn_at are days. told: there is a primary address that is mailed when it is written."""

    id: UUID
    incident: UUID
    title: str
    slug: str
    name: str
    told: bool
    asked_at: datetime
    warn_at: datetime
    due_at: datetime
    written_at: datetime | None
    open: bool


@dataclass(frozen=True, slots=True)
class ReportsPage:
    frame: Frame
    items: list[Asked]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class ReportPage:
    """account is what was written for another customer's report of the same incident, to go on from."""

    frame: Frame
    asked: Asked
    account: str
    said: list[Said]
    resolved: bool


@rpc.public(READ, kinds=STAFF, realm="control", reads=True)
async def page(caller: Caller, cursor: str | None = None) -> ReportsPage:
    """All that the list of reports shows: those to be written first, the most urgent before the others."""
    found = await models.IncidentReport.listed(Asked, cursor)
    return ReportsPage(frame(caller), found.items, found.next, found.previous)


@rpc.public(READ, kinds=STAFF, realm="control", reads=True)
async def read(caller: Caller, report: UUID) -> ReportPage:
    """One report that was asked for, and what is known for it."""
    asked = await models.IncidentReport.one(report, Asked)
    incident = await models.Incident.get(asked.incident)
    said = await _said(incident.id)
    return ReportPage(frame(caller), asked, incident.account, said, incident.state == "resolved")


@rpc.public(WRITE, kinds=STAFF, realm="control")
async def keep(caller: Caller, report: UUID, account: Account) -> None:
    """Keep what is written so far; nobody is shown it."""
    found = await models.IncidentReport.unwritten(report)
    await models.Incident.where(models.Incident.id == found.incident_id).update(account=account)


@rpc.public(WRITE, kinds=STAFF, realm="control")
async def write(caller: Caller, report: UUID, account: Account) -> None:
    """Give it to the customer, whose primary address is told. From now on it says this."""
    found = await models.IncidentReport.unwritten(report)
    incident, customer = await models.Incident.get(found.incident_id), await models.Customer.get(found.customer_id)
    incident.account, found.written_at = account, surroundings().now
    said = await _said(incident.id)
    told = models.IncidentDelivery.where(
        models.IncidentDelivery.incident_id == incident.id, models.IncidentDelivery.customer_id == customer.id
    )
    people = max([one.found for one in await told.limit(200).all()], default=0)
    content = _report(incident, customer, found, said, people)
    found.content = msgspec.to_builtins(content)
    await models.Outbox.post_report(found.id)
    models.OperatorEntry.note(caller, caller.id, "report written", incident.title)


async def _said(incident: UUID) -> list[Said]:
    update = models.IncidentUpdate
    said = update.where(update.incident_id == incident).order_by(update.at, update.id).limit(200)
    return await said.into(Said, step=update.step, text=update.text, at=update.at)


def _report(
    incident: models.Incident,
    customer: models.Customer,
    asked: models.IncidentReport,
    said: list[Said],
    people: int,
) -> Report:
    around = surroundings()
    centres = {each.code: each.city for region in around.offer.regions.values() for each in region.data_centres}
    return Report(
        incident.title,
        incident.severity,
        centres.get(incident.target, "") if incident.scope == "data_centre" else "",
        [around.service.components[one].name for one in incident.components if one in around.service.components],
        incident.published_at or incident.created_at,
        incident.resolved_at,
        customer.name,
        f"{customer.slug}.{around.addresses.base}",
        people if incident.scope == "people" else 0,
        incident.account,
        said,
        asked.asked_at,
        around.now,
    )
