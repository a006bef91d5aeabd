"""Replies on their way: who writes them, relays that do not take them, and workers that send them or die."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orm
from rpc import Kind
from seldesk.jobs.outbox import Outboxes
from seldesk.jobs.relay import Letter, Memory, Refusal, Refused
from seldesk.methods.desk import outbox, tickets
from seldesk.methods.desk.shapes.tickets import Message
from seldesk.methods.outgoing import Letter as Claimed
from tests.world import CLEO, Desk

LATER = Refused("The relay said 451 Later", permanent=False)
NEVER = Refused("The relay said 550 Nobody here", permanent=True)
LEASE = timedelta(minutes=2)


class Refusing:
    """A relay that takes nothing."""

    def __init__(self, said: Exception) -> None:
        self.said = said

    async def send(self, letter: Letter) -> None:
        raise self.said


@dataclass
class Slow(Memory):
    """A relay that begins to take a mail and waits to be told to end."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, letter: Letter) -> Sequence[Refusal]:
        self.begun.set()
        await self.told.wait()
        return await super().send(letter)


async def replied(desk: Desk, *bodies: str, number: int | None = None) -> int:
    """A ticket with these replies, all in the outbox."""
    ann = desk.by_token("ann")
    if number is None:
        opening = await ann(tickets.open, subject="The printer smokes", body="It smokes.", requester_email=CLEO)
        number = opening.number
    for body in bodies:
        await ann(tickets.reply, number=number, body=body)
    return number


async def replies(desk: Desk, number: int) -> list[Message]:
    ticket = await desk.by_token("ann")(tickets.read, number=number, messages=True)
    assert ticket.messages is not None
    return [message for message in ticket.messages if message.side == "agent"]


async def reasons(desk: Desk, number: int) -> list[Any]:
    """What the ticket's history says about mail that did not arrive."""
    page = await (await desk.signed_in("ann"))(tickets.page, number=number)
    return [event.after["reason"] for event in page.events if event.kind == "undelivered"]


async def drain(desk: Desk, relay: Any) -> None:
    await Outboxes(desk.app.program(Kind.JOB), desk.app.job, relay).drain(desk.id)


async def next_due(desk: Desk) -> datetime | None:
    return await desk.program(Kind.JOB)(outbox.next_due)


async def claim_and_die(desk: Desk) -> Claimed:
    (letter,) = await desk.program(Kind.JOB)(outbox.claim, limit=1)
    return letter


@asynccontextmanager
async def working(desk: Desk, relay: Any, *, poll: float, bell: bool = False) -> AsyncIterator[Outboxes]:
    """A worker at work."""
    app = desk.app
    worker, connected = Outboxes(app.program(Kind.JOB), app.job, relay, poll=poll), asyncio.Event()

    async def heard(channel: str, payload: str) -> None:
        if channel == "connected":
            connected.set()
        else:
            worker.ring(UUID(payload))

    tasks = [asyncio.create_task(worker.run())]
    if bell:
        tasks.append(asyncio.create_task(orm.listen(app.control_address, ("wakeups",), heard)))
        await connected.wait()
    try:
        yield worker
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def has_sent(relay: Memory, count: int) -> Callable[[], Any]:
    async def so_many() -> bool:
        return len(relay.sent) >= count

    return so_many


def said(relay: Memory) -> list[str]:
    bodies = ("First.", "Second.", "Elsewhere.")
    return [next(body for body in bodies if body.encode() in letter.raw) for letter in relay.sent]
