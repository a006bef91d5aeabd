"""How everything is at this moment, in figures: for the console's first page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orm
from seldesk.models.control.access_grant import AccessGrant
from seldesk.models.control.act import Act
from seldesk.models.control.alert import Alert
from seldesk.models.control.copy import EXISTING
from seldesk.models.control.customer import Customer
from seldesk.models.control.figures import ClusterFigures, CustomerFigures, StoreFigures
from seldesk.models.control.incident import Incident
from seldesk.models.control.incident_delivery import IncidentDelivery
from seldesk.models.control.incident_report import IncidentReport
from seldesk.models.control.job import Job, Timetable
from seldesk.models.control.lease import Lease
from seldesk.models.control.outbox import INCIDENT, Outbox
from seldesk.models.control.restore import Restore
from seldesk.models.control.searching import STUCK
from seldesk.surroundings import surroundings

MOST = 100_000
WEEKS = 26
LATELY = timedelta(days=7)
UNFINISHED = ("new", "running")
# A job that should have been asked for so long ago: nothing with a schedule runs.
OVERDUE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Overdue:
    kind: str


async def figures() -> dict[str, Any]:
    """One statement."""
    now, figures = surroundings().now, CustomerFigures
    under_way = Lease.where(Lease.asked_at.is_not(None))
    restores = Restore.where(Restore.state == "waiting")
    unfinished = Job.where(Job.state.in_(UNFINISHED))
    own = Outbox.where(Outbox.state.in_(UNFINISHED), Outbox.due_at <= now)
    untold = Act.where(Act.told_at.is_(None), Act.at < now - STUCK).join(Customer, Customer.id == Act.customer_id)
    undelivered = IncidentDelivery.where(IncidentDelivery.state == "failed", IncidentDelivery.ended_at > now - LATELY)
    given_up = Outbox.where(Outbox.state == "dead", Outbox.finished_at > now - LATELY, Outbox.kind != INCIDENT)
    unwritten = IncidentReport.where(IncidentReport.written_at.is_(None))
    late = Timetable.where(Timetable.next_at < now - OVERDUE).order_by(Timetable.kind).limit(100)
    asked = AccessGrant.where(*AccessGrant.waiting_at(now)).join(Customer, Customer.id == AccessGrant.customer_id)
    return await orm.scalars(
        alerts=orm.capped(Alert.query(), MOST),
        operations=orm.capped(under_way, MOST),
        operations_since=under_way.column(orm.minimum(Lease.asked_at)),
        failing=orm.capped(under_way.where(Lease.error != ""), MOST),
        restores=orm.capped(restores, MOST),
        restores_since=restores.column(orm.minimum(Restore.asked_at)),
        jobs_failing=orm.capped(unfinished.where(Job.error.is_not(None)), MOST),
        jobs_dead=orm.capped(Job.where(Job.state == "dead", Job.finished_at > now - LATELY), MOST),
        own_waiting=orm.capped(own, MOST),
        own_since=own.column(orm.minimum(Outbox.due_at)),
        waiting=figures.query().column(orm.coalesce(orm.total(figures.waiting), 0)),
        waiting_since=figures.query().column(orm.minimum(figures.waiting_since)),
        given_up=figures.query().column(orm.coalesce(orm.total(figures.failed), 0)),
        unread=figures.query().column(orm.coalesce(orm.total(figures.unread), 0)),
        unreachable=orm.capped(figures.where(figures.error != ""), MOST),
        clusters_away=orm.capped(ClusterFigures.where(ClusterFigures.error != ""), MOST),
        clusters_full=orm.capped(ClusterFigures.where(ClusterFigures.needed > ClusterFigures.room), MOST),
        stores_away=orm.capped(StoreFigures.where(StoreFigures.error != ""), MOST),
        untold=orm.capped(untold.where(Customer.state.in_(EXISTING)), MOST),
        incidents=orm.capped(Incident.where(Incident.state == "open"), MOST),
        undelivered=orm.capped(undelivered, MOST),
        undelivered_of=undelivered.order_by(IncidentDelivery.id.desc()).limit(1).column(IncidentDelivery.incident_id),
        reports=orm.capped(unwritten, MOST),
        reports_warned=orm.capped(unwritten.where(IncidentReport.warn_at <= now), MOST),
        reports_due=unwritten.column(orm.minimum(IncidentReport.due_at)),
        grants=orm.capped(asked, MOST),
        grant_of=asked.column(orm.minimum(Customer.slug)),
        letters_given_up=orm.capped(given_up, MOST),
        measured_at=figures.query().column(orm.maximum(figures.measured_at)),
        late=late.as_list(Overdue, kind=Timetable.kind),
    )


async def begun(mondays: Sequence[datetime]) -> list[int]:
    """How many customers came in each of the weeks that begin then."""
    came = Customer.where(Customer.created_at >= mondays[0])
    return (await orm.histogram(came, Customer.created_at, mondays)).counts[1:]
