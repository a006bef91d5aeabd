"""Mail that leaves, a customer's and the operator's own."""

from dataclasses import dataclass, field
from uuid import UUID


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
    # An address that so many confirmations go to in an hour, or links that anybody can ask for, over all customers.
    confirms: str | None
    links: str | None
    raw: bytes = field(repr=False)
