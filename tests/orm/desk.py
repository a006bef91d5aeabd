"""A small desk for the tests: people, tickets, messages and two queues."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orm

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SCHEMA = "desk"


class Person(orm.Model, table="people", schema=SCHEMA):
    id: orm.Column[UUID] = orm.key()
    name: orm.Column[str] = orm.text()
    address: orm.Column[str | None] = orm.text(optional=True, unique=True)


class Ticket(orm.Model, table="tickets", schema=SCHEMA):
    id: orm.Column[UUID] = orm.key()
    number: orm.Column[int] = orm.counter()
    subject: orm.Column[str] = orm.text()
    status: orm.Column[str] = orm.choice("new", "open", "solved", default="new")
    requester_id: orm.Column[UUID] = orm.reference("desk.people.id")
    assignee_id: orm.Column[UUID | None] = orm.reference("desk.people.id", optional=True)
    tags: orm.Column[list[str]] = orm.texts()
    urgent: orm.Column[bool] = orm.flag(default=False)
    views: orm.Column[int] = orm.integer(default=0)
    facts: orm.Column[Any] = orm.json(default=dict)
    updated_at: orm.Column[datetime] = orm.time()
    due_at: orm.Column[datetime | None] = orm.time(optional=True)

    indexes = (
        orm.index("ix_tickets_list", "updated_at DESC", "id DESC"),
        orm.index("ix_tickets_tags", "tags", using="gin"),
        orm.index("ix_tickets_open", "updated_at", where="status <> 'solved'"),
        orm.check("views", "views >= 0"),
    )


class Message(orm.Model, table="messages", schema=SCHEMA):
    id: orm.Column[UUID] = orm.key()
    ticket_id: orm.Column[UUID] = orm.reference("desk.tickets.id", delete="cascade")
    body: orm.Column[str] = orm.text()
    raw: orm.Column[bytes | None] = orm.binary(optional=True)
    sent_at: orm.Column[datetime] = orm.time()


class Setting(orm.Model, table="settings", schema=SCHEMA):
    name: orm.Column[str] = orm.text(primary=True)
    value: orm.Column[str] = orm.text()
    version: orm.Column[int] = orm.integer(default=1)


class Outbox(orm.Task, table="outbox", schema=SCHEMA):
    pass


class Job(orm.Task, table="jobs", schema=SCHEMA):
    pass


def tenants_of(address: orm.Address, **options: Any) -> orm.Tenants:
    return orm.Tenants(lambda tenant: address, cursor_key=b"k" * 32, **options)


async def cleo() -> Person:
    """The requester that a ticket needs, in the transaction that is open."""
    found = await Person.where(Person.name == "Cleo").first()
    return found or Person.add(name="Cleo", address="cleo@acme.example")
