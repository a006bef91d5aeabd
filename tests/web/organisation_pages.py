"""The organisations of Acme's requesters, as Bo sees them."""

from dataclasses import replace
from typing import Any

import rpc
from seldesk.methods.desk import organisations
from seldesk.methods.desk.contacts import OrganisationName
from seldesk.methods.desk.organisations import (
    Domain,
    Organisation,
    OrganisationPage,
    Organisations,
    OrganisationsPage,
)
from seldesk.methods.desk.panels import Panel
from seldesk.methods.desk.shapes.people import Party
from tests.web.story import agents, id_of

PAGES = {"organisations": "/settings/organisations", "organisation": f"/settings/organisations/{id_of('m1')}"}
METHODS: list[rpc.Method[..., Any]] = [
    organisations.page,
    organisations.read,
    organisations.create,
    organisations.update,
    organisations.delete,
]


def _organisations(name: str = "") -> list[Organisation]:
    if name:
        return [Organisation(id_of("bad"), name, True, 1000, [Domain(name)])]
    domains = [Domain("haddad-logistics.example"), Domain("haddad.example")]
    return [
        Organisation(id_of("haddad"), "Haddad Logistics", True, 212, domains),
        Organisation(id_of("mueller"), "Müller & Sons", False, 3, []),
    ]


def names(name: str = "") -> list[OrganisationName]:
    return [OrganisationName(one.id, one.name) for one in _organisations(name)]


def answers(panel: Panel) -> dict[str, Any]:
    return {
        "organisations.page": OrganisationsPage(panel, Organisations(_organisations(), "next", None)),
        "organisations.read": OrganisationPage(panel, _organisations()[0], agents()),
        "organisations.create": id_of("haddad"),
        "organisations.update": None,
        "organisations.delete": None,
    }


def empty(panel: Panel) -> dict[str, Any]:
    return {
        "organisations.page": OrganisationsPage(panel, Organisations([], None, None)),
        "organisations.read": OrganisationPage(panel, _organisations()[1], []),
    }


def full(panel: Panel, long: str, crowd: list[Party]) -> dict[str, Any]:
    domains = [Domain(f"{long.lower()[:60]}{at}.example") for at in range(20)]
    several = [
        Organisation(id_of(f"o{at}"), f"{long} {at}", at % 2 == 0, 10**6 + at, domains[: at % 5]) for at in range(50)
    ]
    return {
        "organisations.page": OrganisationsPage(panel, Organisations(several, "next", "previous")),
        "organisations.read": OrganisationPage(panel, replace(several[0], domains=domains), crowd),
    }


def hostile(panel: Panel, bad: str) -> dict[str, Any]:
    return {
        "organisations.page": OrganisationsPage(panel, Organisations(_organisations(bad), bad, bad)),
        "organisations.read": OrganisationPage(panel, _organisations(bad)[0], [Party(id_of("bad"), bad, bad)]),
    }
