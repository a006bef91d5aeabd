"""Workers at the outbox: two at once, slow, asleep, dead. Nothing is sent twice but where nobody can know."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

import rpc
from rpc import Kind
from seldesk.jobs.relay import Letter, Memory, Refusal
from seldesk.methods.desk import outbox
from seldesk.methods.outgoing import Letter as Claimed
from tests.faults import another
from tests.jobs.replying import (
    LEASE,
    Refusing,
    Slow,
    claim_and_die,
    drain,
    next_due,
    reasons,
    replied,
    replies,
    said,
    working,
)
from tests.world import World


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
