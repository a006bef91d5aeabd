"""Mail that anybody can ask for has a rate."""

from datetime import timedelta

import pytest

from rpc import Kind
from seldesk.methods.desk import mailboxes, outbox, people
from seldesk.models.desk import Purpose
from tests.jobs.replying import LATER, next_due
from tests.world import CLEO, World, mail


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
