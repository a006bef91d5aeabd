"""Staff in Acme's account, as Bo sees it."""

from dataclasses import replace
from typing import Any

import rpc
from seldesk.methods.control.access_grants import Grant, Visit
from seldesk.methods.desk import staff_access
from seldesk.methods.desk.panels import Panel
from seldesk.methods.desk.staff_access import AccessPage, Begun, Done, Offered, VisitPage
from tests.web.story import ANN, BO, ago, id_of

PAGES = {
    "staff-access": "/settings/staff-access",
    "staff-visit": f"/settings/staff-access/{id_of('m1')}",
    "access": "/access/a-token",
    "access-over": "/access",
}
METHODS: list[rpc.Method[..., Any]] = [
    staff_access.page,
    staff_access.read,
    staff_access.turn_on,
    staff_access.turn_off,
    staff_access.offered,
    staff_access.begin,
]
WHY = "Ann cannot find the mails of Tuesday"
NAMES = {ANN.id: ANN.name, BO.id: BO.name}


def grants(words: str = "") -> list[Grant]:
    bo, otto = ago(minutes=20), words or "Otto Operator"
    on = Grant(id_of("g1"), "owner", BO.id, "", "", "", "", bo, ago(days=-1), None, "open")
    broken = Grant(
        id_of("g2"), "emergency", None, otto, "Sara Safe", "All is down", "", ago(days=9), ago(days=8), None, "over"
    )
    off = replace(
        on, id=id_of("g3"), asked_at=ago(days=20), until=ago(days=13), revoked_at=ago(days=19), state="revoked"
    )
    return [on, broken, off]


def visits(words: str = "") -> list[Visit]:
    mara, why = words or "Mara Voss", words or WHY
    now = Visit(
        id_of("v1"), id_of("mara"), mara, ANN.id, 4821, "read", why, "owner", "", ago(minutes=9), ago(minutes=8),
        ago(minutes=-52), None, "", 14, running=True,
    )  # fmt: skip
    then = replace(
        now, id=id_of("v2"), scope="write", grant="authority", legal_reference="931 Gs 12/26", running=False,
        started_at=ago(days=8), ended_at=ago(days=8), ended="stopped", calls=3,
    )  # fmt: skip
    return [now, then, replace(then, id=id_of("v3"), subject=id_of("gone"), grant="owner", ended="unused", calls=0)]


def page(panel: Panel, words: str = "") -> AccessPage:
    return AccessPage(panel, grants(words), visits(words), {**NAMES, ANN.id: words or ANN.name})


def off(panel: Panel) -> AccessPage:
    return AccessPage(panel, [], [], {})


def visit(panel: Panel, words: str = "") -> VisitPage:
    calls = [
        Done(ago(minutes=1), "profile.page", "denied", {}),
        Done(ago(minutes=2), "tickets.page", "done", {"number": "4821"}),
        Done(ago(minutes=3), "tickets.queue", None, {}),
    ]
    return VisitPage(panel, visits(words)[0], words or ANN.name, calls)


def answers(panel: Panel) -> dict[str, Any]:
    return {
        "staff_access.page": page(panel),
        "staff_access.read": visit(panel),
        "staff_access.turn_on": None,
        "staff_access.turn_off": None,
        "staff_access.offered": Offered("Mara Voss", ANN.name, "read", WHY, 4821),
        "staff_access.begin": Begun(works_here=True, token="secret"),
    }
