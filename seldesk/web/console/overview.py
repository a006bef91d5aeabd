"""The first page: what needs attention, then how everything is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from seldesk.methods.console import ops_overview
from seldesk.methods.console.ops_backups import Ages
from seldesk.methods.console.ops_overview import OverviewPage, Week
from seldesk.web.console import charts
from seldesk.web.console.charts import Columns
from seldesk.web.credential import call_of
from seldesk.web.render import page
from seldesk.web.visit import visit_of

# Below every so many weeks one is named.
NAMED = 6
# An operation or a mail that waits for so long stands still.
STILL, STUCK = timedelta(minutes=30), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that somebody must look at, and where. look is a chip's colour."""

    words: str
    address: str
    permission: str
    look: str


async def overview(request: Request) -> Response:
    shown = await call_of(request)(ops_overview.page)
    matters = [one for one in attention(shown, visit_of(request).now) if one.permission in shown.frame.may]
    return page(
        request,
        "console/overview.html",
        frame=shown.frame,
        shown=shown,
        matters=sorted(matters, key=lambda one: one.look != "urgent"),
        ages=picture_of_ages(shown.ages),
        growth=_growth(shown.weeks),
        shares=_shares(shown),
    )


def attention(shown: OverviewPage, now: datetime) -> Iterator[Matter]:
    """What is wrong, in this order."""
    pulse, ages = shown.pulse, shown.ages
    found = (
        (ages.over_promised, "without a good copy for {0.promised} hours", "/customers?health=uncovered", "urgent"),
        (pulse.stores_away, "away: no copy counts until it is back", "/clusters", "urgent"),
        (pulse.clusters_away, "away", "/clusters", "urgent"),
        (pulse.unreachable, "whose database did not answer", "/customers?health=unreachable", "urgent"),
        (ages.over_warned - ages.over_promised, "without a good copy for {0.warned} hours", "/backups", "waiting"),
        (pulse.failing, "failing, and tried again", "/customers?health=failing", "waiting"),
        (pulse.clusters_full, "with fewer connections than all processes may need", "/clusters", "waiting"),
        (pulse.alerts, "standing", "/alerts", "urgent"),
        (pulse.jobs_failing, "failing, and tried again", "/jobs?failed=true", "waiting"),
        (pulse.jobs_dead, "given up this week", "/jobs?failed=true", "waiting"),
        (len(shown.late), f"overdue: {', '.join(shown.late[:5])}", "/jobs", "urgent"),
        (pulse.given_up, "of customers given up this week", "/mail", "waiting"),
        (pulse.unread, "that came in and could not be read this week", "/mail", "waiting"),
    )
    for (count, rest, address, look), (one, many) in zip(found, _NAMES, strict=True):
        if count:
            words = f"{count:,} {one if count == 1 else many} {rest.format(ages)}"
            yield Matter(words, address, _permission(address), look)
    if pulse.operations_since and now - pulse.operations_since > STILL:
        words = "An operation waits or runs for more than half an hour: does the provisioner run?"
        yield Matter(words, "/customers", "console.customers", "waiting")
    for since, whose in ((pulse.waiting_since, "customers"), (pulse.own_since, "the operator")):
        if since and now - since > STUCK:
            yield Matter(f"Mail of {whose} waits for more than an hour", "/mail", "console.mail", "waiting")


_CUSTOMER, _OPERATION, _JOB, _MAIL = (
    ("customer", "customers"),
    ("operation", "operations"),
    ("job", "jobs"),
    ("mail", "mails"),
)
_STORE, _CLUSTER, _ALERT = ("store", "stores"), ("cluster", "clusters"), ("alert", "alerts")
_NAMES = (
    _CUSTOMER,
    _STORE,
    _CLUSTER,
    _CUSTOMER,
    _CUSTOMER,
    _OPERATION,
    _CLUSTER,
    _ALERT,
    _JOB,
    _JOB,
    _JOB,
    _MAIL,
    _MAIL,
)


def _permission(address: str) -> str:
    return f"console.{address.partition('?')[0].strip('/').replace('-', '_')}"


def picture_of_ages(ages: Ages) -> Columns:
    """How many customers have a newest copy of which age."""
    figures, before = [], 0
    for bar in ages.bars:
        ends = bar.hours or ages.promised + 1
        look = "late" if ends > ages.promised else "warned" if ends > ages.warned else "good"
        words = f"{before} to {bar.hours} hours" if bar.hours else f"{before} hours and more"
        figures.append((words, bar.customers, f"{bar.hours} h" if bar.hours else "older", look))
        before = bar.hours or before
    says = (
        f"{ages.customers} customers by the age of their newest good copy: {ages.over_warned} over {ages.warned} "
        f"hours, of these {ages.over_promised} over the promised {ages.promised}"
    )
    return charts.columns(figures, says)


def _growth(weeks: list[Week]) -> Columns:
    figures = [
        (f"Week of {one.monday:%Y-%m-%d}", one.customers, "" if at % NAMED else f"{one.monday.day} {one.monday:%b}", "")
        for at, one in enumerate(weeks)
    ]
    return charts.columns(
        figures, f"{sum(one.customers for one in weeks)} new customers in {len(weeks)} weeks, by week"
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A region with how many of its customers are in which state; bar is its part of all, in hundredths."""

    name: str
    customers: int
    states: dict[str, int]
    bar: int


def _shares(shown: OverviewPage) -> list[Place]:
    names = {region.code: region.name for region in shown.regions}
    by_region: dict[str, dict[str, int]] = {}
    for one in shown.shares:
        by_region.setdefault(one.region, {})[one.state] = one.customers
    most = max((sum(states.values()) for states in by_region.values()), default=0)
    return [
        Place(
            names.get(code, code or "No region"), sum(states.values()), states, charts.share(sum(states.values()), most)
        )
        for code, states in sorted(by_region.items())
    ]
