"""Where customers live: a region is a pair of data centres, and the first holds their databases."""

import tomllib
from functools import cache
from typing import Any

from seldesk.resources import folder


def of_country(code: str) -> str:
    """The region that a country's customers are placed in; "" for a country that there is not."""
    return str(_read("countries.toml").get(code, ""))


def pair(region: str) -> tuple[str, ...]:
    """Its data centres, first the one where customers live; none for a region that there is not."""
    return tuple(_read("data_centres.toml")["regions"].get(region, {"data_centres": ()})["data_centres"])


def of_data_centre(code: str) -> str:
    """The region that it belongs to, "" where there is none."""
    return next(
        (name for name, told in _read("data_centres.toml")["regions"].items() if code in told["data_centres"]), ""
    )


def data_centres() -> frozenset[str]:
    return frozenset(_read("data_centres.toml")["data_centres"])


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((folder("config") / name).read_text(encoding="utf-8"))
