"""The console's first page: what needs attention, and how everything is."""

from collections import Counter
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
from seldesk.models.control.pulse import WEEKS
from seldesk.offer import Region
from seldesk.surroundings import surroundings

FEW = 5


@dataclass(frozen=True, slots=True)
class Pulse:
    """Counts of what stands or waits at this moment, and since when the oldest of it does. given_up and unread are
    mails of the last seven days; what is said of customers' mail was measured at measured_at. untold are acts that do
    not stand in their customer's audit after an hour. undelivered are mails and posts of incidents that failed this
    week, undelivered_of the newest of these incidents; reports are to be written, reports_warned of them soon, and
    the first of them on the day reports_due; grants wait for a second word, one of them at the customer grant_of;
    letters_given_up are other letters of the operator's own, of this week.
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


@dataclass(frozen=True, slots=True)
class Week:
    """So many customers came in the week that begins on this Monday."""

    monday: date
    customers: int


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """alerts are the oldest few; late those jobs that should have been asked for long ago."""

    frame: Frame
    pulse: Pulse
    ages: Ages
    shares: list[Share]
    regions: list[Region]
    weeks: list[Week]
    alerts: list[AlertRow]
    late: list[str]


@rpc.public("console", kinds=(rpc.Kind.STAFF,), realm="control", reads=True)
async def page(caller: Caller) -> OverviewPage:
    """All that the first page shows."""
    around = surroundings()
    this_week = (around.now - timedelta(days=around.now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    since = this_week - timedelta(weeks=WEEKS - 1)
    due = around.now - timedelta(minutes=15)
    return OverviewPage(
        frame(caller),
        Pulse(**await models.pulse.figures()),
        ages(await models.pulse.covered()),
        await models.capacity.by_region(Share),
        [*around.offer.regions.values()],
        weeks(since, await models.pulse.begun(since)),
        await models.overview.few_alerts(AlertRow, FEW) if caller.may("console.alerts") else [],
        [kind for kind, next_at in (await models.Timetable.told()).items() if next_at < due],
    )


def weeks(since: datetime, begun: list[datetime]) -> list[Week]:
    counted = Counter((moment - since).days // 7 for moment in begun)
    return [Week((since + timedelta(weeks=week)).date(), counted[week]) for week in range(WEEKS)]
