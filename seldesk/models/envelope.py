"""What all mails that leave have in common, whoever writes them."""

from functools import cache
from typing import Any

from seldesk.mail.compose import BODY, Outgoing, compose
from seldesk.mail.markup import escape
from seldesk.resources import folder
from seldesk.surroundings import surroundings

# What stands for the customer in templates/mail/letter.html.
NAME, COLOUR = "<!-- name -->", "#2f5bea"


def envelope(outgoing: Outgoing) -> dict[str, Any]:
    """The finished message and who it is from and for."""
    return {
        # RFC 3834: an automatic answer names nobody whom another machine could answer.
        "sender": "" if outgoing.automatic else outgoing.sender.address,
        "recipients": [one.address for one in (*outgoing.to, *outgoing.cc)],
        "message_id": outgoing.message_id,
        "automatic": outgoing.automatic,
        "confirms": None,
        "links": None,
        "raw": compose(outgoing),
    }


def lines(text: str) -> str:
    """Plain text as HTML."""
    return escape(text).replace("\n", "<br>")


def template() -> str:
    """With the customer's name and colour at its head."""
    customer = surroundings().customer
    return _template().replace(NAME, escape(customer.name)).replace(COLOUR, customer.brand.accent or COLOUR)


@cache
def _template() -> str:
    text = (folder("templates") / "mail" / "letter.html").read_text(encoding="utf-8")
    if not all(mark in text for mark in (BODY, NAME, COLOUR)):
        raise ValueError("templates/mail/letter.html has no place for the body, the name or the colour.")
    return text
