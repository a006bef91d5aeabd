"""Agents change many tickets at once, and take it back."""

from datetime import timedelta
from uuid import uuid4

import pytest

import rpc
from orm import StatementCounter
from rpc import Kind
from seldesk.methods.desk import housekeeping, tickets
from seldesk.methods.desk.shapes.desk import Bulk
from seldesk.methods.desk.shapes.tickets import Ticket
from tests.methods.desk.test_tickets import opened
from tests.world import World


def outcomes(bulk: Bulk) -> list[tuple[int, str]]:
    return [(result.number, result.outcome) for result in bulk.results]


async def read(call: rpc.Call, number: int) -> Ticket:
    return await call(tickets.read, number=number)


async def test_each_ticket_has_a_result_of_its_own(world: World) -> None:
    ann = world.acme.by_token("ann")
    one, two, full, gone = [await opened(ann, f"Matter {position}") for position in range(4)]
    await ann(tickets.update, number=two, status="open", add_tags=["fire"])
    await ann(tickets.update, number=full, tags=[f"t{position}" for position in range(50)])
    await ann(tickets.update, number=gone, removed="spam")
    bulk = await ann(tickets.update_many, numbers=[two, one, one, full, gone, 99999], status="open", add_tags=["fire"])
    assert outcomes(bulk) == [
        (two, "unchanged"),
        (one, "changed"),
        (full, "refused"),
        (gone, "refused"),
        (99999, "missing"),
    ]
    reasons = {result.number: result.reason for result in bulk.results}
    assert "50 tags" in reasons[full]
    assert "Restore it first" in reasons[gone]
    assert reasons[one] == ""
    assert ((await read(ann, one)).status, (await read(ann, one)).tags) == ("open", ["fire"])
    assert (await read(ann, full)).status == "new", "what is refused is refused as a whole"


async def test_undo_puts_back_what_the_bulk_changed(world: World) -> None:
    ann = world.acme.by_token("ann")
    people = {party.name: party.id for party in await ann(tickets.agents)}
    numbers = [await opened(ann, f"Matter {position}") for position in range(3)]
    await ann(tickets.update, number=numbers[0], assignee=people["Ann"], tags=["old"], priority="low")
    before = [await read(ann, number) for number in numbers]
    bulk = await ann(
        tickets.update_many,
        numbers=numbers,
        status="solved",
        assignee=people["Bo"],
        priority="urgent",
        add_tags=["fire"],
        remove_tags=["old"],
        removed="deleted",
    )
    assert {one.removed for one in [await read(ann, number) for number in numbers]} == {"deleted"}
    undone = await ann(tickets.undo, bulk=bulk.id)
    assert undone.undoes == bulk.id
    assert outcomes(undone) == [(number, "changed") for number in numbers]
    for was, number in zip(before, numbers, strict=True):
        now = await read(ann, number)
        fields = ("status", "assignee", "priority", "tags", "removed")
        assert [getattr(now, field) for field in fields] == [getattr(was, field) for field in fields]


async def test_undo_leaves_alone_what_was_changed_again_since(world: World) -> None:
    ann = world.acme.by_token("ann")
    one, two = await opened(ann), await opened(ann)
    bulk = await ann(tickets.update_many, numbers=[one, two], status="solved", add_tags=["done"])
    await ann(tickets.update, number=one, status="open", add_tags=["again"])
    undone = await ann(tickets.undo, bulk=bulk.id)
    assert outcomes(undone) == [(one, "changed"), (two, "changed")]
    assert [result.reason for result in undone.results] == ["It was changed again since.", ""]
    assert ((await read(ann, one)).status, (await read(ann, one)).tags) == ("open", ["again"])
    assert ((await read(ann, two)).status, (await read(ann, two)).tags) == ("new", [])


async def test_undo_asked_twice_is_done_once_and_can_be_undone(world: World) -> None:
    ann = world.acme.by_token("ann")
    number = await opened(ann)
    bulk = await ann(tickets.update_many, numbers=[number], priority="high")
    undone = await ann(tickets.undo, bulk=bulk.id)
    await ann(tickets.update, number=number, priority="high")
    assert await ann(tickets.undo, bulk=bulk.id) == undone
    assert (await read(ann, number)).priority == "high"
    again = await ann(tickets.undo, bulk=undone.id)
    assert outcomes(again) == [(number, "refused")]
    assert (await read(ann, number)).priority == "high"


@pytest.mark.flaw("Zammad CVE-2026-34722")
@pytest.mark.asvs("V8.2.2")
async def test_a_bulk_is_undone_and_told_to_its_author_alone(world: World) -> None:
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    number = await opened(ann)
    bulk = await ann(tickets.update_many, numbers=[number], priority="high")
    for foreign in (bulk.id, uuid4()):
        with pytest.raises(rpc.NotFound):
            await bo(tickets.undo, bulk=foreign)
        assert (await bo(tickets.queue, bulk=foreign)).bulk is None
    assert (await ann(tickets.queue, bulk=bulk.id)).bulk == bulk
    world.clock.move(timedelta(days=8))
    await world.acme.program(Kind.JOB)(housekeeping.tidy)
    with pytest.raises(rpc.NotFound):
        await world.acme.by_token("ann")(tickets.undo, bulk=bulk.id)


async def test_many_tickets_cost_no_more_reads_than_one(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    bo = {party.name: party.id for party in await ann(tickets.agents)}["Bo"]
    numbers = [await opened(ann, f"Matter {position}") for position in range(12)]
    reads = []
    for some in (numbers[:2], numbers[2:]):
        with StatementCounter() as counter:
            bulk = await ann(tickets.update_many, numbers=some, status="open", assignee=bo, add_tags=["x"])
        reads.append(len([text for text in counter.statements if text.startswith("SELECT")]))
        with StatementCounter() as counter:
            await ann(tickets.undo, bulk=bulk.id)
        reads[-1] += len([text for text in counter.statements if text.startswith("SELECT")])
    assert reads[0] == reads[1] <= 12


@pytest.mark.parametrize("numbers", [[], [*range(1, 102)]])
async def test_none_and_too_many_are_refused(world: World, numbers: list[int]) -> None:
    with pytest.raises(rpc.Invalid):
        await world.acme.by_token("ann")(tickets.update_many, numbers=numbers, status="open")


async def test_a_bulk_gives_tickets_to_agents_only(world: World) -> None:
    ann = world.acme.by_token("ann")
    number = await opened(ann)
    requester = (await read(ann, number)).requester.id
    with pytest.raises(rpc.Invalid) as refused:
        await ann(tickets.update_many, numbers=[number], assignee=requester, priority="high")
    assert "assignee" in refused.value.fields
    assert (await read(ann, number)).priority == "normal"


async def test_tags_are_added_and_removed_beside_those_of_others(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    number = await opened(ann)
    await ann(tickets.update, number=number, tags=["a", "b"])
    await ann(tickets.update, number=number, add_tags=["c", "a"], remove_tags=["b"])
    page = await ann(tickets.page, number=number)
    assert page.ticket.tags == ["a", "c"]
    assert [tag.name for tag in page.tags] == ["a", "c"]
    assert [(event.before, event.after) for event in page.events if event.kind == "tags"][-1] == (
        {"tags": ["a", "b"]},
        {"tags": ["a", "c"]},
    )
