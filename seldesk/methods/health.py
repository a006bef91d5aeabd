"""How a customer is, as the operator may know it: said at the customer's door, kept in the control database."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Health:
    """Sizes and counts. waiting are mails that are due and have not left, since waiting_since; refused those of them
    that the relay has refused before. unread, failed and bounced are of the last seven days.
    """

    database_bytes: int
    agents: int
    mailboxes: int
    failing: int
    unread: int
    received_at: datetime | None
    waiting: int
    waiting_since: datetime | None
    refused: int
    failed: int
    bounced: int
