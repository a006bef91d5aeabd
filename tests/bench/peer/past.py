"""The same past as django-helpdesk keeps it: as many tickets and messages, the same texts at the same times."""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg

from tests.bench import vocabulary
from tests.bench.place import AGENTS, PASSWORD
from tests.bench.seed import CHUNK, REQUESTERS, SPAN, STATES, priority

STATUSES = {"new": 1, "open": 1, "waiting": 2, "solved": 3, "closed": 4}
PRIORITIES = {"urgent": 1, "high": 2, "normal": 3, "low": 4}
PAGE = 50
QUEUE = """
    insert into helpdesk_queue (id, title, slug, locale, allow_public_submission, allow_email_submission,
                                enable_notifications_on_email_events, email_box_ssl)
    values (1, 'Support', 'support', 'en', false, false, false, false)
"""
AGENT = """
    insert into auth_user (id, username, first_name, last_name, email, password, is_staff, is_active, is_superuser,
                           date_joined)
    values ($1, $2, 'Agent', $3, $4, $5, true, true, false, $6)
"""
SETTINGS = """
    insert into helpdesk_usersettings (user_id, email_on_ticket_assign, email_on_ticket_change, login_view_ticketlist,
                                       tickets_per_page, use_email_as_submitter, ticket_respond_layout)
    values ($1, true, true, true, $2, true, 'tabs')
"""
TICKET = (
    *("id", "title", "created", "modified", "submitter_email", "status", "on_hold", "description", "priority"),
    *("assigned_to_id", "queue_id", "secret_key"),
)
MESSAGE = ("date", "title", "comment", "public", "ticket_id", "user_id", "message_id")
TABLES = ("helpdesk_ticket", "helpdesk_followup", "helpdesk_queue", "auth_user")


def name(position: int) -> str:
    return f"agent{position}"


async def seed(connection: asyncpg.Connection, tickets: int, now: datetime) -> None:
    """Tickets 1 to `tickets` in a database that was just migrated."""
    await connection.execute(QUEUE)
    kept = _hash(PASSWORD)
    for position in range(AGENTS):
        identity, email = position + 1, f"{name(position)}@peer.example"
        await connection.execute(AGENT, identity, name(position), str(position), email, kept, now - SPAN)
        await connection.execute(SETTINGS, identity, PAGE)
    for first in range(1, tickets + 1, CHUNK):
        numbers = range(first, min(first + CHUNK, tickets + 1))
        began = {number: now - SPAN * (tickets - number + 1) / (tickets + 1) for number in numbers}
        rows = [_ticket(number, began[number]) for number in numbers]
        await connection.copy_records_to_table("helpdesk_ticket", columns=TICKET, records=rows)
        said = [row for number in numbers for row in messages(number, began[number])]
        await connection.copy_records_to_table("helpdesk_followup", columns=MESSAGE, records=said)
    for table in TABLES:
        most = f"(select max(id) from {table})"  # noqa: S608 - names that stand above
        await connection.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), {most})")
    await connection.execute("vacuum analyze")


def _ticket(number: int, began: datetime) -> tuple[Any, ...]:
    state, turns = STATES[number % 10]
    last = began + timedelta(seconds=turns - 1)
    email = f"requester{number % REQUESTERS}@customers.example"
    agent = number % AGENTS + 1 if turns > 1 else None
    return (
        *(number, vocabulary.subject(number), began, last, email, STATUSES[state], False),
        *(vocabulary.text(number, 0), PRIORITIES[priority(number)], agent, 1, str(uuid4())),
    )


def messages(number: int, began: datetime) -> Iterator[tuple[Any, ...]]:
    for turn in range(STATES[number % 10][1]):
        title, agent = ("Comment", number % AGENTS + 1) if turn % 2 else ("E-mail received", None)
        when, mail = began + timedelta(seconds=turn), f"<{number}.{turn}@customers.example>"
        yield when, title, vocabulary.text(number, turn), True, number, agent, mail


def _hash(password: str) -> str:
    """As Django keeps it by the quickest of its ways."""
    salt = secrets.token_hex(8)
    return f"md5${salt}${hashlib.md5((salt + password).encode(), usedforsecurity=False).hexdigest()}"
