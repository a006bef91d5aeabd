"""Which tickets somebody looks for: first which, then what is shown of those."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import orm
import rpc
from seldesk.caller import Caller
from seldesk.models.desk import merging
from seldesk.models.desk.criteria import Criteria
from seldesk.models.desk.message import Message
from seldesk.models.desk.person import Person
from seldesk.models.desk.searchable import Searchable
from seldesk.models.desk.snippet import Pieces, marked, snippet
from seldesk.models.desk.ticket import Ticket
from seldesk.models.desk.viewer import ids, like

SIZE = 25
READ = 2_000  # characters of a message, and messages of a ticket, in which the snippet is looked for
MESSAGES = 10
Where = Literal["", "message", "note"]
Requester = Person.alias("requester")
Assignee = Person.alias("assignee")


class SearchTooWide(rpc.Unavailable):
    """This search took too long. Add a word, or a status, tag or assignee."""

    code = "search_too_wide"


@dataclass(frozen=True, slots=True)
class Text:
    kind: Where
    text: str


@dataclass(slots=True)
class Found:
    """A ticket that was found, with the newest of what was written in it."""

    number: int
    subject: str
    preview: str
    status: str
    priority: str
    tags: list[str]
    requester: str
    assignee: str | None
    updated_at: datetime
    texts: list[Text]

    def title(self, criteria: Criteria) -> Pieces:
        return marked(self.subject, criteria.sought)

    def extract(self, criteria: Criteria) -> tuple[Where, Pieces]:
        """The kind of the message in which something was found, and the place; else how the ticket ends."""
        for text in self.texts:
            if pieces := snippet((text.text,), criteria.sought):
                return text.kind, pieces
        return "", [(self.preview, False)] if self.preview else []


async def tickets(
    caller: Caller, criteria: Criteria, cursor: str | None, size: int = SIZE
) -> tuple[list[Found], str | None]:
    """A page of what this caller may see, without what was removed: that very number first, then the newest change."""
    narrowed = list(criteria.conditions)
    if criteria.number is not None:
        narrowed.append(Ticket.number != criteria.number)
    finder = _narrowed(like(caller), size, narrowed) if narrowed else _finder(like(caller), size)
    try:
        found = await finder.find(criteria.terms, cursor, ids(caller))
    except orm.TimedOut:
        raise SearchTooWide from None
    first = criteria.number if cursor is None else None
    asked = _rows(like(caller), first is not None)
    rows = await asked.read(keys=found.keys, number=first, **ids(caller))
    if first is not None and all(row.number != first for row in rows):
        with suppress(orm.NotFound, rpc.NotFound):
            first = await merging.goes_on(caller, first)
            rows = await asked.read(keys=found.keys, number=first, **ids(caller))
    rows.sort(key=lambda row: row.number != first)
    return rows, found.next


@orm.kept
def _finder(caller: Caller, size: int) -> orm.search.Finder:
    return _narrowed(caller, size, ())


def _narrowed(caller: Caller, size: int, conditions: Iterable[orm.Condition]) -> orm.search.Finder:
    return orm.search.Finder(
        Ticket.seen_by(caller).where(Ticket.removed.is_(None), *conditions),
        by=(Ticket.updated_at, Ticket.id),
        vector=Searchable.words,
        key=Searchable.ticket_id,
        size=size,
    )


@orm.kept
def _rows(caller: Caller, numbered: bool) -> orm.Prepared[Found]:
    """The tickets with these keys; numbered, also the one with this number."""
    shown: orm.Condition = orm.among(Ticket.id, "keys")
    if numbered:
        shown = orm.or_(shown, Ticket.number == orm.parameter("number", Ticket.number))
    texts = Message.where(Message.ticket_id == Ticket.id)
    if not caller.may("tickets.read"):
        texts = texts.where(Message.kind == "message")
    texts = texts.order_by(Message.created_at.desc(), Message.id.desc()).limit(MESSAGES)
    said = orm.function("substr", Message.text, 1, orm.least(Message.visible_end, READ))
    rows = (
        Ticket.seen_by(caller)
        .where(shown, Ticket.removed.is_(None))
        .join(Requester, Requester.id == Ticket.requester_id)
        .join(Assignee, Assignee.id == Ticket.assignee_id, optional=True)
        .order_by(Ticket.updated_at.desc(), Ticket.id.desc())
        .limit(SIZE + 1)
    )
    return orm.Prepared(
        rows,
        Found,
        number=Ticket.number,
        subject=Ticket.subject,
        preview=Ticket.preview,
        status=Ticket.status,
        priority=Ticket.priority,
        tags=Ticket.tags,
        requester=Requester.name,
        assignee=Assignee.name,
        updated_at=Ticket.updated_at,
        texts=texts.as_list(Text, kind=Message.kind, text=said),
    )
