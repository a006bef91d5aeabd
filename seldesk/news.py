"""What a call tells open pages after its commit: ids alone. Who hears of them reads by their own rights."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

import msgspec

Doing = Literal["viewing", "writing", "gone"]
# More than these make a message of PostgreSQL too long, and a page reads its list anew for one as for many.
MOST = 40


@dataclass(frozen=True, slots=True)
class Changed:
    """actor is the person who did it, None for a program."""

    ticket: UUID
    actor: UUID | None


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody looks at a ticket or writes in it, in one of their tabs."""

    ticket: UUID
    person: UUID
    tab: str
    doing: Doing


@dataclass(frozen=True, slots=True)
class Heard:
    """News on its way between processes. many: so much has changed that everything is to be read anew."""

    customer: UUID
    changed: list[Changed] = field(default_factory=list)
    attended: list[Attended] = field(default_factory=list)
    many: bool = False

    @classmethod
    def read(cls, payload: str) -> "Heard":
        return msgspec.json.decode(payload, type=cls)


@dataclass(slots=True)
class News:
    """What one call has to tell. What is rolled back is never told."""

    _changed: dict[UUID, UUID | None] = field(default_factory=dict)
    _attended: list[Attended] = field(default_factory=list)

    def changed(self, ticket: UUID, actor: UUID | None) -> None:
        self._changed[ticket] = actor

    def attended(self, ticket: UUID, person: UUID, tab: str, doing: Doing) -> None:
        self._attended.append(Attended(ticket, person, tab, doing))

    def payload(self, customer: UUID) -> str:
        """For a message of PostgreSQL, which has less than 8000 bytes; "" when there is nothing to tell."""
        if not self._changed and not self._attended:
            return ""
        many = len(self._changed) > MOST
        changed = [] if many else [Changed(*one) for one in self._changed.items()]
        return msgspec.json.encode(Heard(customer, changed, self._attended, many)).decode()
