"""Mail that came."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seldesk.methods.desk.shapes.desk import Desk


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
