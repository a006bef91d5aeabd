"""What was written leaves: late where it must, in its order, and never not at all."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.faults import superuser
from tests.jobs.replying import LATER, NEVER, Refusing, drain, next_due, reasons, replied, replies, said
from tests.world import CLEO, World


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
