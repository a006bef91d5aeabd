"""The first page: what needs attention, then how everything is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from seldesk.methods.console import ops_overview
from seldesk.methods.console.ops_backups import Ages
from seldesk.methods.console.ops_overview import OverviewPage, Week
from seldesk.web.console import charts
from seldesk.web.console.charts import Columns
from seldesk.web.console_words import SECTIONS
from seldesk.web.credential import call_of
from seldesk.web.render import page
from seldesk.web.visit import visit_of

Look = Literal["urgent", "waiting", "new"]
SOON: Mapping[Look, str] = {"urgent": "Now", "waiting": "Soon", "new": "In time"}
# Below every so many weeks one is named.
NAMED = 6
# An operation or a mail that waits for so long stands still.
STILL, STUCK = timedelta(minutes=30), timedelta(hours=1)


Found = tuple[int, str, str, str, str, Look]
_CUSTOMER, _STORE, _CLUSTER = ("customer", "customers"), ("store", "stores"), ("cluster", "clusters")
_OPERATION, _JOB, _MAIL = ("operation", "operations"), ("job", "jobs"), ("mail", "mails")


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that somebody must look at, and where. look is a chip's colour, and says how soon."""

    words: str
    address: str
    permission: str
    look: Look


async def overview(request: Request) -> Response:
    shown = await call_of(request)(ops_overview.page)
    matters = [one for one in attention(shown, visit_of(request).now) if one.permission in shown.frame.may]
    return page(
        request,
        "console/overview.html",
        frame=shown.frame,
        shown=shown,
        matters=sorted(matters, key=lambda one: [*SOON].index(one.look)),
        soon=SOON,
        ages=picture_of_ages(shown.ages),
        growth=_growth(shown.weeks),
        shares=_shares(shown),
    )


def attention(shown: OverviewPage, now: datetime) -> Iterator[Matter]:
    """What is wrong or waits for somebody, in this order."""
    for found in (_service, _told, _work):
        for count, one, many, rest, address, look in found(shown):
            if count:
                words = f"{count:,} {one if count == 1 else many} {rest}"
                yield Matter(words, address, _permission(address), look)
    yield from _still(shown, now)


def _service(shown: OverviewPage) -> Iterable[Found]:
    """What customers have lost, or soon will."""
    pulse, ages = shown.pulse, shown.ages
    away = "away: no copy counts until it is back"
    short = "with fewer connections than all processes may need"
    return (
        (ages.over_promised, *_CUSTOMER, _late(ages.promised), "/customers?health=uncovered", "urgent"),
        (pulse.stores_away, *_STORE, away, "/clusters", "urgent"),
        (pulse.clusters_away, *_CLUSTER, "away", "/clusters", "urgent"),
        (pulse.unreachable, *_CUSTOMER, "whose database did not answer", "/customers?health=unreachable", "urgent"),
        (ages.over_warned - ages.over_promised, *_CUSTOMER, _late(ages.warned), "/backups", "waiting"),
        (pulse.failing, *_OPERATION, "failing, and tried again", "/customers?health=failing", "waiting"),
        (pulse.clusters_full, *_CLUSTER, short, "/clusters", "waiting"),
        (pulse.alerts, "alert", "alerts", "standing", "/alerts", "urgent"),
    )


def _told(shown: OverviewPage) -> Iterable[Found]:
    """What somebody outside waits for."""
    pulse = shown.pulse
    due = f"to be written, the first by {pulse.reports_due:%-d %B}" if pulse.reports_due else ""
    failed = f"/incidents/{pulse.undelivered_of}?state=failed"
    asked = ("request to come into an account", "requests to come into an account")
    return (
        (pulse.grants, *asked, "that a second of us must approve", f"/customers/{pulse.grant_of}/access", "urgent"),
        (pulse.incidents, "incident", "incidents", "not said to be over", "/incidents?state=open", "waiting"),
        (pulse.undelivered, "message", "messages", "of incidents failed this week", failed, "waiting"),
        (pulse.reports, "report", "reports", due, "/reports", "waiting" if pulse.reports_warned else "new"),
        (pulse.untold, "act", "acts", "of ours not in the customer's audit after an hour", "/jobs", "waiting"),
    )


def _work(shown: OverviewPage) -> Iterable[Found]:
    """What does not go on by itself."""
    pulse = shown.pulse
    return (
        (pulse.jobs_failing, *_JOB, "failing, and tried again", "/jobs?failed=true", "waiting"),
        (pulse.jobs_dead, *_JOB, "given up this week", "/jobs?failed=true", "waiting"),
        (len(pulse.late), *_JOB, f"overdue: {', '.join(one.kind for one in pulse.late[:5])}", "/jobs", "urgent"),
        (pulse.given_up, *_MAIL, "of customers given up this week", "/mail", "waiting"),
        (pulse.unread, *_MAIL, "that came in and could not be read this week", "/mail", "waiting"),
        (pulse.letters_given_up, "letter", "letters", "of ours given up this week", "/mail", "waiting"),
    )


def _late(hours: int) -> str:
    return f"without a good copy for {hours} hours"


def _still(shown: OverviewPage, now: datetime) -> Iterator[Matter]:
    pulse = shown.pulse
    if pulse.operations_since and now - pulse.operations_since > STILL:
        words = "An operation waits or runs for more than half an hour: does the provisioner run?"
        yield Matter(words, "/customers", "console.customers", "waiting")
    for since, whose in ((pulse.waiting_since, "customers"), (pulse.own_since, "the operator")):
        if since and now - since > STUCK:
            yield Matter(f"Mail of {whose} waits for more than an hour", "/mail", "console.mail", "waiting")


def _permission(address: str) -> str:
    """What one needs to see the section that it leads to."""
    return SECTIONS["/" + address.split("/")[1].partition("?")[0]][1]


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
