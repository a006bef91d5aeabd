"""The pages of Acme as a whole, as Bo sees them: its plan, its end, whom we write to, and what it takes along."""

from typing import Any

import rpc
from seldesk import offer
from seldesk.methods.control import endings
from seldesk.methods.control.contacts import Contact
from seldesk.methods.desk import account, contact_person, exports, links, plans
from seldesk.methods.desk.account import AccountPage, Offer, Termination
from seldesk.methods.desk.contact_person import Choice, Chosen, ContactPage
from seldesk.methods.desk.exports import Asked, Export, ExportPage
from seldesk.methods.desk.panels import Panel
from tests.web.story import BO, ago, id_of

PAGES = {
    "export": "/settings/export",
    "account": "/settings/account",
    "contact-person": "/settings/contact",
    "return": "/return/a-token",
}
METHODS: list[rpc.Method[..., Any]] = [
    account.page,
    account.pause,
    plans.choose,
    account.resume,
    account.terminate,
    account.offer,
    account.take_back,
    contact_person.page,
    contact_person.choose,
    exports.page,
    exports.ask,
    links.read,
    links.chunk,
    links.withdraw,
]
EUROPE = offer.Offer.load().regions["eu"]


def page(
    panel: Panel,
    words: str = "",
    state: str = "active",
    *,
    may_resume: bool = True,
    plan: str = "education",
    stored: int = 3_435_973_836,
    trial_over: bool = False,
) -> AccountPage:
    """As it is before the clean-up of July."""
    name, reason = words or "Acme Support", words or "We move house until Friday."
    days = ago(days=-120), ago(days=-29)
    known = offer.Offer.load().plans
    trial_ends_at = ago(days=-12) if plan == "trial" and not trial_over else None
    return AccountPage(
        panel,
        EUROPE,
        endings.places(),
        name,
        state,
        reason,
        may_resume,
        *days,
        known[plan],
        [one for one in known.values() if one.code not in (plan, "trial")],
        stored,
        trial_ends_at,
        trial_over,
    )


def contact(panel: Panel, words: str = "") -> ContactPage:
    bo = Choice(id_of("bo"), words or "Bo Lind", "bo@acme.example")
    mira = Choice(id_of("mira"), words or "Mira Sand", "mira@acme.example")
    return ContactPage(panel, Contact(bo.name, bo.email), [bo, mira])


def exported(panel: Panel, words: str = "") -> ExportPage:
    """One under way, one to be taken, one whose day is over, one that did not work, and one of the operator's."""
    by, day = words or BO.name, 60 * 24
    rows = [
        ("running", by, 4180, 12_604, 0, False, None),
        ("done", by, 12_604, 12_604, 184_201_733, True, ago(minutes=-day + 70)),
        ("dead", by, 0, 0, 0, False, None),
        ("done", by, 11_020, 11_020, 161_000_222, False, ago(days=6)),
        ("done", "", 0, 0, 160_431_882, False, None),
    ]
    return ExportPage(
        panel,
        [
            Export(id_of(f"e{at}"), state, by, made, total, size, offered, ago(minutes=2 + 70 * at**4), until)
            for at, (state, by, made, total, size, offered, until) in enumerate(rows)
        ],
    )


def answers(panel: Panel) -> dict[str, Any]:
    return {
        "account.page": page(panel),
        "account.pause": None,
        "plans.choose": None,
        "account.resume": None,
        "account.terminate": Termination(ago(days=-120)),
        "account.offer": Offer("Acme Support", ago(days=9), ago(days=-120)),
        "account.take_back": None,
        "contact_person.page": contact(panel),
        "contact_person.choose": Chosen(done=True),
        "exports.page": exported(panel),
        "exports.ask": Asked(asked=True),
        "links.read": links.File("acme-2026-03-02-0900.zip", 2, 8, "key"),
        "links.chunk": lambda asked: b"PK-%d" % asked["at"],
        "links.withdraw": None,
    }


def empty(panel: Panel) -> dict[str, Any]:
    return {"exports.page": ExportPage(panel, [])}


def full(panel: Panel, long: str) -> dict[str, Any]:
    return {"exports.page": exported(panel, long)}


def hostile(panel: Panel, bad: str) -> dict[str, Any]:
    return {
        "contact_person.page": contact(panel, bad),
        "account.page": page(panel, bad, "suspended"),
        "exports.page": exported(panel, bad),
        "account.offer": Offer(bad, ago(days=9), ago(days=-120)),
    }
