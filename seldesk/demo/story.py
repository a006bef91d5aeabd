"""What happened at the demo's customers, as plain values: who wrote or did what, and how long after."""

import html as markup
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from inspect import cleandoc
from itertools import pairwise
from types import EllipsisType
from typing import Literal

from seldesk.demo.documents import Document

Status = Literal["new", "open", "waiting", "solved", "closed"]
Priority = Literal["low", "normal", "high", "urgent"]

# A source line this long runs on into the next one, as a paragraph does; shorter ones are lines of their own.
RUNS_ON = 80


@dataclass(frozen=True, slots=True)
class Requester:
    name: str
    email: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Worker:
    email: str
    name: str
    role: Literal["agent", "owner"] = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The requester writes, or `sender` in their place. Pictures in `inline` are shown by `cid:<name>`.

    quoting: the last reply is quoted below the text. bounced: an address that could not be reached;
    the mail is then a delivery report.
    """

    after: timedelta
    text: str
    html: str | None = None
    inline: tuple[Document, ...] = ()
    files: tuple[Document, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    sender: Requester | None = None
    quoting: bool = False
    bounced: str = ""

    @property
    def automatic(self) -> bool:
        return bool(self.bounced or "Auto-Submitted" in self.headers or "List-Id" in self.headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An agent answers in Markdown. by is the agent's address."""

    after: timedelta
    by: str
    text: str
    status: Status = "waiting"
    files: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    after: timedelta
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is None, or left out for assignee, stays as it is. assignee is an address, None for nobody."""

    after: timedelta
    by: str
    status: Status | None = None
    assignee: str | EllipsisType | None = ...
    priority: Priority | None = None
    tags: tuple[str, ...] | None = None


Step = Mail | Reply | Note | Change


@dataclass(frozen=True, slots=True)
class Story:
    """A ticket. It begins with a Mail; with `opened_by` that is what the agent noted on the telephone.

    days: between how many days ago it began, where another story comes before or after it.
    """

    requester: Requester
    subject: str
    steps: tuple[Step, ...]
    opened_by: str = ""
    days: tuple[float, float] | None = None
    starts: timedelta = timedelta(0)

    @property
    def opening(self) -> Mail:
        first = self.steps[0]
        if not isinstance(first, Mail):
            raise TypeError(f"the story {self.subject!r} does not begin with a mail")
        return first

    @property
    def status(self) -> Status:
        """The status in which the ticket ends."""
        status: Status = "new"
        for step in self.steps[1:]:
            match step:
                case Mail() if not step.automatic and status in ("waiting", "solved"):
                    status = "open"
                case Reply():
                    status = step.status
                case Change() if step.status is not None:
                    status = step.status
        return status

    def times(self, now: datetime) -> list[datetime]:
        """When each step happens."""
        at, times = now - self.starts, []
        for step in self.steps:
            at += step.after
            times.append(at)
        return times


@dataclass(frozen=True, slots=True)
class Customer:
    """mailbox is the local part; the domain is where the demo runs. strays are mails that open no ticket.
    lets_staff_in: its owner has turned staff access on. saved_replies are names and texts.
    """

    slug: str
    name: str
    plan: Literal["paid", "trial", "education", "free"]
    country: str
    mailbox: str
    people: tuple[Worker, ...]
    tickets: tuple[Story, ...]
    strays: tuple[Story, ...] = ()
    lets_staff_in: bool = False
    saved_replies: tuple[tuple[str, str], ...] = ()


def story(
    requester: Requester,
    subject: str,
    *steps: Step,
    opened_by: str = "",
    days: tuple[float, float] | None = None,
) -> Story:
    return Story(requester, subject, steps, opened_by, days)


def mail(
    text: str,
    hours: float = 0,
    *,
    rich: bool = False,
    html: str | None = None,
    inline: tuple[Document, ...] = (),
    files: tuple[Document, ...] = (),
    headers: Mapping[str, str] | None = None,
    sender: Requester | None = None,
    quoting: bool = False,
    bounced: str = "",
) -> Mail:
    """rich: the text is sent as HTML too, with the inline pictures below it."""
    written = flowing(text)
    return Mail(
        after=timedelta(hours=hours),
        text=written,
        html=_paragraphs(written, inline) if rich else html and cleandoc(html),
        inline=inline,
        files=files,
        headers=headers or {},
        sender=sender,
        quoting=quoting,
        bounced=bounced,
    )


def reply(by: str, hours: float, text: str, status: Status = "waiting", *, files: tuple[Document, ...] = ()) -> Reply:
    return Reply(after=timedelta(hours=hours), by=by, text=flowing(text), status=status, files=files)


def note(by: str, hours: float, text: str) -> Note:
    return Note(after=timedelta(hours=hours), by=by, text=flowing(text))


def take(by: str, hours: float, *tags: str, priority: Priority | None = None, for_: str = "") -> Change:
    """Somebody takes the ticket, or gives it to a colleague."""
    return Change(
        after=timedelta(hours=hours),
        by=by,
        status="open",
        assignee=for_ or by,
        priority=priority,
        tags=tags or None,
    )


def turn(by: str, hours: float, status: Status | None = None, **changes: Priority) -> Change:
    return Change(after=timedelta(hours=hours), by=by, status=status, priority=changes.get("priority"))


def flowing(text: str) -> str:
    """A text as it stands in the source, without its indentation and with its paragraphs in one line each."""
    lines = cleandoc(text).splitlines()
    out, joined = "", False
    for line, following in pairwise([*lines, ""]):
        out += line.lstrip() if joined else line
        joined = bool(following) and len(line) >= RUNS_ON and following[0] not in "-*>|"
        out += " " if joined else "\n"
    return out.strip()


def _paragraphs(text: str, pictures: tuple[Document, ...]) -> str:
    blocks = (markup.escape(block, quote=False).replace("\n", "<br>\n") for block in text.split("\n\n"))
    shown = (f'<img src="cid:{picture.name}" alt="{picture.name}">' for picture in pictures)
    body = "\n".join(f"<p>{block}</p>" for block in (*blocks, *shown))
    return f'<html><body style="font-family:sans-serif;font-size:11pt">\n{body}\n</body></html>'
