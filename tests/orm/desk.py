"""A small desk for the tests: people, tickets, messages and two queues."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

import orm
from orm.engine import connect
from orm.testing import Server

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Person(orm.Model, table="people", schema="desk"):
    id: orm.Column[UUID] = orm.key()
    name: orm.Column[str] = orm.text()
    address: orm.Column[str | None] = orm.text(optional=True, unique=True)

    @classmethod
    async def cleo(cls) -> Self:
        """The requester whom every ticket needs."""
        found = await cls.where(cls.address == "cleo@acme.example").first()
        return found or cls.add(name="Cleo", address="cleo@acme.example")


class Ticket(orm.Model, table="tickets", schema="desk"):
    id: orm.Column[UUID] = orm.key()
    number: orm.Column[int] = orm.counter()
    subject: orm.Column[str] = orm.text()
    status: orm.Column[str] = orm.choice("new", "open", "solved", default="new")
    requester_id: orm.Column[UUID] = orm.reference("desk.people.id")
    assignee_id: orm.Column[UUID | None] = orm.reference("desk.people.id", optional=True)
    tags: orm.Column[list[str]] = orm.texts()
    urgent: orm.Column[bool] = orm.flag(default=False)
    views: orm.Column[int] = orm.integer(default=0)
    facts: orm.Column[Any] = orm.json(optional=True)
    updated_at: orm.Column[datetime] = orm.time()
    due_at: orm.Column[datetime | None] = orm.time(optional=True)

    indexes = (
        orm.index("ix_tickets_list", "updated_at DESC", "id DESC"),
        orm.index("ix_tickets_tags", "tags", using="gin"),
        orm.index("ix_tickets_open", "updated_at", where="status <> 'solved'"),
        orm.check("views", "views >= 0"),
    )

    @classmethod
    async def about(cls, subject: str, *, after: int = 0, **values: Any) -> Self:
        """Cleo's ticket, changed so many minutes after NOW."""
        requester = await Person.cleo()
        updated_at = NOW + timedelta(minutes=after)
        return cls.add(subject=subject, requester_id=requester.id, updated_at=updated_at, **values)


class Message(orm.Model, table="messages", schema="desk"):
    id: orm.Column[UUID] = orm.key()
    ticket_id: orm.Column[UUID] = orm.reference("desk.tickets.id", delete="cascade")
    body: orm.Column[str] = orm.text()
    raw: orm.Column[bytes | None] = orm.binary(optional=True)
    sent_at: orm.Column[datetime] = orm.time()


class Setting(orm.Model, table="settings", schema="desk"):
    name: orm.Column[str] = orm.text(primary=True)
    value: orm.Column[str] = orm.text()
    version: orm.Column[int] = orm.integer(default=1)


class Outbox(orm.Task, table="outbox", schema="desk"):
    indexes = (orm.index("ix_outbox_kind", "kind"),)


def tenants_at(*addresses: orm.Address, **options: Any) -> orm.Tenants:
    """Tenants t0, t1, ... at these addresses in turn; acme is at the first, globex at the last."""

    def address_of(tenant: str) -> orm.Address:
        if tenant == "acme":
            return addresses[0]
        return addresses[-1] if tenant == "globex" else addresses[int(tenant[1:]) % len(addresses)]

    return orm.Tenants(address_of, **{"cursor_key": b"k" * 32, **options})


@asynccontextmanager
async def connected(*addresses: orm.Address, **options: Any) -> AsyncIterator[orm.Tenants]:
    """Tenants of databases as they are."""
    tenants = tenants_at(*addresses, **options)
    try:
        yield tenants
    finally:
        await tenants.close()


_shared: dict[orm.Address, orm.Address] = {}


async def emptied(server: Server) -> orm.Address:
    """The database with a desk's tables that the tests of a run share, without a row."""
    if server.superuser not in _shared:
        _shared[server.superuser] = await server.database()
        await orm.create_tables(_shared[server.superuser], ["desk"])
    address = _shared[server.superuser]
    tables = ", ".join(table.fullname for table in orm.metadata_of(["desk"]).sorted_tables)
    connection = await connect(address, 30)
    async with aclosing(connection):
        await connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY")
        await connection.commit()
    return address


@asynccontextmanager
async def opened(*addresses: orm.Address, **options: Any) -> AsyncIterator[orm.Tenants]:
    """Tenants of databases that get the desk's tables."""
    for address in addresses:
        await orm.create_tables(address, ["desk"])
    async with connected(*addresses, **options) as tenants:
        yield tenants
