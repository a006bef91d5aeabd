"""Time zones by their IANA names, and the one that most people of a country live in."""

import tomllib
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from seldesk.resources import folder

UTC = "UTC"
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


def of_country(code: str) -> str:
    """The default for a customer from there."""
    return _by_country().get(code, UTC)


@cache
def _by_country() -> dict[str, str]:
    return tomllib.loads((folder("config") / "zones.toml").read_text())
