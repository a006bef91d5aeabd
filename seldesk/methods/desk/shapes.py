"""What the desk's methods answer. Times are aware and in UTC; lists that can grow are pages."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from seldesk.caller import Caller
from seldesk.zones import UTC

Status = Literal["new", "open", "waiting", "solved", "closed"]
Priority = Literal["low", "normal", "high", "urgent"]
View = Literal["mine", "team", "unassigned", "open", "waiting", "solved", "all", "removed"]
Channel = Literal["mail", "desk", "portal", "api"]
Sort = Literal["updated", "created", "priority"]
Side = Literal["requester", "agent"]
Removed = Literal["spam", "deleted"]
Tag = Annotated[str, Meta(min_length=1, max_length=50, pattern=r"^[^\s,]+$")]


@dataclass(frozen=True, slots=True)
class Me:
    """Who looks at the page, and the time zone that it is shown in; zone_chosen says that it is their own choice."""

    id: UUID
    name: str
    email: str
    role: str
    zone: str = UTC
    zone_chosen: bool = True

    @classmethod
    def of(cls, caller: Caller) -> "Me":
        return cls(caller.id, caller.name, caller.email, caller.role, caller.zone, caller.zone_chosen)


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
class Party:
    id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who asks, or works here; organisation is the id of theirs."""

    id: UUID
    name: str
    email: str
    works_here: bool
    organisation: UUID | None = None


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one ticket. reason is a sentence where it was missing or refused, "" otherwise."""

    number: int
    outcome: Literal["changed", "unchanged", "missing", "refused"]
    reason: str


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
class Bulk:
    """A change of many tickets, and the id by which tickets.undo takes it back; undoes is the one it took back."""

    id: UUID
    undoes: UUID | None
    results: list[BulkResult]


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tag that stands on a ticket already."""

    name: str


@dataclass(frozen=True, slots=True)
class TeamName:
    id: UUID
    name: str


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
class Other:
    """Another ticket of the same requester."""

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
class Message:
    """A message or an internal note.

    text is all of it, visible_end the offset where quoted text or a signature begins; html says that
    the mail brought HTML of its own, which messages.body answers. markdown is the safe HTML of what
    was written here, None for mails. delivery: "" (nothing to send), queued, sent, failed, unknown.
    sent_to and cc say to whom an agent's message went, the requester where both are empty; a mail's cc is who it
    went to beside us. undo_until: when the reader's own reply leaves and tickets.take_back comes too late.
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
    """One change: who changed what, and its values before and after."""

    id: UUID
    kind: str
    actor: str
    before: dict[str, Any]
    after: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as an agent or a token sees it; last_message is what reply's `seen` takes.

    cc are those who get the replies beside the requester.
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


@dataclass(frozen=True, slots=True)
class NewTicketPage:
    desk: Desk
    agents: list[Party]
    tags: list[Tagged] = field(default_factory=list)
    teams: list[TeamName] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Request:
    """A ticket as its requester sees it: no notes, no events, no agents' addresses. Its times are shown in zone.

    Where it is not one's own, it is a colleague's, who alone says whether it is solved.
    """

    customer: str
    number: int
    subject: str
    status: str
    requester: Party
    created_at: datetime
    updated_at: datetime
    messages: list[Message]
    zone: str = UTC
    own: bool = True


@dataclass(frozen=True, slots=True)
class Changed:
    """A ticket after a change."""

    number: int
    status: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """A message that was added: its id and the ticket's state after it."""

    id: UUID
    number: int
    status: str


@dataclass(frozen=True, slots=True)
class File:
    """An attachment's content as it came."""

    name: str
    type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    """token is the new session's cookie, None when it was refused; wait is the seconds until the next try is
    allowed, 0 when it is allowed now. role is theirs: it says at which door they belong."""

    token: str | None = field(repr=False)
    wait: int = 0
    role: str = ""


@dataclass(frozen=True, slots=True)
class PasswordSet:
    """A password was set by a mailed link; role says at which door it is used."""

    role: str


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """Whether the current password was right and the new one is set; wait as in SignIn."""

    changed: bool
    wait: int = 0


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A browser in which the caller is signed in; current is the one that asks."""

    id: UUID
    address: str
    created_at: datetime
    seen_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """The page on which an agent finds their own name, password and sessions, and what they are told by mail."""

    desk: Desk
    sessions: list[SessionRow]
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LastSaid:
    """Who wrote last to the other side, and when."""

    author: str
    side: Literal["requester", "agent"]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One's own ticket in a list, or a colleague's. last has one item, or none where nothing was said yet."""

    number: int
    subject: str
    status: str
    created_at: datetime
    last: list[LastSaid]
    requester: str = ""


@dataclass(frozen=True, slots=True)
class Requests:
    """One page of a requester's own tickets, newest change first; next and previous are cursors.

    organisation is the name of the one whose tickets its people share, None where each has their own.
    """

    me: Me
    items: list[RequestRow]
    next: str | None
    previous: str | None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class LinkOpened:
    """A ticket link traded for a session's cookie that opens this ticket and nothing else."""

    token: str = field(repr=False)
    number: int = 0


@dataclass(frozen=True, slots=True)
class Welcome:
    """For whom a one-time link sets a password."""

    customer: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A secret that is shown this once: a token, or the address of a one-time link."""

    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """A mail that could not be read. It is kept as it came, and can be tried again."""

    id: UUID
    sender: str
    mailbox: str
    error: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Failures:
    desk: Desk
    items: list[Failure]
    next: str | None


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a mail: outcome is opened, threaded, repeated, suspended or unreadable."""

    outcome: str
    ticket: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A recipient whom the relay refused, for now or for good, while it took the letter for others."""

    address: str
    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is due: raw is the finished message, repeated says that an earlier try may have left."""

    id: UUID
    lease: UUID
    sender: str
    recipients: list[str]
    message_id: str
    automatic: bool
    repeated: bool
    attempts: int
    confirms: str | None
    raw: bytes = field(repr=False)
