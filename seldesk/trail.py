"""What a call says of itself for the audit, beside what is known of every call."""

from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

Outcome = Literal["attempt", "done", "failed", "denied"]


@dataclass(slots=True)
class Trail:
    """person is whom the call is about, objects what else it touches. facts are what may have to be erased one day:
    names and addresses, as they were.
    """

    # The caller who was found, of whom a call that is refused after that leaves nothing else.
    caller: Any = None
    person: UUID | None = None
    # Which of the operator's staff does it, where one of them does.
    staff: UUID | None = None
    objects: dict[str, UUID] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    outcome: Outcome = "done"
    # What would only repeat an entry that stands already is not written.
    repeats: bool = False
    # The entry, to be written last.
    entry: Any = None
    # Who was not let in: "refused", or told to "wait" first.
    answer: Literal["refused", "wait"] | None = None
    # Those of the operator's log, where the call is one of the control database.
    operators: list[Any] = field(default_factory=list)

    def about(self, person: UUID | None = None, **objects: UUID) -> None:
        self.person = person or self.person
        self.objects |= objects

    def knowing(self, **facts: str) -> None:
        self.facts |= facts

    def failed(self) -> None:
        self.outcome = "failed"
