"""The roles of Acme, as Bo sees them."""

from dataclasses import replace
from typing import Any

import rpc
from seldesk.methods.desk import roles
from seldesk.methods.desk.members import Offered
from seldesk.methods.desk.panels import Panel
from seldesk.methods.desk.roles import Role, RolePage, RolesPage
from seldesk.methods.desk.shapes.people import Party
from seldesk.permissions import GRANTABLE, ROLES
from tests.web.story import ANN, BO, id_of

LIGHT = Role(id_of("light"), "Light agent", "all", ["tickets.note"], 2)
SUPERVISOR = Role(
    id_of("supervisor"), "Supervisor", "all", ["tickets.reply", "tickets.write", "settings.people", "settings.audit"], 1
)
READS = Role(id_of("reads"), "Reader of invoices", "own", [], 0)
PAGES = {"roles": "/settings/roles", "role": f"/settings/roles/{LIGHT.id}"}
METHODS: list[rpc.Method[..., Any]] = [roles.page, roles.read, roles.create, roles.update, roles.delete]
OFFERED = [Offered("agent"), Offered("limited"), Offered("owner"), Offered(str(LIGHT.id), LIGHT.name)]
BUILT_IN = {kind: sorted(ROLES[kind]) for kind in ("agent", "owner")}


def listed(panel: Panel, *shown: Role) -> RolesPage:
    return RolesPage(panel, list(shown), dict(GRANTABLE), BUILT_IN)


def one(panel: Panel, role: Role, *people: Party) -> RolePage:
    return RolePage(panel, role, list(people), [SUPERVISOR, READS], dict(GRANTABLE), BUILT_IN)


def answers(panel: Panel) -> dict[str, Any]:
    return {
        "roles.page": listed(panel, LIGHT, READS, SUPERVISOR),
        "roles.read": one(panel, LIGHT, ANN, BO),
        "roles.create": LIGHT.id,
        "roles.update": None,
        "roles.delete": None,
    }


def empty(panel: Panel) -> dict[str, Any]:
    return {"roles.page": listed(panel), "roles.read": one(panel, READS)}


def full(panel: Panel, long: str) -> dict[str, Any]:
    several = [replace(SUPERVISOR, id=id_of(f"r{at}"), name=f"{long[: at * 2]} {at}", people=10**6) for at in range(50)]
    crowd = [Party(id_of(f"p{at}"), f"{long} {at}", f"{long.lower()}{at}@x.example") for at in range(50)]
    return {"roles.page": listed(panel, *several), "roles.read": one(panel, several[-1], *crowd)}


def hostile(panel: Panel, bad: str) -> dict[str, Any]:
    role = replace(LIGHT, name=bad, reach=bad, permissions=[bad])
    return {"roles.page": listed(panel, role), "roles.read": one(panel, role, Party(id_of("bad"), bad, bad))}
