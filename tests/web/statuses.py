"""What the status page and the page of incidents show on the stage: one bad morning, and one long ago."""

import tempfile
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import rpc
from seldesk.methods.control.incident_reports import Concerning, Report, Said
from seldesk.methods.desk import reports
from seldesk.methods.desk.panels import Panel
from seldesk.methods.desk.reports import IncidentsPage
from seldesk.resources import folder
from seldesk.service import Service, Told, ToldUpdate
from seldesk.storage import Minutes
from seldesk.web.site.status import FEED, MINUTES, PAGE
from seldesk.web.site.status_page import StatusPages
from seldesk.web.static import Static
from tests.web.story import NOW, ago, id_of

METHODS: list[rpc.Method[..., Any]] = [reports.page, reports.ask, reports.read]
_kept: list[tempfile.TemporaryDirectory[str]] = []


def told(words: str = "") -> list[Told]:
    slow = words or "Mail arrives late"
    said = words or "Since nine in the morning mail arrives late. Nothing is lost.\n\nWe exchange a disk."
    return [
        Told(
            str(id_of("slow")),
            slow,
            "major",
            words or "Frankfurt",
            ["mail", "pages"],
            [
                ToldUpdate(str(id_of("slow-2")), "identified", said, ago(minutes=20)),
                ToldUpdate(str(id_of("slow-1")), "investigating", said, ago(hours=2)),
            ],
            ago(hours=2),
            None,
        ),
        Told(
            str(id_of("gone")),
            words or "Pages were slow",
            "minor",
            "",
            ["pages"],
            [ToldUpdate(str(id_of("gone-1")), "resolved", said, ago(days=20))],
            ago(days=20, hours=3),
            ago(days=20),
        ),
    ]


def measured(place: Path, days: int = 80) -> Minutes:
    minutes, today = Minutes(place / MINUTES), NOW.date()
    for component in ("pages", "mail"):
        for back in range(1, days):
            _day(minutes, component, today - timedelta(days=back), 30 if back % 31 == 0 else 3 if back % 17 == 0 else 0)
    return minutes


def _day(minutes: Minutes, component: str, day: date, bad: int) -> None:
    place = minutes.folder / component / f"{day:%Y-%m-%d}"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"+" * (1440 - bad) + b"-" * bad)


@cache
def written() -> Path:
    """The folder that the stage's web edge serves the status page from; it goes with the process."""
    _kept.append(tempfile.TemporaryDirectory(prefix="status-"))
    place = Path(_kept[-1].name)
    static = Static(folder("static"), development=True).address
    # Without a host: the port of the stage is another one each time.
    pages = StatusPages(folder("templates"), static, "")
    (place / PAGE).write_text(pages.page(told(), measured(place), Service.load(), NOW))
    (place / FEED).write_text(pages.feed(told(), NOW))
    return place


def _concerning(
    at: int, title: str, state: str = "resolved", *, asked: bool = False, given: bool = False
) -> Concerning:
    over = None if state == "open" else ago(days=at)
    report, due = (id_of(f"r{at}"), ago(days=at - 9)) if asked or given else (None, None)
    began, done = ago(days=at, hours=3), ago(days=1) if given else None
    return Concerning(id_of(f"i{at}"), title, "major", state, began, over, report, due, done)


def page(panel: Panel, words: str = "", number: int = 1) -> IncidentsPage:
    usual = [
        _concerning(0, words or "Mail arrives late", "open"),
        _concerning(20, words or "Pages were slow", asked=True),
        _concerning(40, words or "Nobody could sign in", given=True),
    ]
    return IncidentsPage(panel, [*usual, *(_concerning(50 + at, f"{words} {at}") for at in range(number))])


def empty(panel: Panel) -> IncidentsPage:
    return IncidentsPage(panel, [])


def answers(panel: Panel, words: str = "") -> dict[str, Any]:
    said = words or "A disk was full."
    report = Report(
        words or "Mail arrives late",
        "major",
        "",
        [words or "Mail"],
        ago(days=2),
        ago(days=1),
        words or "Acme Support",
        words or "acme.localhost",
        0,
        said,
        [Said("resolved", said, ago(days=1))],
        ago(days=1),
        NOW,
    )
    return {"reports.page": page(panel, words), "reports.ask": None, "reports.read": report}
