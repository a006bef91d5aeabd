"""One small cast for all tests: Ann answers, Bo supervises, Cleo asks, at Acme; Globex is next door."""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import rpc
from orm.provision.connection import connect
from orm.testing import Server
from rpc import Credential, Kind
from seldesk.app import installation, running
from seldesk.app.build import Application, opened
from seldesk.app.fleet import Cluster
from seldesk.app.operations import operations
from seldesk.clock import SetClock
from seldesk.jobs.outbox import Outboxes
from seldesk.jobs.provision import Provisioner
from seldesk.jobs.relay import Memory
from seldesk.methods.control import customers
from seldesk.methods.desk import mailboxes, mails, people, tokens
from seldesk.methods.desk.shapes.mails import Received
from seldesk.settings import Settings
from tests.kept import Kept

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
DEVICE = "the-browser-that-everybody-is-known-by-here"
CLEO = "cleo@cleo.example"
# Otherwise the standard library encodes a long Message-ID as if it were words.
LONG_LINES = SMTP.clone(max_line_length=998)


@dataclass
class Desk:
    """One customer with its people."""

    app: Application
    slug: str
    id: UUID
    database: str
    tokens: dict[str, str] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)

    @property
    def mailbox(self) -> str:
        return f"support@{self.slug}.localhost"

    def of(self, app: Application) -> "Desk":
        """The same one, as another process serves it."""
        return replace(self, app=app, tokens=dict(self.tokens), people=dict(self.people))

    def program(self, kind: Kind) -> rpc.Call:
        return self.app.program(kind, self.slug)

    def by_token(self, name: str) -> rpc.Call:
        return self.calling(Kind.TOKEN, self.tokens[name])

    def calling(self, kind: Kind, secret: str) -> rpc.Call:
        credential = Credential(kind=kind, place=self.slug, secret=secret, address="192.0.2.1", request_id="test")
        return self.app.dispatcher.calling(credential)

    async def signed_in(self, name: str) -> rpc.Call:
        """A person with a session."""
        call = self.calling(Kind.ANONYMOUS, "")
        answer = await call(people.sign_in, email=address(name, self.slug), password=PASSWORD, device=DEVICE)
        assert answer.token is not None
        return self.calling(Kind.PERSON, answer.token)

    async def mail(self, raw: bytes, *, to: str | None = None, sender: str = CLEO) -> Received:
        return await self.program(Kind.MAIL)(mails.receive, recipient=to or self.mailbox, sender=sender, raw=raw)


@dataclass
class World:
    app: Application
    clock: SetClock
    relay: Memory
    server: Server
    acme: Desk

    async def neighbour(self, slug: str = "globex") -> Desk:
        return await _desk(self.app, slug)

    async def deliver(self, desk: Desk) -> None:
        """Send what is due from this desk."""
        await Outboxes(self.app.program(Kind.JOB), self.app.job, self.relay).drain(desk.id)

    async def control_rows(self, statement: str) -> list[str]:
        """The first column of what the superuser sees in the control database."""
        async with connect(self.server.superuser, self.app.settings.database.control) as connection:
            return [str(row[0]) for row in await connection.fetch(statement)]

    async def rows(self, desk: Desk, statement: str) -> list[str]:
        """The first column of what the superuser sees in a customer's database."""
        async with connect(self.server.superuser, desk.database) as connection:
            return [str(row[0]) for row in await connection.fetch(statement)]


def address(name: str, slug: str) -> str:
    return f"{name}@{slug}.example"


def mail(
    subject: str = "The printer smokes",
    text: str = "Good morning,\n\nit smokes when it prints.\n\nCleo",
    *,
    sender: str = f"Cleo Camp <{CLEO}>",
    to: str = "support@acme.localhost",
    message_id: str = "<first@cleo.example>",
    headers: Mapping[str, str] | None = None,
    html: str | None = None,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """A mail as a requester's program sends it."""
    message = EmailMessage(policy=LONG_LINES)
    message["From"], message["To"], message["Subject"], message["Message-ID"] = (
        sender,
        to,
        subject,
        message_id,
    )
    message["Date"] = MONDAY
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    for name, content in (files or {}).items():
        message.add_attachment(content, "application", "octet-stream", filename=name)
    return message.as_bytes()


def settings(home: Path, **given: Any) -> Settings:
    environment = {"SELDESK_HOME": str(home), "SELDESK_UNDO_SECONDS": "0", **given}
    return Settings.load(None, environment)


@asynccontextmanager
async def world(server: Server, home: Path, **given: Any) -> AsyncIterator[World]:
    """Acme with Ann and Bo, and nothing that happened in another test. given are settings.

    Acme is made once for a server, the way customers are made, and put back each time as it was then.
    """
    chosen, clock = settings(home, **given), SetClock(MONDAY)
    where: Cluster = running.cluster(chosen, server.superuser.host, server.superuser.port)
    desk = await _put_back(server, chosen, where)
    async with opened(chosen, where, clock) as app:
        yield World(app, clock, Memory(), server, await _acme(app, server, chosen) if desk is None else desk.of(app))


@dataclass(frozen=True)
class _Made:
    """Acme as it was when it had just been made, and the control database beside it."""

    desk: Desk
    control: Kept
    rows: Kept


_made: dict[tuple[Path, int], _Made] = {}
_STILL_SERVED = """
SELECT datname FROM control.customers JOIN pg_database ON datname = database JOIN pg_roles ON rolname = database
WHERE slug = 'acme' AND state = 'active' AND cluster = 'main' AND credentials = 1 AND datallowconn
    AND has_database_privilege(rolname, datname, 'CONNECT')
"""
_EMPTY_CONTROL = """
DO $$ BEGIN EXECUTE (
    SELECT 'TRUNCATE ' || string_agg(format('%I.%I', schemaname, tablename), ', ') || ' CASCADE'
    FROM pg_tables WHERE schemaname = 'control' AND tablename NOT IN ('alembic_version', 'revision')
); END $$
"""
_DATABASES = "SELECT datname FROM pg_database WHERE datname ~ '^c_' ORDER BY 1"
_OF_A_CUSTOMER = ("app", "log", "secret")


async def _put_back(server: Server, chosen: Settings, where: Cluster) -> Desk | None:
    """All as it was when Acme had just been made; None, and nobody is a customer, where it has to be made anew."""
    made = _made.pop(_place(server, chosen), None)
    async with connect(server.superuser, chosen.database.control) as control:
        there = [row["datname"] for row in await control.fetch(_DATABASES)]
        if made and made.desk.database != await control.fetchval(_STILL_SERVED):
            made = None
        await (made.control.put_back(control) if made else control.execute(_EMPTY_CONTROL))
    for database in there:
        if not (made and database == made.desk.database):
            await installation.provisioner(chosen, where).drop(database)
    for store in chosen.stores:
        for folder in ("copies", "anchors", "erasures", *([str(made.desk.id)] if made else [])):
            shutil.rmtree(chosen.home / store / folder, ignore_errors=True)
    if made is None:
        return None
    async with connect(server.superuser, made.desk.database) as rows:
        await made.rows.put_back(rows)
    _made[_place(server, chosen)] = made
    return made.desk


async def _acme(app: Application, server: Server, chosen: Settings) -> Desk:
    desk = await _desk(app, "acme")
    async with (
        connect(server.superuser, chosen.database.control) as control,
        connect(server.superuser, desk.database) as rows,
    ):
        kept = await Kept.of(control, "control"), await Kept.of(rows, *_OF_A_CUSTOMER)
    _made[_place(server, chosen)] = _Made(desk, *kept)
    return desk.of(app)


def _place(server: Server, chosen: Settings) -> tuple[Path, int]:
    return chosen.home, server.superuser.port


async def _desk(app: Application, slug: str) -> Desk:
    row = await app.program(Kind.COMMAND)(customers.create, slug=slug, name=f"{slug.title()} Support")
    await Provisioner(app.program(Kind.JOB), operations(app)).work()
    await app.refresh()
    desk = Desk(app, slug, row.id, row.database)
    await desk.program(Kind.COMMAND)(mailboxes.create, address=desk.mailbox, name=row.name)
    await _hire(desk, "ann", "agent")
    await _hire(desk, "bo", "owner")
    # The tests have people and tokens that the operator made, and no test waits for the letters about them.
    own = app.fleet.named(row.cluster).address(row.database, row.database, row.credentials)
    for address, letters in (
        (own, "app.outbox WHERE kind = 'token_made'"),
        (app.control_address, "control.outbox WHERE kind IN ('token made', 'person added')"),
        (app.control_address, f"control.wakeups WHERE customer_id = '{desk.id}'"),
    ):
        async with connect(address) as connection:
            await connection.execute(f"DELETE FROM {letters}")  # noqa: S608 - ours
    return desk


async def _hire(desk: Desk, name: str, role: Literal["agent", "owner"]) -> None:
    command, email = desk.program(Kind.COMMAND), address(name, desk.slug)
    invited = await command(people.invite, email=email, name=name.title(), role=role)
    secret = invited.secret.rpartition("/")[2]
    await desk.calling(Kind.ANONYMOUS, "")(people.choose_password, token=secret, password=PASSWORD, device=DEVICE)
    desk.tokens[name] = (await command(tokens.create, email=email, name="test")).secret
