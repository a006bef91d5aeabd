"""What is and was under way with a customer, as the console shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seldesk.models import control as models


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """What is under way with a customer, or was last: then asked_at is None. until is when its worker is given up.
    wanted_at, begun_at and ended_at are kept when it is over; steps are those that were done.
    """

    kind: str
    target: str
    step: str
    error: str
    number: int
    asked_at: datetime | None
    started_at: datetime | None
    until: datetime | None
    wanted_at: datetime | None
    begun_at: datetime | None
    ended_at: datetime | None
    done: list[Step]


@dataclass(frozen=True, slots=True)
class PastOperation:
    """What was done before that. ended_at is None where a worker died and what it had left could be forgotten. steps
    are as they are kept: each with when it was done.
    """

    kind: str
    target: str
    asked_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    steps: list[str]
    error: str

    @property
    def done(self) -> list[Step]:
        return _done(self.steps)


def operation(lease: models.Lease) -> OperationFacts:
    return OperationFacts(
        lease.kind,
        lease.target,
        lease.step,
        lease.error,
        lease.fence,
        lease.asked_at,
        lease.started_at,
        lease.until,
        lease.wanted_at,
        lease.begun_at,
        lease.ended_at,
        _done(lease.steps),
    )


def _done(steps: Sequence[str]) -> list[Step]:
    parts = [one.partition(" ") for one in steps]
    return [Step(datetime.fromisoformat(at), name) for at, _, name in parts]
