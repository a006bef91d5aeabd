"""Who looks at which ticket, and who writes in it: in memory, and gone soon after it was last heard."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from seldesk.news import Attended, Doing

MOST_OF_ONE = 20
MOST = 2000


@dataclass(frozen=True, slots=True)
class _Tab:
    doing: Doing
    until: float


@dataclass(slots=True)
class Presence:
    """Of one customer, in seconds of the event loop. Who writes in one tab and looks in another, writes."""

    lasts: float
    _tabs: dict[tuple[UUID, UUID, str], _Tab] = field(default_factory=dict)
    _told: dict[UUID, dict[UUID, Doing]] = field(default_factory=dict)

    def hear(self, one: Attended, now: float) -> bool:
        """Whether there is something to tell."""
        key = (one.ticket, one.person, one.tab)
        if one.doing == "gone":
            self._tabs.pop(key, None)
        elif key in self._tabs or self._has_room(one.person):
            self._tabs[key] = _Tab(one.doing, now + self.lasts)
        return self.of(one.ticket) != self._told.get(one.ticket, {})

    def expire(self, now: float) -> None:
        self._tabs = {key: tab for key, tab in self._tabs.items() if tab.until > now}

    def next_end(self) -> float | None:
        return min((tab.until for tab in self._tabs.values()), default=None)

    def tickets(self) -> set[UUID]:
        return {ticket for ticket, _, _ in self._tabs}

    def of(self, ticket: UUID) -> dict[UUID, Doing]:
        there: dict[UUID, Doing] = {}
        for (where, person, _), tab in self._tabs.items():
            if where == ticket and there.get(person) != "writing":
                there[person] = tab.doing
        return there

    def news(self) -> set[UUID]:
        """The tickets at which it is not as it was last told."""
        return {
            ticket for ticket in self.tickets() | self._told.keys() if self.of(ticket) != self._told.get(ticket, {})
        }

    def told(self, tickets: Iterable[UUID]) -> None:
        for ticket in tickets:
            if there := self.of(ticket):
                self._told[ticket] = there
            else:
                self._told.pop(ticket, None)

    def _has_room(self, person: UUID) -> bool:
        own = sum(1 for _, whose, _ in self._tabs if whose == person)
        return own < MOST_OF_ONE and len(self._tabs) < MOST
