"""Time zones by their IANA names, the one that most people of a country live in, and when a day is there."""

import tomllib
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from seldesk.resources import folder

UTC = "UTC"
_FIRST = date(1, 1, 2)
REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def known() -> frozenset[str]:
    """Every name that may be chosen. Old spellings of places are among them: browsers still send some."""
    named = (name for name in available_timezones() if name.partition("/")[0] in (*REGIONS, "Etc"))
    return frozenset(named) | {UTC}


@cache
def by_region() -> dict[str, list[str]]:
    """The names of places, to choose from."""
    return {region: sorted(name for name in known() if name.startswith(f"{region}/")) for region in REGIONS}


def zone(name: str) -> ZoneInfo:
    """The zone of this name. A name that is known no longer, or never was, means UTC."""
    return ZoneInfo(name if name in known() else UTC)


def begins(day: date, name: str) -> datetime:
    """In UTC, also where a clock change leaves out the first hour of the day or repeats it."""
    # The very first day of the calendar begins before it, seen from the east.
    return datetime.combine(max(day, _FIRST), time(tzinfo=zone(name))).astimezone(zone(UTC))


def ends(day: date, name: str) -> datetime:
    """When the next one begins. After the last day of the calendar none does."""
    return begins(day + timedelta(days=1), name) if day < date.max else datetime.max.replace(tzinfo=zone(UTC))


def of_country(code: str) -> str:
    """The default for a customer from there."""
    return _by_country().get(code, UTC)


@cache
def _by_country() -> dict[str, str]:
    return tomllib.loads((folder("config") / "zones.toml").read_text())
