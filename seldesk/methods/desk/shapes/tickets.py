"""A ticket and what is said in it, as agents and tokens see it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from seldesk.methods.desk.shapes.desk import Desk, SavedReplyName, SavedView, Tagged, Tickets
from seldesk.methods.desk.shapes.people import Party, TeamName


@dataclass(frozen=True, slots=True)
class Other:
    """Another ticket, of the same requester or merged into this one."""

    number: int
    subject: str
    status: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """An attachment. size in bytes."""

    id: UUID
    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class File:
    """An attachment's content as it came."""

    name: str
    type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A message or an internal note.

    text is all of it, of very long ones in a long ticket the beginning; visible_end the offset where quoted text or a
    signature begins; html says that the mail brought HTML of its own, which messages.body answers. markdown is the safe
    HTML of what was written here, None for mails, and where only the text is answered. delivery: "" (nothing to send),
    queued, sent, failed, unknown. sent_to and cc say to whom an agent's message went, the requester where both are
    empty; a mail's cc is who it went to beside us. undo_until: when the reader's own reply leaves and tickets.take_back
    comes too late.
    by_staff: one of the operator's staff wrote it in the author's name.
    """

    id: UUID
    kind: Literal["message", "note"]
    side: Literal["requester", "agent"]
    author: str
    email: str
    origin: str
    text: str
    visible_end: int
    markdown: str | None
    html: bool
    verified: bool
    automatic: bool
    match_reason: str | None
    delivery: str
    delivery_error: str | None
    created_at: datetime
    files: list[FileRow] = field(default_factory=list)
    sent_to: list[str] = field(default_factory=list)
    cc: list[str] = field(default_factory=list)
    undo_until: datetime | None = None
    by_staff: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """The mail behind a message: what came, and what was decided about it.

    sender and recipient are the envelope's; text is the whole of it, headers too, up to its first 200,000
    characters; cut says that there is more. size in bytes.
    """

    desk: Desk
    number: int
    message: UUID
    author: str
    sender: str
    recipient: str
    kind: str
    match_reason: str | None
    verified: bool
    size: int
    received_at: datetime
    text: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One change: who changed what, and its values before and after. by_staff: one of the operator's staff did it in
    the actor's name.
    """

    id: UUID
    kind: str
    actor: str
    before: dict[str, Any]
    after: dict[str, Any]
    created_at: datetime
    by_staff: bool = False


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as an agent or a token sees it; last_message is what reply's `seen` takes.

    cc are those who get the replies beside the requester. merged are up to 50 tickets that were merged into it.
    """

    number: int
    subject: str
    status: str
    priority: str
    tags: list[str]
    channel: str
    requester: Party
    assignee: Party | None
    last_message: UUID | None
    created_at: datetime
    updated_at: datetime
    others: list[Other]
    team: TeamName | None = None
    messages: list[Message] | None = None
    removed: str | None = None
    cc: list[str] = field(default_factory=list)
    followers: list[Party] = field(default_factory=list)
    merged: list[Other] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the reader has begun to write and has not sent. sent_to and cc are as they were typed."""

    kind: Literal["message", "note"]
    text: str
    sent_to: str
    cc: str
    saved_at: datetime
    files: list[FileRow]


@dataclass(frozen=True, slots=True)
class TicketPage:
    """The ticket page: the ticket, its messages and events, who can take it, and the queue beside it.

    previous and next are the numbers of the tickets around it in the view, None at its ends.
    suggested are addresses that took part in the mails and get no replies yet.
    """

    desk: Desk
    view: str
    queue: Tickets
    ticket: Ticket
    messages: list[Message]
    events: list[Event]
    agents: list[Party]
    teams: list[TeamName] = field(default_factory=list)
    tags: list[Tagged] = field(default_factory=list)
    saved: SavedView | None = None
    previous: int | None = None
    next: int | None = None
    suggested: list[str] = field(default_factory=list)
    draft: Draft | None = None
    saved_replies: list[SavedReplyName] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NewTicketPage:
    desk: Desk
    agents: list[Party]
    tags: list[Tagged] = field(default_factory=list)
    teams: list[TeamName] = field(default_factory=list)
    saved_replies: list[SavedReplyName] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Changed:
    """A ticket after a change. gone: it was given away, and the caller sees it no longer."""

    number: int
    status: str
    updated_at: datetime
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A message that was added: its id and the ticket's state after it."""

    id: UUID
    number: int
    status: str
