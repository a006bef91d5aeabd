"""How the status page and its feed look: a text of what is told and what was measured. It has no script, and no reader
in particular, so that it can be a file.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from seldesk.service import Component, Service, Told
from seldesk.storage import Measured, Minutes

DAYS, MONTHS, YEARS = 90, 12, 2
ONE_DAY = timedelta(days=1)
PROMISED = 0.999
# Of a day that was measured whole, a quarter of an hour.
MUCH = 15
STEPS = {
    "investigating": "Looking into it",
    "identified": "Cause known",
    "watching": "Mended, being watched",
    "resolved": "Over",
}
# What a component is while such an incident is under way: in words, and as a class.
STATES = {"": ("Works", "good"), "minor": ("Slowed down", "some")}
STATES |= {"major": ("Partly out", "much"), "critical": ("Out", "much")}
SEVERITIES = {"minor": "Minor", "major": "Major", "critical": "Critical"}
SILENT = ("Does not answer", "much")
RANK = ("", "minor", "major", "critical")
# What XML cannot hold.
_CONTROLS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Cell:
    """kind is good, some, much, or none for a day that nobody measured."""

    day: date
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Strip:
    """known: there is something to show, be it measured or told."""

    component: Component
    words: str
    kind: str
    cells: list[Cell]
    share: str
    summary: str
    known: bool


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a year. kept: 99.9 % or more."""

    name: str
    share: str
    down: str
    kept: bool


def policy(framed_by: str) -> str:
    """What a browser may do with the page; framed_by says whose frames may show it."""
    return (
        f"default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors {framed_by}"
    )


class StatusPages:
    """static is the address below which static files lie, site the public one."""

    def __init__(self, templates: Path, static: str, site: str) -> None:
        self._made, self._known = _environment(templates), {"static": static, "site": site}

    def page(self, told: Sequence[Told], minutes: Minutes, service: Service, now: datetime) -> str:
        open_ones = [one for one in told if one.resolved_at is None]
        strips = [_strip(one, told, minutes, now) for one in service.components.values()]
        worst = max((one.kind for one in strips), key=("good", "some", "much").index, default="good")
        measured = minutes.components()
        return self._made.get_template("site/status/page.html").render(
            **self._known,
            now=now,
            open=open_ones,
            past=[one for one in told if one.resolved_at is not None],
            strips=strips,
            worst="some" if open_ones and worst == "good" else worst,
            months=list(_months(minutes, measured, now.date())),
            years=list(_years(minutes, measured, now.date())),
            names={one.code: one.name for one in service.components.values()},
        )

    def feed(self, told: Sequence[Told], now: datetime) -> str:
        """Each update is an entry of its own: who follows it is told of the end too."""
        entries = [(one, update) for one in told for update in one.updates]
        newest = sorted(entries, key=lambda each: each[1].at, reverse=True)[:100]
        text = self._made.get_template("site/status/feed.xml").render(**self._known, now=now, entries=newest)
        return _CONTROLS.sub("", text)


def _strip(component: Component, told: Sequence[Told], minutes: Minutes, now: datetime) -> Strip:
    concerning = [one for one in told if component.code in one.components]
    days = [now.date() - ONE_DAY * ago for ago in reversed(range(DAYS))]
    measured = {day: minutes.measured(day, component.code) for day in days}
    cells = [_cell(day, measured[day], _titles(concerning, day)) for day in days]
    worst = max((one.severity for one in concerning if one.resolved_at is None), key=RANK.index, default="")
    words, kind = STATES[worst]
    if _silent(minutes, component.code, now) and kind != "much":
        words, kind = SILENT
    whole = sum(measured.values(), Measured())
    bad = [one for one in cells if one.kind in ("some", "much")]
    said = f"{len(cells)} days: {len(bad) or 'none'} with trouble"
    if bad:
        said += "; " + "; ".join(one.words for one in bad[-10:])
    known = any(one.kind != "none" for one in cells)
    return Strip(component, words, kind, cells, _percent(whole), said, known)


def _cell(day: date, measured: Measured, titles: Sequence[str]) -> Cell:
    said = [f"{_minutes(measured.bad)} down"] if measured.bad else []
    said += titles
    if measured.share is None and not titles:
        return Cell(day, "none", f"{day_words(day)}: not measured")
    kind = "much" if measured.bad >= MUCH else "some" if said else "good"
    return Cell(day, kind, f"{day_words(day)}: {', '.join(said) or 'no trouble'}")


def _titles(told: Iterable[Told], day: date) -> list[str]:
    return [
        one.title
        for one in told
        if one.began_at.date() <= day and (one.resolved_at is None or one.resolved_at.date() >= day)
    ]


def _silent(minutes: Minutes, component: str, now: datetime) -> bool:
    """The last two minutes that were measured, of the last ten, were bad."""
    found = minutes.day(component, now.date())[: now.hour * 60 + now.minute + 1][-10:].replace(b"\0", b"")
    return found.endswith(b"--")


def _months(minutes: Minutes, components: Sequence[str], today: date) -> Iterable[Period]:
    first = today.replace(day=1)
    for _ in range(MONTHS):
        following = (first + ONE_DAY * 31).replace(day=1)
        measured = _between(minutes, components, first, min(following, today + ONE_DAY))
        if measured.share is not None:
            yield _period(f"{first:%B %Y}", measured)
        first = (first - ONE_DAY).replace(day=1)


def _years(minutes: Minutes, components: Sequence[str], today: date) -> Iterable[Period]:
    for year in range(today.year, today.year - YEARS, -1):
        end = min(date(year + 1, 1, 1), today + ONE_DAY)
        measured = _between(minutes, components, date(year, 1, 1), end)
        if measured.share is not None:
            yield _period(str(year), measured)


def _between(minutes: Minutes, components: Sequence[str], first: date, end: date) -> Measured:
    """The service as a whole: a minute is bad when anything that is measured was."""
    days = (first + ONE_DAY * one for one in range((end - first).days))
    return sum((minutes.measured(day, *components) for day in days), Measured())


def _period(name: str, measured: Measured) -> Period:
    kept = measured.share is not None and measured.share >= PROMISED
    return Period(name, _percent(measured), _minutes(measured.bad), kept)


def _percent(measured: Measured) -> str:
    """Never rounded up: 100 % is said when not one minute was bad."""
    if measured.share is None:
        return ""
    hundredths = measured.good * 100_000 // (measured.good + measured.bad)
    return "100 %" if not measured.bad else f"{hundredths / 1000:.3f} %"


def _minutes(number: int) -> str:
    hours, rest = divmod(number, 60)
    return (f"{hours} h " if hours else "") + f"{rest} min"


def day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def moment_words(moment: datetime) -> str:
    return f"{day_words(moment.astimezone(UTC).date())}, {moment.astimezone(UTC):%H:%M} UTC"


@cache
def _environment(templates: Path) -> Environment:
    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words: Mapping[str, object] = {"STEPS": STEPS, "SEVERITIES": SEVERITIES, "PROMISED": "99.9 %"}
    made.globals.update(words)
    made.filters.update(day=day_words, moment=moment_words)
    return made
