"""The saved replies of Acme, as Bo sees them."""

from typing import Any

import rpc
from seldesk.methods.desk import panels, saved_replies
from seldesk.methods.desk.panels import Panel
from seldesk.methods.desk.saved_replies import SavedRepliesPage, SavedReply, SavedReplyPage, SavedReplyRow
from seldesk.methods.desk.shapes.desk import SavedReplyName
from tests.web.story import id_of

NAMES = ("Machine does not start", "Refund", "Where is my order?")
TEXT = "Hello {requester},\n\nplease pull the plug, wait a minute, and try again.\n\n{agent}"
PAGES = {"saved-replies": "/settings/saved-replies", "saved-reply": f"/settings/saved-replies/{id_of('m1')}"}
METHODS: list[rpc.Method[..., Any]] = [
    panels.home,
    saved_replies.page,
    saved_replies.read,
    saved_replies.create,
    saved_replies.update,
    saved_replies.delete,
    saved_replies.fill,
    saved_replies.fill_new,
]


def names() -> list[SavedReplyName]:
    return [SavedReplyName(id_of(name), name) for name in NAMES]


def _page(panel: Panel, *rows: tuple[str, str]) -> SavedRepliesPage:
    listed = [SavedReplyRow(id_of(f"{at}{name}"), name, said) for at, (name, said) in enumerate(rows)]
    return SavedRepliesPage(panel, listed)


def answers(panel: Panel) -> dict[str, Any]:
    return {
        "panels.home": panel,
        "saved_replies.page": _page(panel, *[(name, TEXT) for name in NAMES]),
        "saved_replies.read": SavedReplyPage(panel, SavedReply(id_of("m1"), NAMES[0], TEXT)),
        "saved_replies.create": id_of("m1"),
        "saved_replies.update": None,
        "saved_replies.delete": None,
        "saved_replies.fill": "Hello Omar Haddad,\n\nplease pull the plug.",
        "saved_replies.fill_new": "Hello Omar Haddad,\n\nplease pull the plug.",
    }


def empty(panel: Panel) -> dict[str, Any]:
    return {"saved_replies.page": _page(panel)}


def full(panel: Panel, long: str) -> dict[str, Any]:
    return {
        "saved_replies.page": _page(panel, *[(f"{long[: at * 2]} {at}", (long * 9)[:200]) for at in range(50)]),
        "saved_replies.read": SavedReplyPage(panel, SavedReply(id_of("m1"), long, f"{long}\n" * 40)),
    }


def hostile(panel: Panel, bad: str) -> dict[str, Any]:
    return {
        "saved_replies.page": _page(panel, (bad, bad)),
        "saved_replies.read": SavedReplyPage(panel, SavedReply(id_of("bad"), bad, bad)),
    }
