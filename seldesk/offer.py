"""What customers may choose: plans, countries, and the regions that follow from them. Read once, at the start."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from seldesk.layers import SettingsError
from seldesk.resources import folder

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """price_cents for each agent and month; 0 agents are any number; 0 trial_days are without an end."""

    code: str
    name: str
    paid: bool
    price_cents: int
    agents: int
    storage_bytes: int
    trial_days: int
    recovery_hours: int


@dataclass(frozen=True, slots=True)
class DataCentre:
    code: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Region:
    """An ordered pair of data centres under one jurisdiction: customers live in the first.

    sign_up is the page where one signs up for it, when another installation keeps its customers.
    """

    code: str
    name: str
    jurisdiction: str
    data_centres: tuple[DataCentre, DataCentre]
    sign_up: str = ""


@dataclass(frozen=True, slots=True)
class Country:
    """region is the code of the one that its customers are placed in, unless they ask for another one."""

    code: str
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class Offer:
    """here is the code of the one region whose customers are kept here; on one machine, "": those of all are."""

    plans: Mapping[str, Plan]
    countries: Mapping[str, Country]
    regions: Mapping[str, Region]
    here: str = ""

    @staticmethod
    def load(place: Path | None = None) -> "Offer":
        """SettingsError for files that do not fit together."""
        return _read_offer(place or folder("config"))

    def region_of(self, country: str, wanted: str = "") -> Region | None:
        """The region that was asked for, else the one of the country; None for what is not on offer."""
        if country not in self.countries:
            return None
        return self.regions.get(wanted or self.countries[country].region)

    def instead_of(self, region: Region) -> Region | None:
        """The one whose customers are kept here, where it is another one."""
        return self.regions[self.here] if self.here not in ("", region.code) else None

    def region_with(self, data_centre: str) -> Region | None:
        """The region that a data centre belongs to."""
        return next((one for one in self.regions.values() if data_centre in _codes(one)), None)

    @property
    def data_centres(self) -> frozenset[str]:
        return frozenset(code for region in self.regions.values() for code in _codes(region))


def _codes(region: Region) -> tuple[str, ...]:
    return tuple(centre.code for centre in region.data_centres)


@cache  # The files are the program's own and stay as they are while it runs.
def _read_offer(place: Path) -> Offer:
    told = _read(place / "data_centres.toml")
    centres = {code: _made(DataCentre, code, table) for code, table in told.get("data_centres", {}).items()}
    countries = {code: _made(Country, code, table) for code, table in _read(place / "countries.toml").items()}
    regions = {code: _region(code, table, centres, countries) for code, table in told.get("regions", {}).items()}
    for country in countries.values():
        if country.region not in regions:
            raise SettingsError(f"{country.code} in countries.toml: there is no region {country.region}.")
    plans = {code: _made(Plan, code, table) for code, table in _read(place / "plans.toml").items()}
    return Offer(plans, countries, regions)


def _region(
    code: str, table: Mapping[str, Any], centres: Mapping[str, DataCentre], countries: Mapping[str, Country]
) -> Region:
    named = table.get("data_centres", [])
    if len(named) != 2 or len(set(named)) != 2 or not set(named) <= centres.keys():
        raise SettingsError(f"{code} in data_centres.toml: a region is a pair of data centres that stand below it.")
    for each in named:
        lies_in = countries.get(centres[each].country)
        if lies_in is None or lies_in.region != code:
            raise SettingsError(f"{each} in data_centres.toml: it lies in a country that is not of the region {code}.")
    pair = [msgspec.to_builtins(centres[each]) for each in named]
    return _made(Region, code, {**table, "data_centres": pair})


def _made(shape: type[T], code: str, table: Mapping[str, Any]) -> T:
    try:
        return msgspec.convert({**table, "code": code}, shape)
    except (msgspec.ValidationError, TypeError) as error:
        raise SettingsError(f"{code} in the configuration: {error}.") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"The configuration file {path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise SettingsError(f"The configuration file {path} is not valid TOML: {error}.") from None
