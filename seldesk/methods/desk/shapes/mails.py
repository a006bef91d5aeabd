"""Mail that came, and mail that leaves."""

from dataclasses import dataclass, field
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
