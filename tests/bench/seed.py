"""A customer's past: tickets and what was said in them, by COPY, row for row as the methods would have written it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg

import orm
from orm.ids import uuid7
from seldesk.mail import markdown
from seldesk.models import desk as models
from seldesk.models.desk.message import BEGINNING
from seldesk.models.desk.ticket import PRIORITIES
from tests.bench import vocabulary
from tests.bench.rows import Rows, speak_json

REQUESTERS = 400
CHUNK = 5_000  # tickets in memory at a time
SPAN = timedelta(days=365)
# By the last digit of the number: the state, and how many messages led to it. Half are unsolved, 30 messages in ten.
STATES = (
    *(("new", 1), ("solved", 4), ("open", 3), ("solved", 4), ("open", 3)),
    *(("solved", 2), ("waiting", 2), ("closed", 4), ("waiting", 4), ("closed", 3)),
)
KINDS = {"tickets": Rows(models.Ticket, "number"), "messages": Rows(models.Message), "events": Rows(models.Event)}
STAGED = "create temporary table staged (ticket_id uuid, size integer, head text, said text[])"
SEARCHABLE = """
    insert into app.ticket_search (ticket_id, words, size)
    select ticket_id,
           head::tsvector || said[1]::tsvector || said[2]::tsvector || said[3]::tsvector || said[4]::tsvector,
           size
    from staged
"""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who stands in the rows: requesters with name and address."""

    agents: Sequence[UUID]
    requesters: Sequence[tuple[UUID, str, str]]
    mailbox: UUID


@dataclass(slots=True)
class Chunk:
    tickets: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    staged: list[tuple[UUID, int, str, list[str]]] = field(default_factory=list)


async def seed(connection: asyncpg.Connection, tickets: int, now: datetime) -> None:
    """Tickets 1 to `tickets` in a customer's empty database, the newest changed a moment before now."""
    cast = await begin(connection, now)
    await write(connection, cast, range(1, tickets + 1), tickets, now)
    await end(connection, tickets)


async def begin(connection: asyncpg.Connection, now: datetime) -> Cast:
    """The people in the tickets."""
    found = [
        (uuid7(), f"Robin Sample {position}", f"requester{position}@customers.example")
        for position in range(REQUESTERS)
    ]
    told = {"role": "requester", "created_at": now - SPAN}
    people = ({"id": id_, "name": name, "email": email, **told} for id_, name, email in found)
    await Rows(models.Person).copy(connection, people)
    agents = await connection.fetch("select id from app.people where role <> 'requester' order by email")
    mailbox = await connection.fetchval("select id from app.mailboxes limit 1")
    return Cast([row["id"] for row in agents], found, mailbox)


async def write(connection: asyncpg.Connection, cast: Cast, numbers: range, tickets: int, now: datetime) -> None:
    """Those of `tickets` that have these numbers. Any number of connections may write at the same time."""
    await speak_json(connection)
    await connection.execute(STAGED)
    for first in range(numbers.start, numbers.stop, CHUNK):
        chunk = Chunk()
        for number in range(first, min(first + CHUNK, numbers.stop)):
            _Past(chunk, cast, number, now - SPAN * (tickets - number + 1) / (tickets + 1)).write()
        async with connection.transaction():
            for name, rows in KINDS.items():
                await rows.copy(connection, getattr(chunk, name))
            await connection.copy_records_to_table("staged", records=chunk.staged)
            await connection.execute(SEARCHABLE)
            await connection.execute("truncate staged")


async def end(connection: asyncpg.Connection, tickets: int) -> None:
    await connection.execute("select setval(pg_get_serial_sequence('app.tickets', 'number'), $1)", tickets)
    await connection.execute("vacuum analyze")


class _Past:
    """One ticket from its first message to its state."""

    def __init__(self, chunk: Chunk, cast: Cast, number: int, began: datetime) -> None:
        self.chunk, self.number, self.began = chunk, number, began
        self.requester, self.name, self.email = cast.requesters[number % len(cast.requesters)]
        self.agent = cast.agents[number % len(cast.agents)]
        self.mailbox, self.id = cast.mailbox, uuid7()
        self.state, self.turns = STATES[number % 10]
        self.priority = priority(number)

    def write(self) -> None:
        subject, said = vocabulary.subject(self.number), []
        self._event(0, None, "opened", {}, {"channel": "mail"})
        for turn in range(self.turns):
            said.append(vocabulary.text(self.number, turn))
            self._message(turn, said[-1])
        if self.state in ("solved", "closed"):
            self._turned(self.turns - 1, "waiting" if self.turns % 2 == 0 else "open", self.state)
        last = self.chunk.messages[-1]
        self.chunk.tickets.append(
            {
                "id": self.id,
                "number": self.number,
                "subject": subject,
                "preview": " ".join(said[-1].split())[:BEGINNING],
                "status": self.state,
                "priority": self.priority,
                "urgency": PRIORITIES.index(self.priority),
                "tags": [vocabulary.TAGS[self.number % len(vocabulary.TAGS)]] if self.number % 4 == 0 else [],
                "channel": "mail",
                "requester_id": self.requester,
                "assignee_id": self.agent if self.turns > 1 else None,
                "mailbox_id": self.mailbox,
                "last_message_id": last["id"],
                "created_at": self.began,
                "updated_at": last["created_at"],
                "solved_at": last["created_at"] if self.state in ("solved", "closed") else None,
            }
        )
        self.chunk.staged.append(self._searchable(subject, said))

    def _searchable(self, subject: str, said: list[str]) -> tuple[UUID, int, str, list[str]]:
        people = vocabulary.words(f"{self.name} {self.email}")
        head = orm.search.document({"A": orm.search.words(subject), "B": people})
        parts = [vocabulary.words(one) for one in said]
        documents = [orm.search.document({"C": part}) for part in parts]
        return self.id, sum(map(len, parts)), head, documents + [""] * (4 - len(documents))

    def _message(self, turn: int, text: str) -> None:
        by_agent, at = turn % 2 == 1, self._time(turn)
        message = {
            "id": uuid7(),
            "ticket_id": self.id,
            "author_id": self.agent if by_agent else self.requester,
            "kind": "message",
            "side": "agent" if by_agent else "requester",
            "origin": "desk" if by_agent else "mail",
            "text": text,
            "visible_end": len(text),
            "markdown": _rendered(text) if by_agent else None,
            "mail_id": f"<{self.number}.{turn}@customers.example>",
            "delivery": "sent" if by_agent else "",
            "created_at": at,
        }
        self.chunk.messages.append(message)
        said = {"message": str(message["id"])}
        self._event(turn, self.agent if by_agent else None, "replied" if by_agent else "received", {}, said)
        if turn == 1:
            self._event(turn, self.agent, "assigned", {}, {"id": str(self.agent)})
        if turn:
            before = "new" if turn == 1 else ("open" if by_agent else "waiting")
            self._turned(turn, before, "waiting" if by_agent else "open")

    def _turned(self, turn: int, before: str, after: str) -> None:
        self._event(turn, self.agent, "status", {"status": before}, {"status": after})

    def _event(self, turn: int, actor: UUID | None, kind: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        self.chunk.events.append(
            {
                "id": uuid7(),
                "ticket_id": self.id,
                "actor_id": actor,
                "actor_kind": "mail" if actor is None else "person",
                "kind": kind,
                "before": before,
                "after": after,
                "request_id": "",
                "created_at": self._time(turn),
            }
        )

    def _time(self, turn: int) -> datetime:
        return self.began + timedelta(seconds=turn)


@lru_cache(maxsize=4096)
def _rendered(text: str) -> str:
    return markdown.render(text)


def priority(number: int) -> str:
    return PRIORITIES[number * 31 % 11 % 4] if number % 3 == 0 else "normal"


def turns(number: int) -> int:
    """How many messages a ticket begins with."""
    return STATES[number % 10][1]


def answerable(most: int) -> list[int]:
    """Numbers of tickets that take replies."""
    return [number for number in range(1, most + 1) if STATES[number % 10][0] != "closed"]
