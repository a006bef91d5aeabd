"""Who is called by name in a note: @Ann, @Ann Berg, @"Ann Berg"."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Self
from uuid import UUID

from seldesk.models.desk.person import Person
from seldesk.models.desk.ticket import Ticket

MOST = 20
# At signs of a text, each of which may begin any of the names.
LOOKED_AT = 500
_CALL = re.compile(r'(?<![\w@.+/-])@(?:"(?P<quoted>[^"\n]{1,200})")?')
_WORD = re.compile(r"(\S+)\s+")
_GOES_ON = re.compile(r"[\w@-]|\.\w")


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
        found = []
        for call in islice(_CALL.finditer(text), LOOKED_AT) if self.known else ():
            named = self._quoted(call) if call["quoted"] else self._bare(text, call.end())
            if named is None or (named[0].id not in self.called and len(self.called) >= MOST):
                continue
            agent, end = named
            if agent.id not in self.called:
                self.called.append(agent.id)
            found.append((call.start(), end, f"@{agent.name}"))
        return found

    def _quoted(self, call: re.Match[str]) -> tuple[_Agent, int] | None:
        agent = self.known.get(_spelt(call["quoted"]))
        return None if agent is None else (agent, call.end())

    def _bare(self, text: str, begin: int) -> tuple[_Agent, int] | None:
        """The longest name that stands here."""
        for name in sorted(self.known, key=len, reverse=True):
            end = _end_of(name, text, begin)
            if end is not None:
                return self.known[name], end
        return None


def _end_of(name: str, text: str, begin: int) -> int | None:
    """Where the name ends that begins here, however it is spaced and spelt; None when something else stands here."""
    *before, last = name.split(" ")
    for word in before:
        found = _WORD.match(text, begin)
        if found is None or found[1].casefold() != word:
            return None
        begin = found.end()
    for end in range(begin + 1, min(begin + len(last), len(text)) + 1):
        if text[begin:end].casefold() == last:
            return None if _GOES_ON.match(text, end) else end
    return None


def _spelt(name: str) -> str:
    return " ".join(name.casefold().split())
