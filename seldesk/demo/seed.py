"""Plays the stories through the public methods, at a clock that moves through the five weeks."""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from types import EllipsisType
from uuid import UUID

from msgspec import UNSET, UnsetType

import rpc
from rpc import Credential, Kind
from seldesk.app.build import Application
from seldesk.clock import SetClock
from seldesk.demo.mails import envelope_sender, mail_bytes
from seldesk.demo.story import Change, Customer, Mail, Note, Reply, Step, Story
from seldesk.jobs.outbox import Outboxes
from seldesk.jobs.relay import Letter, Refusal, Relay
from seldesk.methods.desk import mailboxes, mails, people, saved_replies, staff_access, tickets, tokens
from seldesk.surroundings import OPERATOR

# Before a session would be over by itself.
WORKDAY, WORKWEEK = timedelta(hours=11), timedelta(days=6)
HIRED = timedelta(days=40)
# One browser for all of them: nobody is told of a new one.
DEVICE = secrets.token_urlsafe(32)
LINK = re.compile(r"https?://\S+/link/\S+")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in to the demo."""

    role: str
    email: str
    password: str
    token: str


@dataclass(slots=True)
class Watched:
    """A relay that remembers the last letter to a requester, for the answer to it."""

    relay: Relay
    last: Letter | None = None
    staff: set[str] = field(default_factory=set)

    async def send(self, letter: Letter) -> Sequence[Refusal]:
        left_out = await self.relay.send(letter)
        if not self.staff.intersection(letter.recipients):
            self.last = letter
        return left_out


@dataclass(slots=True)
class Thread:
    """How far a story has come."""

    story: Story
    number: int | None = None
    address: str = ""
    references: list[str] = field(default_factory=list)
    link: str = ""


class Seed:
    """Fills one customer."""

    def __init__(self, app: Application, clock: SetClock, relay: Relay, customer: Customer) -> None:
        self.app, self.clock, self.customer = app, clock, customer
        self.relay = Watched(relay)
        self.outboxes = Outboxes(app.program(Kind.JOB), app.job, self.relay)
        self.people: dict[str, Person] = {}
        self.ids: dict[str, UUID] = {}
        self.sessions: dict[str, tuple[str, datetime, datetime]] = {}
        self.mailbox = f"{customer.mailbox}@{app.addresses.mail_domain(customer.slug)}"
        self.link: tuple[str, str] = ("", "")

    async def play(self, on_ticket: Callable[[], None]) -> None:
        """People first; then all steps of all stories in the order in which they happened."""
        now = self.clock.now()
        self.clock.set(now - HIRED)
        await self._hire()
        threads = [Thread(story) for story in (*self.customer.tickets, *self.customer.strays)]
        steps: list[tuple[datetime, int, Thread, Step]] = []
        for position, thread in enumerate(threads):
            for at, step in zip(thread.story.times(now), thread.story.steps, strict=True):
                steps.append((at, position, thread, step))
        for at, _, thread, step in sorted(steps, key=lambda one: one[:2]):
            self.clock.set(at)
            await self._step(thread, step, at)
            if step is thread.story.steps[-1]:
                on_ticket()
            if thread.link:
                self.link = thread.story.requester.email, thread.link
        self.clock.set(now)
        await self.outboxes.drain(self._id())
        # Of its people and tokens, at its primary address: or the letters would leave while somebody looks at the demo.
        await self.outboxes.drain(OPERATOR.id)
        if self.customer.lets_staff_in:
            owner = next(one.email for one in self.customer.people if one.role == "owner")
            await (await self._as(owner))(staff_access.turn_on, span="week")

    async def _hire(self) -> None:
        command, anybody = self._call(Kind.COMMAND), self._call(Kind.ANONYMOUS)
        await command(mailboxes.create, address=self.mailbox, name=self.customer.name)
        self.relay.staff.update(worker.email for worker in self.customer.people)
        for worker in self.customer.people:
            invited = await command(people.invite, email=worker.email, name=worker.name, role=worker.role)
            password = secrets.token_urlsafe(12)
            await anybody(
                people.choose_password, token=invited.secret.rpartition("/")[2], password=password, device=DEVICE
            )
            issued = await command(tokens.create, email=worker.email, name="demo")
            self.people[worker.email] = Person(worker.role, worker.email, password, issued.secret)
        owner = await self._as(self.customer.people[0].email)
        for name, text in self.customer.saved_replies:
            await owner(saved_replies.create, name=name, text=text)
        page = await owner(tickets.agents)
        self.ids = {party.email: party.id for party in page}

    async def _step(self, thread: Thread, step: Step, at: datetime) -> None:
        match step:
            case Mail():
                await self._mail(thread, step, at)
            case Reply():
                await (await self._as(step.by))(
                    tickets.reply,
                    number=_number(thread),
                    body=step.text,
                    status=step.status,
                    files=_files(step, at),
                )
            case Note():
                await (await self._as(step.by))(tickets.note, number=_number(thread), body=step.text)
            case Change():
                await self._change(thread, step)
        await self._send(thread)

    async def _mail(self, thread: Thread, step: Mail, at: datetime) -> None:
        story = thread.story
        if story.opened_by and step is story.steps[0]:
            written = await (await self._as(story.opened_by))(
                tickets.open,
                subject=story.subject,
                body=step.text,
                requester_email=story.requester.email,
                requester_name=story.requester.name,
                files=_files(step, at),
            )
            thread.number = written.number
            return
        message_id = f"<{secrets.token_hex(12)}@{(step.sender or story.requester).email.partition('@')[2]}>"
        raw = mail_bytes(
            story,
            step,
            at=at,
            mailbox=thread.address or self.mailbox,
            desk=self.customer.name,
            message_id=message_id,
            references=thread.references,
            number=thread.number,
        )
        received = await self._call(Kind.MAIL)(
            mails.receive,
            recipient=thread.address or self.mailbox,
            sender=envelope_sender(story, step),
            raw=raw,
        )
        thread.references.append(message_id)
        if received.ticket is not None and thread.number is None:
            thread.number = received.ticket

    async def _change(self, thread: Thread, step: Change) -> None:
        assignee: UUID | UnsetType | None = UNSET
        if not isinstance(step.assignee, EllipsisType):
            assignee = self.ids[step.assignee] if step.assignee else None
        await (await self._as(step.by))(
            tickets.update,
            number=_number(thread),
            status=UNSET if step.status is None else step.status,
            assignee=assignee,
            priority=UNSET if step.priority is None else step.priority,
            tags=UNSET if step.tags is None else list(step.tags),
        )

    async def _send(self, thread: Thread) -> None:
        """Let what is due leave, and remember where an answer goes."""
        self.relay.last = None
        await self.outboxes.drain(self._id())
        if self.relay.last is None:
            return
        sent = message_from_bytes(self.relay.last.raw, policy=policy.default)
        thread.references.append(self.relay.last.message_id)
        thread.address = sent["Reply-To"].addresses[0].addr_spec if sent["Reply-To"] else thread.address
        found = LINK.search(sent.get_body(("plain",)).get_content())
        thread.link = found.group() if found else thread.link

    def _id(self) -> UUID:
        entry = self.app.directory.find(self.customer.slug)
        if entry is None:
            raise ValueError(f"{self.customer.slug} is not in the directory.")
        return entry.id

    def _call(self, kind: Kind) -> rpc.Call:
        return self.app.program(kind, self.customer.slug)

    async def _as(self, email: str) -> rpc.Call:
        """As somebody at the desk, who signs in each morning."""
        now = self.clock.now()
        secret, since, used = self.sessions.get(email, ("", now, now - WORKDAY))
        if now - used >= WORKDAY or now - since >= WORKWEEK:
            password = self.people[email].password
            answer = await self._call(Kind.ANONYMOUS)(people.sign_in, email=email, password=password, device=DEVICE)
            secret, since = answer.token or "", now
        self.sessions[email] = secret, since, now
        credential = Credential(kind=Kind.PERSON, place=self.customer.slug, secret=secret)
        return self.app.dispatcher.calling(credential)


def _number(thread: Thread) -> int:
    if thread.number is None:
        raise ValueError(f"The story {thread.story.subject!r} has not become a ticket.")
    return thread.number


def _files(step: Mail | Reply, at: datetime) -> list[rpc.Upload]:
    return [rpc.Upload(file.name, file.type, file.content(at)) for file in step.files]
