"""Mail that went out of the demo, as its pages show it."""

import tempfile
from email.message import EmailMessage
from functools import cache
from pathlib import Path

PAGES = {
    "demo-mail": "http://localhost/demo/mail",
    "demo-letter": "http://localhost/demo/mail/2.eml",
    "demo-letter-bare": "http://localhost/demo/mail/3.eml",
}
LONG = "Re: [#4821] The P60c in the branch at Fisherman's Quay prints everything twice, and in the wrong order as well"
TEXT = """Hello Omar,

please pull the plug, wait a minute, and plug it in again with nothing else on that socket:

https://acme.localhost/tickets/4821/a-very-long-link-that-nobody-can-break-anywhere-because-it-has-no-spaces-in-it-at-all

> It prints everything twice, and nobody here knows why. We have cleaned the rollers, changed the paper and asked twice.

Ann
"""
_kept: list[tempfile.TemporaryDirectory[str]] = []


@cache
def written() -> Path:
    """A folder with a short letter, a long one, and one that says next to nothing; it goes with the process."""
    _kept.append(tempfile.TemporaryDirectory(prefix="sent-"))
    folder = Path(_kept[-1].name)
    bare = EmailMessage()
    bare["To"] = "omar@haddad-logistics.example"
    bare.set_content("")
    for name, letter in (
        ("1.eml", _letter("Your request #4822", "Thank you. We have it.\n")),
        ("2.eml", _letter(LONG, TEXT)),
        ("3.eml", bare),
    ):
        (folder / name).write_bytes(letter.as_bytes())
    return folder


def _letter(subject: str, text: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = "Acme Support <support@acme.localhost>"
    letter["To"] = "Omar Haddad <omar@haddad-logistics.example>"
    letter["Subject"] = subject
    letter["Date"] = "Mon, 02 Mar 2026 09:14:00 +0000"
    letter["Message-ID"] = "<a.4821.b0c9f3f6a3a14b6f9f0d1f0b9c8f7e6d@acme.localhost>"
    letter.set_content(text)
    return letter
