"""Tickets as those who asked see them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from seldesk.methods.desk.shapes.people import Me, Party
from seldesk.methods.desk.shapes.tickets import Message
from seldesk.zones import UTC


@dataclass(frozen=True, slots=True)
class Linked:
    """Another ticket in which it goes on, or from which it goes on: the greater number is the later one.

    opens: whether the reader may open it; a mailed link opens one ticket alone.
    """

    number: int
    opens: bool


@dataclass(frozen=True, slots=True)
class Request:
    """A ticket as its requester sees it: no notes, no events, no agents' addresses. Its times are shown in zone.

    Where it is not one's own, it is a colleague's, who alone says whether it is solved. begins_new: it was closed so
    long ago that an answer begins a new ticket, which is linked with it.
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
    begins_new: bool = False
    linked: list[Linked] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LastSaid:
    """Who wrote last to the other side, and when. author is the customer itself where the operator's staff did."""

    author: str
    side: Literal["requester", "agent"]
    created_at: datetime
    by_staff: bool = False


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
