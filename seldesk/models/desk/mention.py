"""Who is called by name in a note: @Ann, @Ann Berg, @"Ann Berg"."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from seldesk.models.desk.person import Person
from seldesk.models.desk.ticket import Ticket

MOST = 20


@dataclass(frozen=True, slots=True)
class _Agent:
    id: UUID
    name: str


@dataclass(slots=True)
class Mentions:
    """The names of those who may see a ticket, and whom a text has called so far, in that order.

    A name that two of them have calls nobody: the writer sees that it is not marked.
    """

    known: dict[str, _Agent]
    called: list[UUID] = field(default_factory=list)

    @classmethod
    async def among(cls, ticket: Ticket) -> Self:
        return cls.of(await ticket.readers().limit(200).into(_Agent, id=Person.id, name=Person.name))

    @classmethod
    def of(cls, agents: Iterable[_Agent]) -> Self:
        known: dict[str, _Agent] = {}
        whole = [(_spelt(agent.name), agent) for agent in agents]
        # A whole name is stronger than the first name of somebody else.
        for spellings in (whole, [(name.partition(" ")[0], agent) for name, agent in whole]):
            often = Counter(name for name, _ in spellings)
            known |= {name: agent for name, agent in spellings if name and often[name] == 1 and name not in known}
        return cls(known)

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Where in the text somebody is called: begin, end, and what is shown there."""
        if not self.known or "@" not in text:
            return []
        names = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(self.known, key=len, reverse=True))
        pattern = rf'(?<![\w@.+/-])@(?:"(?P<quoted>{names})"|(?P<bare>{names})(?![\w@-]|\.\w))'
        found = []
        for match in re.finditer(pattern, text, re.IGNORECASE):
            agent = self.known.get(_spelt(match["quoted"] or match["bare"]))
            if agent is None or (agent.id not in self.called and len(self.called) >= MOST):
                continue
            if agent.id not in self.called:
                self.called.append(agent.id)
            found.append((match.start(), match.end(), f"@{agent.name}"))
        return found


def _spelt(name: str) -> str:
    return " ".join(name.casefold().split())
