"""What a process has seen and others want to know: whose audit moved, and what happened to security."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from seldesk.app.measuring import Measures
from seldesk.surroundings import OPERATOR, Customer
from seldesk.trail import Trail

REFUSED, LOCKED_OUT, DENIED = "refused sign-in", "lockout", "refusal"


@dataclass(slots=True)
class Seen:
    """counts are by hour, customer (the operator for staff) and what it was, since somebody took them last."""

    measures: Measures
    moved: set[UUID] = field(default_factory=set)
    counts: Counter[tuple[datetime, UUID, str]] = field(default_factory=Counter)

    def done(self, customer: Customer, trail: Trail, now: datetime) -> None:
        """A call was committed."""
        # A copy on the side has a chain of its own, which ends with it.
        if trail.entry is not None and customer.side is None:
            self.moved.add(customer.id)
        if trail.answer is not None:
            self._count(LOCKED_OUT if trail.answer == "wait" else REFUSED, customer, now)

    def denied(self, customer: Customer, now: datetime) -> None:
        self._count(DENIED, customer, now)

    def _count(self, what: str, customer: Customer, now: datetime) -> None:
        self.measures.happened(what, staff=customer.id == OPERATOR.id)
        self.counts[now.replace(minute=0, second=0, microsecond=0), customer.id, what] += 1
