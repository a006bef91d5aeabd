"""What is done in a ticket stands in its history. A new method fails here until it has an example or a reason."""

from collections.abc import Awaitable, Callable

import pytest

from seldesk.methods.desk import merges, requests, tickets
from tests.mailed import signed_in
from tests.rules.test_audited import TICKET_WORK
from tests.world import CLEO, World

# One's own, and nothing of the ticket's: a draft, what one has seen, what one wants to be told.
NO_CHANGE = {"drafts.keep", "tickets.follow", "tickets.page", "tickets.unfollow"}
Example = Callable[[World, int], Awaitable[object]]


async def opens(world: World, number: int) -> object:
    return await world.acme.by_token("ann")(tickets.open, subject="S", body="It smokes.", requester_email=CLEO)


async def replies(world: World, number: int) -> object:
    return await world.acme.by_token("ann")(tickets.reply, number=number, body="Unplug it.")


async def notes(world: World, number: int) -> object:
    return await world.acme.by_token("ann")(tickets.note, number=number, body="Again.")


async def updates(world: World, number: int) -> object:
    return await world.acme.by_token("ann")(tickets.update, number=number, priority="high")


async def updates_many(world: World, number: int) -> object:
    return await world.acme.by_token("ann")(tickets.update_many, numbers=[number], priority="high")


async def undoes(world: World, number: int) -> object:
    ann = world.acme.by_token("ann")
    changed = await ann(tickets.update_many, numbers=[number], status="solved")
    before = await events(world)
    await ann(tickets.undo, bulk=changed.id)
    return before


async def takes_back(world: World, number: int) -> object:
    ann = await world.acme.signed_in("ann")
    written = await ann(tickets.reply, number=number, body="Unplug it.")
    before = await events(world)
    await ann(tickets.take_back, number=number, message=written.id)
    return before


async def another(world: World) -> int:
    opened = await world.acme.by_token("ann")(tickets.open, subject="S", body="It smokes.", requester_email=CLEO)
    return opened.number


async def merged(world: World, number: int) -> object:
    into, before = await another(world), await events(world)
    await world.acme.by_token("ann")(merges.merge, number=number, into=into)
    return before


async def splits(world: World, number: int) -> object:
    ann = world.acme.by_token("ann")
    await ann(tickets.reply, number=number, body="Unplug it.")
    read, before = await ann(tickets.read, number=number, messages=True), await events(world)
    assert read.messages is not None
    await ann(merges.split, number=number, message=read.messages[0].id)
    return before


async def parted(world: World, number: int) -> object:
    await merged(world, number)
    before = await events(world)
    await world.acme.by_token("ann")(merges.undo, number=number)
    return before


async def creates(world: World, number: int) -> object:
    return await (await signed_in(world, CLEO))(requests.create, subject="S", body="It smokes.")


async def answers(world: World, number: int) -> object:
    return await (await signed_in(world, CLEO))(requests.answer, number=number, body="Still.")


async def closes(world: World, number: int) -> object:
    return await (await signed_in(world, CLEO))(requests.close, number=number)


async def reopens(world: World, number: int) -> object:
    cleo = await signed_in(world, CLEO)
    await cleo(requests.close, number=number)
    before = await events(world)
    await cleo(requests.reopen, number=number)
    return before


EXAMPLES: dict[str, Example] = {
    "merges.merge": merged,
    "merges.split": splits,
    "merges.undo": parted,
    "requests.answer": answers,
    "requests.close": closes,
    "requests.create": creates,
    "requests.reopen": reopens,
    "tickets.note": notes,
    "tickets.open": opens,
    "tickets.reply": replies,
    "tickets.take_back": takes_back,
    "tickets.undo": undoes,
    "tickets.update": updates,
    "tickets.update_many": updates_many,
}


async def events(world: World) -> int:
    return int((await world.rows(world.acme, "SELECT count(*) FROM log.events"))[0])


@pytest.mark.parametrize("method", sorted(TICKET_WORK - NO_CHANGE))
async def test_what_is_done_in_a_ticket_leaves_one_more_event(world: World, method: str) -> None:
    number = (
        await world.acme.by_token("ann")(tickets.open, subject="Smoke", body="It smokes.", requester_email=CLEO)
    ).number
    before = await events(world)
    told = await EXAMPLES[method](world, number)
    # An example that has to do something else first says what stood there before its own.
    assert await events(world) > (told if isinstance(told, int) else before)


def test_each_example_is_of_a_method_that_there_is() -> None:
    assert EXAMPLES.keys() == TICKET_WORK - NO_CHANGE
