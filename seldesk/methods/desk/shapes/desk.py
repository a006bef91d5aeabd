"""What the pages of the desk show around a ticket: views, lists, what was found."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from seldesk.methods.desk.shapes.factors import WayIn
from seldesk.methods.desk.shapes.people import Me, Party, SessionRow, TeamName


@dataclass(frozen=True, slots=True)
class SavedView:
    """Tickets that somebody chose and named. conditions are the arguments of tickets.list that choose them."""

    id: UUID
    name: str
    shared: bool
    conditions: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """What stands on every page of the desk: the customer, the reader, the counts of the sidebar and saved views.

    A count of 1000 means "1000 or more".
    """

    customer: str
    me: Me
    counts: dict[str, int]
    views: list[SavedView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TicketRow:
    """unread: something was written since the caller last opened it; never for a token."""

    number: int
    subject: str
    preview: str
    status: str
    priority: str
    tags: list[str]
    channel: str
    requester: str
    assignee: str | None
    created_at: datetime
    updated_at: datetime
    unread: bool = False
    removed: str | None = None


@dataclass(frozen=True, slots=True)
class Tickets:
    """One page of tickets in the order that was asked for; next and previous are cursors."""

    items: list[TicketRow]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tag that stands on a ticket already."""

    name: str


@dataclass(frozen=True, slots=True)
class SavedReplyName:
    """A text that is kept for what is asked often."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one ticket. reason is a sentence where it was missing or refused, "" otherwise."""

    number: int
    outcome: Literal["changed", "unchanged", "missing", "refused"]
    reason: str


@dataclass(frozen=True, slots=True)
class Bulk:
    """A change of many tickets, and the id by which tickets.undo takes it back; undoes is the one it took back."""

    id: UUID
    undoes: UUID | None
    results: list[BulkResult]


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue page. bulk is what was asked for by its id, if it is known still; saved the view it shows."""

    desk: Desk
    view: str
    status: str | None
    tickets: Tickets
    agents: list[Party]
    tags: list[Tagged]
    bulk: Bulk | None = None
    saved: SavedView | None = None
    teams: list[TeamName] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text; found says that it is what was looked for."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A ticket that was found. subject and snippet are plain text in pieces.

    where is the kind of message that the snippet comes from, "" when it is only the newest message's beginning.
    """

    number: int
    subject: list[Piece]
    snippet: list[Piece]
    where: Literal["", "message", "note"]
    status: str
    priority: str
    tags: list[str]
    requester: str
    assignee: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of what was found, newest change first; next is a cursor."""

    items: list[Hit]
    next: str | None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The search page; hits is None before anything was looked for."""

    desk: Desk
    query: str
    hits: Hits | None


@dataclass(frozen=True, slots=True)
class Profile:
    """The page on which an agent finds their own name, how they come in, and what they are told by mail. demanded:
    nobody in their role comes in without a second factor.
    """

    desk: Desk
    sessions: list[SessionRow]
    notices: list[str]
    own: WayIn
    demanded: bool = False
