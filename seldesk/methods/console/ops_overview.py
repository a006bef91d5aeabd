"""The console's first page: what needs attention, and how everything is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.methods.console.ops_backups import Ages, ages
from seldesk.methods.console.ops_clusters import Share
from seldesk.methods.control.alerts import AlertRow
from seldesk.models import control as models
from seldesk.models.control.pulse import WEEKS, Overdue
from seldesk.models.control.searching import Health
from seldesk.offer import Region
from seldesk.surroundings import surroundings

FEW, WORST = 5, 8


@dataclass(frozen=True, slots=True)
class Pulse:
    """Counts of what stands or waits at this moment, and since when the oldest of it does. given_up and unread are
    mails of the last seven days; what is said of customers' mail was measured at measured_at. untold are acts that do
    not stand in their customer's audit after an hour. undelivered are mails and posts of incidents that failed this
    week, undelivered_of the newest of these incidents; reports are to be written, reports_warned of them soon, and
    the first of them on the day reports_due; grants wait for a second word, one of them at the customer grant_of;
    letters_given_up are other letters of the operator's own, of this week; late those jobs that should have been asked
    for long ago.
    """

    alerts: int
    operations: int
    operations_since: datetime | None
    failing: int
    restores: int
    restores_since: datetime | None
    jobs_failing: int
    jobs_dead: int
    own_waiting: int
    own_since: datetime | None
    waiting: int
    waiting_since: datetime | None
    given_up: int
    unread: int
    unreachable: int
    clusters_away: int
    clusters_full: int
    stores_away: int
    untold: int
    incidents: int
    undelivered: int
    undelivered_of: UUID | None
    reports: int
    reports_warned: int
    reports_due: datetime | None
    grants: int
    grant_of: str | None
    letters_given_up: int
    measured_at: datetime | None
    late: list[Overdue]


@dataclass(frozen=True, slots=True)
class InTrouble:
    """A customer with whom somebody must do something. since is of when its newest good copy is or, without one, since
    when there should be one; error what went wrong with it last, when it was asked or something was done with it.
    """

    slug: str
    name: str
    plan: str
    health: Health
    since: datetime
    operation: str
    error: str
    asked: str


@dataclass(frozen=True, slots=True)
class Week:
    """So many customers came in the week that begins on this Monday."""

    monday: date
    customers: int


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """troubled are the worst few of those customers with whom something is wrong that does not mend itself; alerts are
    the oldest few.
    """

    frame: Frame
    pulse: Pulse
    ages: Ages
    shares: list[Share]
    regions: list[Region]
    weeks: list[Week]
    troubled: list[InTrouble]
    alerts: list[AlertRow]


@rpc.public("console", kinds=(rpc.Kind.STAFF,), realm="control", reads=True)
async def page(caller: Caller) -> OverviewPage:
    """All that the first page shows."""
    around = surroundings()
    this_week = (around.now - timedelta(days=around.now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    mondays = [this_week - timedelta(weeks=weeks) for weeks in reversed(range(WEEKS))]
    begun = await models.pulse.begun(mondays)
    return OverviewPage(
        frame(caller),
        Pulse(**await models.pulse.figures()),
        await ages(),
        await models.capacity.by_region(Share),
        [*around.offer.regions.values()],
        [Week(monday.date(), customers) for monday, customers in zip(mondays, begun, strict=True)],
        await models.searching.troubled(InTrouble, WORST) if caller.may("console.customers") else [],
        await models.overview.few_alerts(AlertRow, FEW) if caller.may("console.alerts") else [],
    )
