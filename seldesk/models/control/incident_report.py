from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.models.control.customer import Customer
from seldesk.models.control.incident import Incident
from seldesk.models.control.incident_delivery import IncidentDelivery
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
CHECK = "reports"
# Working days from the one after the asking: then somebody is warned, and then it is due.
WARNED, DUE = 5, 7
# Of what was over for longer nobody asks for a report any more.
ASKED_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class _Late:
    slug: str
    due_at: datetime


class IncidentReport(orm.Model, table="incident_reports", schema="control"):
    """A customer wants to know all of an incident that concerned it. What the report says stands still once written."""

    id: orm.Column[UUID] = orm.key()
    incident_id: orm.Column[UUID] = orm.reference("control.incidents.id")
    customer_id: orm.Column[UUID] = orm.reference("control.customers.id")
    # A person of the customer's.
    asked_by: orm.Column[UUID] = orm.identifier()
    asked_at: orm.Column[datetime] = orm.time()
    # Midnights of UTC, with which these days begin.
    warn_at: orm.Column[datetime] = orm.time()
    due_at: orm.Column[datetime] = orm.time()
    written_at: orm.Column[datetime | None] = orm.time(optional=True)
    content: orm.Column[Any] = orm.json(optional=True)

    indexes = (
        orm.unique("incident_id", "customer_id"),
        orm.index("incident_reports_due", "due_at", where="written_at is null"),
    )

    @classmethod
    async def ask(cls, customer: UUID, incident: UUID, by: UUID) -> Self:
        """NotFound for an incident that did not concern it; Conflict when it was asked for before."""
        if not await cls._concerning(customer).where(Incident.id == incident).exists():
            raise rpc.NotFound
        now, service = surroundings().now, surroundings().service
        report = cls.add(
            incident_id=incident,
            customer_id=customer,
            asked_by=by,
            asked_at=now,
            warn_at=_midnight(service.working_day(now.date(), WARNED)),
            due_at=_midnight(service.working_day(now.date(), DUE)),
        )
        try:
            await orm.flush()
        except orm.Conflict:
            raise rpc.Conflict("This report was asked for already.") from None
        return report

    @classmethod
    async def of(cls, customer: UUID, shape: type[Shape]) -> list[Shape]:
        """The incidents that concerned it, the newest first, each with what became of its report."""
        asked = (cls.incident_id == Incident.id) & (cls.customer_id == customer)
        columns = {
            "incident": Incident.id,
            "title": Incident.title,
            "severity": Incident.severity,
            "state": Incident.state,
            "began_at": Incident.published_at,
            "resolved_at": Incident.resolved_at,
            "report": cls.id,
            "due_at": cls.due_at,
            "written_at": cls.written_at,
        }
        listed = cls._concerning(customer).join(cls, asked, optional=True)
        return await listed.order_by(Incident.published_at.desc(), Incident.id).limit(200).into(shape, **columns)

    @classmethod
    async def listed(cls, shape: type[Shape], cursor: str | None) -> orm.Page[Shape]:
        """All that were asked for: those to be written first, the most urgent before the others."""
        named = cls.query().join(Incident, Incident.id == cls.incident_id)
        columns = {**cls._facts(), "open": cls.written_at.is_(None)}
        order = (orm.case((cls.written_at.is_(None), 0), otherwise=1), cls.due_at, cls.id)
        joined = named.join(Customer, Customer.id == cls.customer_id)
        return await joined.page(shape, by=order, size=50, cursor=cursor, descending=False, **columns)

    @classmethod
    async def one(cls, report: UUID, shape: type[Shape]) -> Shape:
        named = cls.where(cls.id == report).join(Incident, Incident.id == cls.incident_id)
        columns = {**cls._facts(), "open": cls.written_at.is_(None)}
        return await named.join(Customer, Customer.id == cls.customer_id).one_into(shape, **columns)

    @classmethod
    async def written(cls, customer: UUID, report: UUID) -> Any:
        """What it says; NotFound while it is not written, and for another customer's."""
        own = cls.where(cls.id == report, cls.customer_id == customer, cls.written_at.is_not(None))
        return (await own.one()).content

    @classmethod
    async def unwritten(cls, report: UUID) -> Self:
        found = await cls.where(cls.id == report).lock().one()
        if found.written_at is not None:
            raise rpc.Conflict("This report is written, and its customer has it.")
        return found

    @classmethod
    async def late(cls) -> list[tuple[str, str]]:
        """Whose warning day has come, as subject and detail of an alert."""
        waiting = cls.where(cls.written_at.is_(None), cls.warn_at <= surroundings().now)
        named = waiting.join(Customer, Customer.id == cls.customer_id)
        rows = await named.order_by(cls.due_at, cls.id).limit(1000).into(_Late, slug=Customer.slug, due_at=cls.due_at)
        return [(row.slug, _sentence(row.due_at.date())) for row in rows]

    @classmethod
    def _concerning(cls, customer: UUID) -> "orm.Query[Incident]":
        told = IncidentDelivery.where(
            IncidentDelivery.incident_id == Incident.id, IncidentDelivery.customer_id == customer
        )
        recent = orm.coalesce(Incident.resolved_at, surroundings().now) > surroundings().now - ASKED_FOR
        published = Incident.where(Incident.state != "draft", recent)
        return published.where(orm.or_(Incident.public, orm.exists(told)))

    @classmethod
    def _facts(cls) -> dict[str, Any]:
        return {
            "id": cls.id,
            "incident": Incident.id,
            "title": Incident.title,
            "slug": Customer.slug,
            "name": Customer.name,
            "told": Customer.primary_email != "",
            "asked_at": cls.asked_at,
            "warn_at": cls.warn_at,
            "due_at": cls.due_at,
            "written_at": cls.written_at,
        }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _sentence(due: date) -> str:
    words = "was due" if surroundings().now.date() > due else "is due"
    return f"The report of an incident that it asked for {words} on {due.day} {due:%B %Y}."
