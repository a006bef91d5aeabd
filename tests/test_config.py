import re
import tomllib
from typing import Any, get_args

import pytest
from babel import Locale

from seldesk.methods.control.customers import Plan
from seldesk.resources import folder
from seldesk.settings import Settings

# Regions that babel names and ISO 3166-1 does not.
NOT_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((folder("config") / name).read_text())


def test_every_country_has_a_region() -> None:
    known = {str(code) for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", str(code))} - NOT_ISO
    countries = read("countries.toml")
    assert set(countries) == known
    assert {country["region"] for country in countries.values()} <= set(read("data_centres.toml")["regions"])


def test_a_region_is_a_pair_of_data_centres() -> None:
    told = read("data_centres.toml")
    for region in told["regions"].values():
        assert len(set(region["data_centres"])) == 2
        assert set(region["data_centres"]) <= set(told["data_centres"])


def test_data_centres_lie_in_countries_of_their_own_region() -> None:
    told, countries = read("data_centres.toml"), read("countries.toml")
    for name, region in told["regions"].items():
        lie_in = {told["data_centres"][place]["country"] for place in region["data_centres"]}
        assert {countries[country]["region"] for country in lie_in} == {name}


def test_the_plans_are_those_that_customers_can_have() -> None:
    plans = read("plans.toml")
    assert set(plans) == set(get_args(Plan))
    assert len({frozenset(plan) for plan in plans.values()}) == 1
    for plan in plans.values():
        assert plan["recovery_hours"] == (12 if plan["paid"] else 90)


@pytest.mark.parametrize("name", ["defaults.toml", "plans.toml", "data_centres.toml", "deployment/seldesk.toml"])
def test_no_file_holds_a_secret(name: str) -> None:
    def values(table: dict[str, Any]) -> list[tuple[str, Any]]:
        return [
            pair
            for key, value in table.items()
            for pair in (values(value) if isinstance(value, dict) else [(key, value)])
        ]

    secret = {"password", "connection", "provisioner", "content", "signing"}
    assert [key for key, value in values(read(name)) if key in secret and value] == []


def test_every_setting_has_its_line() -> None:
    lines = (folder("config") / "defaults.toml").read_text().splitlines()
    settings = [line for line in lines if "=" in line and not line.startswith("#")]
    assert settings
    assert [line for line in settings if "  # " not in line] == []


def test_the_example_for_deployment_is_sound() -> None:
    settings = Settings.load(folder("config") / "deployment/seldesk.toml", {})
    assert not settings.development
