"""What creating and answering a ticket writes, by hand: one statement for each table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

import orm
from orm.ids import uuid7
from seldesk.mail import markdown
from seldesk.models import desk as models
from seldesk.models.desk.message import BEGINNING
from seldesk.news import News
from tests.bench.rows import Rows

TICKETS, MESSAGES, EVENTS = Rows(models.Ticket), Rows(models.Message), Rows(models.Event)
SEARCHABLE = (
    "insert into app.ticket_search (ticket_id, words, size) values ($1, $2::text::tsvector || $3::text::tsvector, $4)"
)
PERSON = "select id, name, email from app.people where email = $1"
MAILBOX = "select id from app.mailboxes order by created_at, id limit 1"
HELD = "select * from app.tickets where number = $1 for update"
ANSWERED = """
    update app.tickets set last_message_id = $2, updated_at = $3, preview = $4, status = $5,
           assignee_id = coalesce(assignee_id, $6), solved_at = null
    where id = $1
"""
EXTENDED = """
    update app.ticket_search set words = words || $2::text::tsvector, size = size + $3
    where ticket_id = $1 and size < 8000
"""
POSTED = """
    insert into app.outbox (id, kind, payload, key, "group", state, attempts, due_at, created_at)
    values ($1, 'reply', $2, $3, $4, 'new', 0, $5, $6) on conflict (key) do nothing
"""
NOTED = """
    insert into control.wakeups (customer_id, due_at, noted_at) values ($1, $2, $3) on conflict (customer_id)
    do update set due_at = least(control.wakeups.due_at, excluded.due_at), noted_at = excluded.noted_at
"""
FORGOTTEN = "delete from app.drafts where person_id = $1 and ticket_id = $2"
KEPT = "insert into secret.answered (key, call, answer, answered_at) values ($1, $2, $3, $4) on conflict do nothing"
TOLD = "select pg_notify('live', $1)"


@dataclass(frozen=True, slots=True)
class Writer:
    """The wake-up is in the control database, so it has a connection of its own; it is committed before the reply."""

    control: asyncpg.Pool
    customer: UUID
    undo: int

    async def create(self, connection: asyncpg.Connection, agent: UUID, form: Mapping[str, Any]) -> int:
        now, ticket, body = datetime.now(UTC), uuid7(), str(form["body"])
        person = await connection.fetchrow(PERSON, form["requester_email"])
        message = _message(ticket, person["id"], body, now, side="requester")
        row = {
            "id": ticket,
            "subject": form["subject"],
            "preview": " ".join(body.split())[:BEGINNING],
            "status": "new",
            "priority": form["priority"],
            "urgency": 1,
            "channel": "desk",
            "requester_id": person["id"],
            "mailbox_id": await connection.fetchval(MAILBOX),
            "last_message_id": message["id"],
            "created_at": now,
            "updated_at": now,
        }
        number: int = await connection.fetchval(TICKETS.insert(returning="number"), *TICKETS.row(row))
        people, said = orm.search.words(f"{person['name']} {person['email']}"), orm.search.words(body)
        head = orm.search.document({"A": orm.search.words(str(form["subject"])), "B": people})
        await connection.execute(SEARCHABLE, ticket, head, orm.search.document({"C": said}), len(said))
        await connection.execute(MESSAGES.insert(), *MESSAGES.row(message))
        opened = _event(ticket, agent, "opened", {}, {"subject": form["subject"], "channel": "desk"}, now)
        received = _event(ticket, agent, "received", {}, {"message": str(message["id"])}, now)
        await connection.execute(EVENTS.insert(2), *EVENTS.parameters([opened, received]))
        await self._keep(connection, form, number, now)
        await self._tell(ticket, agent)
        return number

    async def reply(self, connection: asyncpg.Connection, agent: UUID, number: int, form: Mapping[str, Any]) -> UUID:
        now, body, status = datetime.now(UTC), str(form["body"]), str(form["status"])
        ticket = await connection.fetchrow(HELD, number)
        rendered = markdown.render(body)
        message = _message(ticket["id"], agent, body, now, side="agent", markdown=rendered, delivery="queued")
        events = [_event(ticket["id"], agent, "replied", {}, {"message": str(message["id"])}, now)]
        if ticket["assignee_id"] is None:
            events.append(_event(ticket["id"], agent, "assigned", {"assignee": None}, {"id": str(agent)}, now))
        if ticket["status"] != status:
            events.append(_event(ticket["id"], agent, "status", {"status": ticket["status"]}, {"status": status}, now))
        await connection.execute(MESSAGES.insert(), *MESSAGES.row(message))
        preview, words = " ".join(body.split())[:BEGINNING], orm.search.words(body)
        await connection.execute(ANSWERED, ticket["id"], message["id"], now, preview, status, agent)
        await connection.execute(EXTENDED, ticket["id"], orm.search.document({"C": words}), len(words))
        await connection.execute(EVENTS.insert(len(events)), *EVENTS.parameters(events))
        due, told = now + timedelta(seconds=self.undo), {"message": str(message["id"]), "ticket": str(ticket["id"])}
        await connection.execute(POSTED, uuid7(), told, f"reply:{message['id']}", str(ticket["id"]), due, now)
        await self.control.execute(NOTED, self.customer, due, now)
        await connection.execute(FORGOTTEN, agent, ticket["id"])
        await self._keep(connection, form, message["id"], now)
        await self._tell(ticket["id"], agent)
        identity: UUID = message["id"]
        return identity

    async def _keep(
        self, connection: asyncpg.Connection, form: Mapping[str, Any], answer: object, now: datetime
    ) -> None:
        key, call = sha256(str(form["once"]).encode()).digest(), sha256(str(form["body"]).encode()).digest()
        await connection.execute(KEPT, key, call, str(answer).encode(), now)

    async def _tell(self, ticket: UUID, agent: UUID) -> None:
        news = News()
        news.changed(ticket, agent)
        await self.control.execute(TOLD, news.payload(self.customer))


def _message(ticket: UUID, author: UUID, body: str, now: datetime, *, side: str, **more: str) -> dict[str, Any]:
    identity = uuid7()
    return {
        "id": identity,
        "ticket_id": ticket,
        "author_id": author,
        "kind": "message",
        "side": side,
        "origin": "desk",
        "text": body,
        "visible_end": len(body),
        "mail_id": f"<{ticket}.{identity}@bench.example>",
        "created_at": now,
        **more,
    }


def _event(
    ticket: UUID, agent: UUID, kind: str, before: dict[str, Any], after: dict[str, Any], now: datetime
) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "ticket_id": ticket,
        "actor_id": agent,
        "actor_kind": "person",
        "kind": kind,
        "before": before,
        "after": after,
        "request_id": "0123456789abcdef",
        "created_at": now,
    }
