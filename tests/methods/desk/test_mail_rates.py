"""What mail sets going by itself is bounded: nobody is buried, and two programs do not talk for ever."""

from datetime import timedelta

import pytest

from seldesk.methods.desk import tickets
from tests.world import CLEO, World, mail

# A letter like the one that is there already, so long before it.
CONFIRMED = """
INSERT INTO app.outbox
SELECT (jsonb_populate_record(one, jsonb_build_object(
    'id', gen_random_uuid(), 'key', 'confirmation:' || i, 'number', 1000 + i, 'state', 'done',
    'created_at', one.created_at - interval '{minutes} minutes'))).*
FROM app.outbox AS one, generate_series(1, {count}) AS i
WHERE one.kind = 'confirmation'
RETURNING id::text
"""


async def confirmed(world: World, name: str) -> bool:
    """Whether a mail of somebody who never wrote before is."""
    before = await confirmations(world)
    sender = f"{name}@cleo.example"
    await world.acme.mail(mail(sender=sender, message_id=f"<{name}@cleo.example>"), sender=sender)
    return await confirmations(world) > before


async def confirmations(world: World) -> int:
    (count,) = await world.rows(world.acme, "SELECT count(*) FROM app.outbox WHERE kind = 'confirmation'")
    return int(count)


@pytest.mark.parametrize(("most", "minutes"), [(30, 10), (120, 60), (360, 600)])
async def test_a_customer_confirms_so_many_mails_in_so_much_time(world: World, most: int, minutes: int) -> None:
    assert await confirmed(world, "first")
    # A minute before they leave the time, and long out of each shorter one.
    made = CONFIRMED.format(count=most - 2, minutes=minutes - 1)
    assert len(await world.rows(world.acme, made)) == most - 2
    assert await confirmed(world, "last")
    assert not await confirmed(world, "late")
    world.clock.move(timedelta(minutes=1, seconds=1))
    assert await confirmed(world, "later")


async def test_answers_reopen_a_ticket_so_often_in_so_much_time_and_none_is_lost(world: World) -> None:
    ann = world.acme.by_token("ann")
    number = (await ann(tickets.open, subject="Smoke", body="It smokes.", requester_email=CLEO)).number
    world.clock.move(timedelta(minutes=20))
    status = []
    for position in range(28):
        if position in (11, 22):
            world.clock.move(timedelta(minutes=11))
        await ann(tickets.update, number=number, status="solved")
        raw = mail(subject=f"Re: [#{number}] Smoke", message_id=f"<again{position}@cleo.example>")
        received = await world.acme.mail(raw)
        assert (received.outcome, received.ticket) == ("threaded", number)
        status.append((await ann(tickets.read, number=number)).status)
    # Ten in ten minutes, twice, and then five: no more than twenty-five within the hour.
    assert status == [*["open"] * 10, "solved"] * 2 + [*["open"] * 5, "solved"]
    kept = (await ann(tickets.read, number=number, messages=True)).messages or []
    assert len(kept) == 1 + len(status)
    world.clock.move(timedelta(hours=1))
    await world.acme.mail(mail(subject=f"Re: [#{number}] Smoke", message_id="<later@cleo.example>"))
    assert (await ann(tickets.read, number=number)).status == "open"


async def test_a_row_shows_the_text_of_a_reply_and_none_of_its_marks(world: World) -> None:
    ann = world.acme.by_token("ann")
    number = (await ann(tickets.open, subject="Smoke", body="It smokes.", requester_email=CLEO)).number
    body = "# Twice\n\n| | once |\n|---|---|\n| **Soon** | `now` |\n\nSee [this](https://acme.example/x).\n\n" + (
        "**" + "So it is said, " * 40 + "once.**"
    )
    await ann(tickets.reply, number=number, body=body)
    (row,) = (await ann(tickets.list)).items
    assert not set("*|`#[") & set(row.preview)
    assert row.preview.startswith("Twice once Soon now See this")
