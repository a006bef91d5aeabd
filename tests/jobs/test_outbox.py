"""What was written leaves: late where it must, twice only where nobody can know, and never not at all."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

import orm
import rpc
from rpc import Kind
from seldesk.jobs.outbox import Outboxes
from seldesk.jobs.relay import Letter, Memory, Refusal, Refused
from seldesk.methods.control import wakeups
from seldesk.methods.desk import mailboxes, outbox, people, tickets
from seldesk.methods.desk.shapes.tickets import Message
from seldesk.methods.outgoing import Letter as Claimed
from seldesk.models.desk import Purpose
from tests.faults import another, backends, superuser, until
from tests.world import CLEO, Desk, World, mail

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


async def test_what_is_refused_for_now_is_tried_for_three_days_with_growing_pauses(world: World) -> None:
    number = await replied(world.acme, "Unplug it.")
    begun, pauses = world.clock.now(), []
    while due := await next_due(world.acme):
        pauses.append(due - world.clock.now())
        world.clock.set(max(due, world.clock.now()))
        assert [reply.delivery for reply in await replies(world.acme, number)] == ["queued"]
        await drain(world.acme, Refusing(LATER))
    tried, pauses = len(pauses), pauses[1:]
    assert timedelta(seconds=30) <= pauses[0] <= timedelta(seconds=45)
    assert max(pauses) <= timedelta(hours=6)
    growing = pauses[: pauses.index(max(pauses)) + 1]
    assert growing == sorted(growing)
    assert timedelta(hours=72) <= world.clock.now() - begun <= timedelta(hours=78)
    assert 15 <= tried <= 30
    (reply,) = await replies(world.acme, number)
    assert reply.delivery == "failed"
    assert reply.delivery_error == "Given up after 72 hours. The relay said 451 Later"
    assert await reasons(world.acme, number) == [reply.delivery_error]


async def test_letters_that_were_refused_together_do_not_come_back_together(world: World) -> None:
    for _ in range(6):
        await replied(world.acme, "Unplug it.")
    await drain(world.acme, Refusing(LATER))
    due = await world.rows(world.acme, "SELECT due_at FROM app.outbox WHERE state = 'new'")
    assert len(due) == 6
    assert len(set(due)) > 1


async def test_a_letter_that_was_refused_for_now_goes_out_later(world: World) -> None:
    number = await replied(world.acme, "Unplug it.")
    world.relay.failures.append(LATER)
    await world.deliver(world.acme)
    assert world.relay.sent == []
    world.clock.move(timedelta(minutes=1))
    await world.deliver(world.acme)
    assert len(world.relay.sent) == 1
    assert [reply.delivery for reply in await replies(world.acme, number)] == ["sent"]
    assert await next_due(world.acme) is None


async def test_what_is_refused_for_good_fails_at_once_and_the_ticket_says_why(world: World) -> None:
    number = await replied(world.acme, "Unplug it.", "And open a window.")
    world.relay.failures.append(NEVER)
    await world.deliver(world.acme)
    failed, sent = await replies(world.acme, number)
    assert (failed.delivery, failed.delivery_error) == ("failed", NEVER.reason)
    assert sent.delivery == "sent"
    assert await reasons(world.acme, number) == [NEVER.reason]
    assert await world.rows(world.acme, "SELECT email FROM app.people WHERE bounced_at IS NOT NULL") == [CLEO]


async def test_the_letters_of_a_ticket_leave_in_their_order_and_hold_up_no_other_ticket(world: World) -> None:
    await replied(world.acme, "First.", "Second.")
    world.relay.failures.append(LATER)
    await world.deliver(world.acme)
    assert world.relay.sent == []
    await replied(world.acme, "Elsewhere.")
    await world.deliver(world.acme)
    assert said(world.relay) == ["Elsewhere."]
    world.clock.move(timedelta(minutes=1))
    await world.deliver(world.acme)
    assert said(world.relay) == ["Elsewhere.", "First.", "Second."]


def said(relay: Memory) -> list[str]:
    bodies = ("First.", "Second.", "Elsewhere.")
    return [next(body for body in bodies if body.encode() in letter.raw) for letter in relay.sent]


async def test_two_workers_at_once_send_no_letter_twice(world: World) -> None:
    for _ in range(8):
        await replied(world.acme, "Unplug it.", "And open a window.")
    async with another(world) as second:
        await asyncio.gather(*(drain(desk, world.relay) for desk in (world.acme, second, world.acme, second)))
    assert len(world.relay.sent) == 16
    assert len({letter.message_id for letter in world.relay.sent}) == 16


@pytest.mark.fault(20)
async def test_a_letter_whose_worker_died_goes_out_once_more_as_the_same(world: World) -> None:
    number = await replied(world.acme, "Unplug it.")
    first = await claim_and_die(world.acme)
    await world.deliver(world.acme)
    assert world.relay.sent == []
    world.clock.move(LEASE)
    await world.deliver(world.acme)
    (second,) = world.relay.sent
    assert (second.message_id, second.raw) == (first.message_id, first.raw)
    assert [reply.delivery for reply in await replies(world.acme, number)] == ["sent"]
    world.clock.move(LEASE)
    await world.deliver(world.acme)
    assert len(world.relay.sent) == 1


async def test_a_worker_that_slept_past_its_lease_cannot_say_how_it_ended(world: World) -> None:
    number = await replied(world.acme, "Unplug it.")
    slept = await claim_and_die(world.acme)
    world.clock.move(LEASE)
    await world.deliver(world.acme)
    with pytest.raises(rpc.Conflict):
        await world.acme.program(Kind.JOB)(
            outbox.failed, letter=slept.id, lease=slept.lease, reason="Too late.", permanent=True
        )
    assert [reply.delivery for reply in await replies(world.acme, number)] == ["sent"]


@pytest.mark.fault(20)
async def test_a_letter_whose_workers_died_twice_is_not_sent_a_third_time(world: World) -> None:
    number = await replied(world.acme, "First.", "Second.")
    for _ in range(2):
        await claim_and_die(world.acme)
        world.clock.move(LEASE)
    await world.deliver(world.acme)
    assert said(world.relay) == ["Second."]
    unknown, sent = await replies(world.acme, number)
    assert (unknown.delivery, sent.delivery) == ("unknown", "sent")
    assert await reasons(world.acme, number) == [unknown.delivery_error]


async def test_a_slow_relay_does_not_use_up_the_lease_of_the_letters_behind(world: World) -> None:
    """Else they would count as sent by a worker that died, and end as unknown without ever leaving."""
    for _ in range(3):
        await replied(world.acme, "Unplug it.")

    @dataclass
    class Dragging(Memory):
        async def send(self, letter: Letter) -> Sequence[Refusal]:
            world.clock.move(LEASE / 2)
            return await super().send(letter)

    relay = Dragging()
    await drain(world.acme, relay)
    assert [letter.repeated for letter in relay.sent if isinstance(letter, Claimed)] == [False] * 3
    assert await next_due(world.acme) is None


async def test_a_worker_that_is_told_to_stop_ends_what_it_is_sending(world: World) -> None:
    number, relay = await replied(world.acme, "Unplug it."), Slow()
    async with working(world.acme, relay, poll=0.05):
        await relay.begun.wait()
        asyncio.get_running_loop().call_later(0.1, relay.told.set)
    assert len(relay.sent) == 1
    assert [reply.delivery for reply in await replies(world.acme, number)] == ["sent"]


async def test_a_relay_that_breaks_does_not_break_the_worker(world: World) -> None:
    number = await replied(world.acme, "Unplug it.")
    await drain(world.acme, Refusing(ValueError("what nobody foresaw")))
    assert [reply.delivery for reply in await replies(world.acme, number)] == ["queued"]
    world.clock.move(timedelta(minutes=1))
    await world.deliver(world.acme)
    assert len(world.relay.sent) == 1


@pytest.mark.long
async def test_a_letter_that_cannot_be_written_holds_up_no_other_and_leaves_once_it_can(world: World) -> None:
    number = await replied(world.acme, "First.")
    (mailbox,) = await world.rows(world.acme, "SELECT mailbox_id FROM app.tickets")
    await replied(world.acme, "Elsewhere.")
    async with superuser(world.server, world.acme.database) as connection:
        statement = "UPDATE app.tickets SET mailbox_id = $1 WHERE number = $2"
        await connection.execute(statement, None, number)
        await world.deliver(world.acme)
        assert said(world.relay) == ["Elsewhere."]
        await connection.execute(statement, UUID(mailbox), number)
    world.clock.move(timedelta(minutes=1))
    await world.deliver(world.acme)
    assert said(world.relay) == ["Elsewhere.", "First."]


async def test_confirmations_over_the_hours_rate_are_withheld(world: World) -> None:
    await confirmations_for(world, 4)
    await world.deliver(world.acme)
    assert len(world.relay.sent) == 3
    assert await next_due(world.acme) is None
    held = await world.rows(world.acme, "SELECT error FROM app.outbox WHERE state = 'dead'")
    assert held == ["This address has had as many of these for this hour as anybody gets."]


@pytest.mark.flaw("Zendesk e-mail bombs 2025")
async def test_links_that_anybody_can_ask_for_have_a_rate_over_all_helpdesks(world: World) -> None:
    """Whoever writes in somebody's name makes them known at as many as they like, and asks at each."""
    asked: tuple[Purpose, ...] = ("sign_in", "password")
    for desk in (world.acme, await world.neighbour()):
        await desk.mail(mail(to=desk.mailbox))
        await desk.program(Kind.JOB)(outbox.claim, limit=1)  # the confirmation, which is not what this is about
        for purpose in asked * 3:
            await desk.calling(Kind.ANONYMOUS, "")(people.mail_link, email=CLEO, purpose=purpose)
        await world.deliver(desk)
    assert len(world.relay.sent) == 10
    world.clock.move(timedelta(hours=1, minutes=1))
    world.relay.sent.clear()
    await world.acme.calling(Kind.ANONYMOUS, "")(people.mail_link, email=CLEO, purpose="sign_in")
    await world.deliver(world.acme)
    assert len([one for one in world.relay.sent if b"Your link to sign in" in one.raw]) == 1


async def test_a_relay_that_is_away_uses_up_no_confirmations(world: World) -> None:
    await confirmations_for(world, 1)
    world.relay.failures += [LATER] * 4
    for _ in range(5):
        await world.deliver(world.acme)
        world.clock.move(timedelta(minutes=11))
    assert len(world.relay.sent) == 1


async def confirmations_for(world: World, count: int) -> None:
    """So many confirmations to Cleo, who wrote to so many mailboxes."""
    for position in range(count):
        recipient = f"desk{position}@acme.localhost"
        await world.acme.program(Kind.COMMAND)(mailboxes.create, address=recipient, name="Desk")
        await world.acme.mail(mail(message_id=f"<{position}@cleo.example>"), to=recipient)


async def test_a_commit_rings_the_bell_that_wakes_the_worker(world: World) -> None:
    async with working(world.acme, world.relay, poll=3600, bell=True):
        await replied(world.acme, "Unplug it.")
        await until(has_sent(world.relay, 1))


async def test_a_bell_that_nobody_heard_is_made_up_by_looking(world: World) -> None:
    await replied(world.acme, "Unplug it.")
    async with working(world.acme, world.relay, poll=0.05):
        await until(has_sent(world.relay, 1))


async def test_a_wake_up_whose_commit_failed_is_looked_after_and_forgotten(world: World) -> None:
    number = await replied(world.acme)
    async with superuser(world.server, "seldesk_control") as connection:
        async with connection.transaction():
            await connection.execute("LOCK TABLE control.wakeups IN ACCESS EXCLUSIVE MODE")
            reply = asyncio.create_task(replied(world.acme, "Unplug it.", number=number))
            await until(lambda: waits_for_the_lock(world))
            for pid in await backends(world.server, world.acme.database):
                await connection.execute("SELECT pg_terminate_backend($1, 5000)", pid)
        with pytest.raises(rpc.Unavailable):
            await reply
    assert await replies(world.acme, number) == []
    control = world.app.program(Kind.JOB)
    for passed in (timedelta(0), timedelta(minutes=1)):
        world.clock.move(passed)
        assert await control(wakeups.take) == [world.acme.id]
        await world.deliver(world.acme)
    world.clock.move(timedelta(days=1))
    assert await control(wakeups.take) == []


async def waits_for_the_lock(world: World) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%wakeups%'"
    async with superuser(world.server, "postgres") as connection:
        return bool(await connection.fetchval(waiting))


async def test_without_the_control_database_a_reply_is_refused_and_not_half_done(world: World) -> None:
    number = await replied(world.acme)
    async with (
        another(world, SELDESK_LIMITS__CALL_SECONDS="1") as acme,
        superuser(world.server, "seldesk_control") as connection,
        connection.transaction(),
    ):
        await connection.execute("LOCK TABLE control.wakeups IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(rpc.Unavailable):
            await replied(acme, "Unplug it.", number=number)
    assert await replies(world.acme, number) == []
    assert await next_due(world.acme) is None


async def test_what_was_noted_while_a_worker_looked_is_not_put_off_by_what_it_saw(world: World) -> None:
    control = world.app.program(Kind.JOB)
    await replied(world.acme, "Unplug it.")
    assert await control(wakeups.take) == [world.acme.id]
    # It looked before the commit, and saw only a letter that is due in hours.
    await control(wakeups.settle, customer=world.acme.id, next_due=world.clock.now() + timedelta(hours=4))
    world.clock.move(timedelta(minutes=1))
    assert await control(wakeups.take) == [world.acme.id]


async def test_a_customer_whose_outbox_is_empty_is_not_asked(world: World) -> None:
    asked: list[UUID] = []

    def customer(id: UUID) -> rpc.Call | None:
        asked.append(id)
        return world.app.job(id)

    worker = Outboxes(world.app.program(Kind.JOB), customer, world.relay, poll=0.02)
    await replied(world.acme, "Unplug it.")
    task = asyncio.create_task(worker.run())
    await until(has_sent(world.relay, 1))
    await until(lambda: settled(world))
    world.clock.move(timedelta(minutes=1))
    await until(lambda: forgotten(world))
    asked.clear()
    world.clock.move(timedelta(days=1))
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert asked == []


async def settled(world: World) -> bool:
    """The worker has looked at what it found due."""
    return not await any_wakeup(world, "SELECT count(*) FROM control.wakeups WHERE due_at > noted_at + '1 minute'")


async def forgotten(world: World) -> bool:
    return not await any_wakeup(world, "SELECT count(*) FROM control.wakeups")


async def any_wakeup(world: World, statement: str) -> bool:
    async with superuser(world.server, "seldesk_control") as connection:
        return bool(await connection.fetchval(statement))


async def test_a_customer_whose_database_is_away_holds_up_no_other(world: World) -> None:
    globex = await world.neighbour()
    await replied(world.acme, "First.")
    async with superuser(world.server, "postgres") as connection:
        switch = f"ALTER DATABASE {world.acme.database} ALLOW_CONNECTIONS"
        await connection.execute(f"{switch} false")
        for pid in await backends(world.server, world.acme.database):
            await connection.execute("SELECT pg_terminate_backend($1, 5000)", pid)
        await replied(globex, "Elsewhere.")
        async with working(world.acme, world.relay, poll=0.05):
            await until(has_sent(world.relay, 1))
            assert said(world.relay) == ["Elsewhere."]
            await connection.execute(f"{switch} true")
            world.clock.move(LEASE)
            await until(has_sent(world.relay, 2))
    assert said(world.relay) == ["Elsewhere.", "First."]
