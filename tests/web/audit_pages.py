"""Who did what at Acme, and what is known of a person, as Bo sees both."""

from dataclasses import fields, replace
from typing import Any

import rpc
from seldesk.methods.desk import audits, personal_data, privacy
from seldesk.methods.desk.audits import AuditPage, Entry, Line, Verified
from seldesk.methods.desk.panels import Panel
from seldesk.methods.desk.privacy import Concerned, Erasing, PrivacyPage
from tests.web.story import ANN, BO, agents, ago, id_of

PAGES = {"data": f"/settings/people/{id_of('m1')}/data", "audit": "/settings/audit"}
METHODS: list[rpc.Method[..., Any]] = [
    personal_data.begin,
    personal_data.tickets,
    personal_data.messages,
    personal_data.acts,
    privacy.page,
    privacy.close,
    privacy.take_back,
    privacy.erase,
    audits.page,
    audits.verify,
    audits.begin,
    audits.lines,
]


def concerned(panel: Panel, state: Any = "here", words: str = "") -> PrivacyPage:
    name, email = words or ANN.name, words or ANN.email
    erase_at = ago(days=-120)
    person = Concerned(ANN.id, name, email, "agent", state, ago(days=2), erase_at, 1204, 1)
    return PrivacyPage(panel, person, erase_at)


def entry(number: int, kind: str, method: str, outcome: Any = "done", words: str = "") -> Entry:
    """By Bo, about Ann."""
    bo, ann = words or BO.name, words or ANN.name
    facts = {"by": bo, "address": words or "2001:db8::17", "role": words or "agent, limited"}
    return Entry(
        number, ago(hours=90 - number), kind, method, outcome, "person", BO.id, bo, None, ANN.id, ann, {}, "r", facts
    )


def acts() -> list[Entry]:
    return [
        entry(88, "people", "members.update"),
        entry(87, "denied", "members.disable", "denied"),
        replace(entry(86, "sign-in", "people.sign_in", "failed"), actor_id=None, actor=None, actor_kind="anonymous"),
        replace(entry(85, "tokens", "tokens.create"), actor_id=None, actor=None, actor_kind="command", facts=None),
        replace(entry(84, "settings", "mailboxes.add"), actor_kind="token", person_id=None, person=None),
        replace(
            entry(83, "access", "tickets.page", "attempt"), actor_kind="staff", on_behalf_by=id_of("mara"), person=None
        ),
    ]


def answers(panel: Panel) -> dict[str, Any]:
    return {
        "personal_data.begin": personal_data.Begun(concerned(panel).person, "key"),
        "personal_data.tickets": [],
        "personal_data.messages": [],
        "personal_data.acts": [],
        "privacy.page": concerned(panel, "left"),
        "privacy.close": ago(days=-120),
        "privacy.take_back": None,
        "privacy.erase": Erasing(begun=True),
        "audits.page": AuditPage(panel, acts(), agents(), "next", None),
        "audits.verify": Verified(88, False, None, ""),
        "audits.begin": "key",
        "audits.lines": lambda asked: [] if asked.get("after") else [_line()],
    }


def _line() -> Line:
    one = entry(1, "people", "members.update")
    said = {field.name: getattr(one, field.name) for field in fields(one)}
    return Line(**said, id=id_of("entry"), commitment=b"c" * 32, salt=b"s" * 32, hash=b"h" * 32)


def empty(panel: Panel) -> dict[str, Any]:
    return {
        "privacy.page": concerned(panel, "erased"),
        "audits.page": AuditPage(panel, [], agents(), None, None),
    }


def full(panel: Panel, long: str) -> dict[str, Any]:
    many = [entry(at, "people", "members.update", words=f"{long[: at * 2]} {at}") for at in range(50)]
    return {"audits.page": AuditPage(panel, many, agents(), long, long)}


def hostile(panel: Panel, bad: str) -> dict[str, Any]:
    return {
        "privacy.page": concerned(panel, "left", bad),
        "audits.page": AuditPage(panel, [entry(1, bad, bad, words=bad)], agents(), bad, bad),
    }
