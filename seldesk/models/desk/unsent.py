"""Mail that waited in a copy when it was restored, and was not sent: who was to get it, and what it is of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orm
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.person import Person
from seldesk.models.desk.ticket import Ticket

SIZE = 50


@dataclass(frozen=True, slots=True)
class Waited:
    """number and subject are the ticket's, None without one; recipient is "" where nobody is known any more."""

    id: UUID
    kind: str
    recipient: str
    number: int | None
    subject: str | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    kind: str
    payload: Any
    created_at: datetime


@dataclass(frozen=True, slots=True)
class _About:
    id: UUID
    number: int
    subject: str
    email: str


@dataclass(frozen=True, slots=True)
class _Known:
    id: UUID
    email: str


async def page(cursor: str | None) -> orm.Page[Waited]:
    """The newest first."""
    columns: dict[str, Any] = {
        "id": Outbox.id,
        "kind": Outbox.kind,
        "payload": Outbox.payload,
        "created_at": Outbox.created_at,
    }
    waited = Outbox.where(Outbox.state == "superseded")
    rows = await waited.page(_Row, by=(Outbox.number,), size=SIZE, cursor=cursor, **columns)
    tickets, people = await _tickets(_named(rows.items, "ticket")), await _people(_named(rows.items, "person"))
    return orm.Page([_told(row, tickets, people) for row in rows.items], rows.next, rows.previous)


def _told(row: _Row, tickets: dict[str, _About], people: dict[str, str]) -> Waited:
    ticket, person = tickets.get(row.payload.get("ticket", "")), row.payload.get("person")
    if person is not None:
        recipient = people.get(person, "")
    else:
        recipient = row.payload.get("email") or (ticket.email if ticket else "")
    number, subject = (ticket.number, ticket.subject) if ticket else (None, None)
    return Waited(row.id, row.kind, recipient, number, subject, row.created_at)


def _named(rows: Iterable[_Row], name: str) -> list[UUID]:
    return sorted({UUID(row.payload[name]) for row in rows if row.payload.get(name)})


async def _tickets(ids: list[UUID]) -> dict[str, _About]:
    named = Ticket.where(Ticket.id.in_(ids)).join(Person, Person.id == Ticket.requester_id).limit(SIZE)
    columns = {"id": Ticket.id, "number": Ticket.number, "subject": Ticket.subject, "email": Person.email}
    return {str(one.id): one for one in (await named.into(_About, **columns) if ids else [])}


async def _people(ids: list[UUID]) -> dict[str, str]:
    named = Person.where(Person.id.in_(ids)).limit(SIZE)
    found = await named.into(_Known, id=Person.id, email=Person.email) if ids else []
    return {str(one.id): one.email for one in found}
