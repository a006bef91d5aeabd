"""Mails as they leave. The same Outgoing gives the same bytes, so that a repeat is known for one."""

import importlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from typing import Any

from seldesk.mail.address import Mailbox
from seldesk.mail.encode import Unsendable, file_part, header, multipart, people, text_part, words
from seldesk.mail.markup import escape
from seldesk.mail.names import safe_name, safe_type
from seldesk.mail.parse import File
from seldesk.mail.reply import MARKER

__all__ = ["BODY", "File", "Mailbox", "Outgoing", "Unsendable", "compose"]

BODY = "<!-- body -->"
TEMPLATE = f"""<!doctype html>
<html><head><meta charset="utf-8"><style>
body {{ font: 15px/1.5 -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }}
p {{ margin: 0 0 1em; }}
blockquote {{ margin: 0 0 1em; padding-left: 1em; border-left: 3px solid #c0c0c0; }}
pre, code {{ font-family: Menlo, Consolas, monospace; }}
.marker {{ color: #808080; font-size: 12px; }}
</style></head><body>{BODY}</body></html>
"""
_MOST_REFERENCES = 900  # bytes
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,200}@[!-;=?-~]{1,200}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """html is a safe fragment; it takes the place of the comment BODY in template, whose styles are put inline.

    number is the ticket's and is added to the subject. references are the thread's ids, oldest first.
    """

    message_id: str
    date: datetime
    sender: Mailbox
    to: Sequence[Mailbox]
    subject: str
    text: str
    html: str | None = None
    cc: Sequence[Mailbox] = ()
    reply_to: str | None = None
    number: int | None = None
    in_reply_to: str | None = None
    references: Sequence[str] = ()
    automatic: bool = False
    files: Sequence[File] = ()
    marker: str | None = MARKER
    template: str = TEMPLATE


def compose(mail: Outgoing) -> bytes:
    """Raises Unsendable for an address or an id that no mail can carry."""
    return b"".join(header(name, value) for name, value in _headers(mail)) + _content(mail)


def _headers(mail: Outgoing) -> list[tuple[str, str]]:
    if not _MESSAGE_ID.fullmatch(mail.message_id):
        raise Unsendable("The Message-ID is malformed.")
    domain = mail.message_id.rpartition("@")[2].rstrip(">")
    answered = _well_formed([mail.in_reply_to or ""])
    found = [
        ("Date", format_datetime(mail.date.astimezone(UTC))),
        ("From", people([mail.sender])),
        ("To", people(mail.to)),
        ("Cc", people(mail.cc)),
        ("Reply-To", people([Mailbox(mail.sender.name, mail.reply_to)]) if mail.reply_to else ""),
        ("Subject", words(_subject(mail))),
        ("Message-ID", mail.message_id),
        ("In-Reply-To", "".join(answered)),
        ("References", "\r\n ".join(_references(mail.references, answered))),
        ("List-Id", f"<{re.sub(r'[^a-z0-9-]+', '.', mail.sender.address.lower())}>"),
        ("Auto-Submitted", "auto-replied" if mail.automatic else ""),
        ("X-Auto-Response-Suppress", "All" if mail.automatic else ""),
        ("X-Loop", domain),
        ("MIME-Version", "1.0"),
    ]
    return [(name, value) for name, value in found if value]


def _subject(mail: Outgoing) -> str:
    mark = f"[#{mail.number}]"
    if mail.number is None or mark in mail.subject:
        return mail.subject
    return f"{' '.join(mail.subject.split())[:230]} {mark}".strip()


def _well_formed(ids: Sequence[str]) -> list[str]:
    return [known for known in dict.fromkeys(ids) if _MESSAGE_ID.fullmatch(known) and len(known) <= 250]


def _references(ids: Sequence[str], answered: Sequence[str]) -> list[str]:
    """The first id and as many of the newest as fit."""
    known = _well_formed([*(known for known in ids if known not in answered), *answered])
    newest: list[str] = []
    room = _MOST_REFERENCES - len(known[0]) if known else 0
    for reference in reversed(known[1:]):
        room -= len(reference) + 3
        if room < 0:
            break
        newest.insert(0, reference)
    return [*known[:1], *newest]


def _content(mail: Outgoing) -> bytes:
    marker = f"{mail.marker}\n\n" if mail.marker else ""
    content = text_part("plain", marker + mail.text)
    if mail.html is not None:
        content = multipart("alternative", mail.message_id, [content, text_part("html", _page(mail))])
    if not mail.files:
        return content
    files = [file_part(safe_name(file.name), safe_type(file.type), file.content) for file in mail.files]
    return multipart("mixed", mail.message_id, [content, *files])


def _page(mail: Outgoing) -> str:
    marker = f'<p class="marker">{escape(mail.marker)}</p>' if mail.marker else ""
    page = mail.template.replace(BODY, f"{marker}{mail.html}", 1)
    return str(_library().inline(page, load_remote_stylesheets=False))


@cache
def _library() -> Any:
    """css_inline, loaded by the first mail that is written: 2 MB that a process of pages need not hold."""
    return importlib.import_module("css_inline")
