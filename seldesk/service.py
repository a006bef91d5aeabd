"""What is told in public of the service, and when its people work. Read once, at the start."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from seldesk.layers import SettingsError
from seldesk.resources import folder

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the service that people notice."""

    code: str
    name: str
    says: str


@dataclass(frozen=True, slots=True)
class ToldUpdate:
    id: str
    state: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """An incident as everybody may read it; place is a city, "" for everywhere. updates are the newest first."""

    id: str
    title: str
    severity: str
    place: str
    components: list[str]
    updates: list[ToldUpdate]
    began_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Service:
    """holidays are days of a year, as "12-25", and single days."""

    components: Mapping[str, Component]
    every_year: frozenset[str]
    once: frozenset[date]

    @staticmethod
    def load(place: Path | None = None) -> "Service":
        """SettingsError for a file that cannot be used."""
        return _read_service(place or folder("config"))

    def works(self, day: date) -> bool:
        return day.weekday() < SATURDAY and f"{day:%m-%d}" not in self.every_year and day not in self.once

    def working_day(self, after: date, number: int) -> date:
        """The so-manieth working day after that day, which does not count itself."""
        day = after
        while number:
            day += ONE_DAY
            number -= self.works(day)
        return day


@cache  # The file is the program's own and stays as it is while it runs.
def _read_service(place: Path) -> Service:
    try:
        told = tomllib.loads((place / "service.toml").read_text(encoding="utf-8"))
        components = {code: Component(code, **table) for code, table in told["components"].items()}
        return Service(components, *_holidays(told["holidays"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"service.toml cannot be used: {error}.") from None


def _holidays(told: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[date]]:
    every_year = frozenset(told["every_year"])
    for one in every_year:
        date.fromisoformat(f"2028-{one}")  # a leap year
    return every_year, frozenset(date.fromisoformat(one) for one in told["once"])
