"""Agents and tokens work tickets."""

from uuid import uuid4

import pytest

import rpc
from orm import StatementCounter
from rpc import Kind
from seldesk.errors import NewerMessage
from seldesk.methods.desk import tickets
from tests.world import CLEO, World, address, mail


async def opened(call: rpc.Call, subject: str = "The printer smokes") -> int:
    written = await call(
        tickets.open, subject=subject, body="It smokes.", requester_email=CLEO, requester_name="Cleo Camp"
    )
    return written.number


async def test_a_ticket_is_opened_read_and_listed(world: World) -> None:
    ann = world.acme.by_token("ann")
    number = await opened(ann)
    ticket = await ann(tickets.read, number=number, messages=True)
    assert (ticket.subject, ticket.status, ticket.channel) == ("The printer smokes", "new", "api")
    assert ticket.requester.email == CLEO
    assert ticket.messages is not None
    assert [(one.side, one.text) for one in ticket.messages] == [("requester", "It smokes.")]
    assert [row.number for row in (await ann(tickets.list)).items] == [number]


async def test_a_reply_is_mailed_sets_the_status_and_takes_the_ticket(world: World) -> None:
    ann = world.acme.by_token("ann")
    number = await opened(ann)
    written = await ann(tickets.reply, number=number, body="Please **unplug** it.")
    assert written.status == "waiting"
    ticket = await ann(tickets.read, number=number, messages=True)
    assert ticket.assignee is not None
    assert ticket.assignee.name == "Ann"
    assert ticket.messages is not None
    assert ticket.messages[-1].delivery == "queued"
    assert "<strong>unplug</strong>" in (ticket.messages[-1].markdown or "")
    assert [row.preview for row in (await ann(tickets.list)).items] == ["Please unplug it."]
    await world.deliver(world.acme)
    assert [letter.recipients for letter in world.relay.sent] == [[CLEO]]
    ticket = await ann(tickets.read, number=number, messages=True)
    assert ticket.messages is not None
    assert ticket.messages[-1].delivery == "sent"


async def test_a_note_is_mailed_to_nobody(world: World) -> None:
    ann = world.acme.by_token("ann")
    number = await opened(ann)
    await ann(tickets.note, number=number, body="Smells of toner.")
    await world.deliver(world.acme)
    assert world.relay.sent == []


async def test_who_writes_without_having_seen_the_newest_message_is_stopped(world: World) -> None:
    ann = world.acme.by_token("ann")
    number = await opened(ann)
    seen = (await ann(tickets.read, number=number)).last_message
    await ann(tickets.note, number=number, body="Newer.")
    with pytest.raises(NewerMessage):
        await ann(tickets.reply, number=number, body="Late.", seen=seen)
    ticket = await ann(tickets.read, number=number, messages=True)
    assert ticket.messages is not None
    assert [one.text for one in ticket.messages] == ["It smokes.", "Newer."]


async def test_changes_leave_events_with_before_and_after(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    number = await opened(ann)
    await ann(tickets.update, number=number, status="open", priority="urgent", tags=["fire", "fire", "hardware"])
    await ann(tickets.update, number=number, status="open")
    page = await ann(tickets.page, number=number)
    changes = {event.kind: (event.before, event.after) for event in page.events if event.kind != "opened"}
    assert changes == {
        "status": ({"status": "new"}, {"status": "open"}),
        "priority": ({"priority": "normal"}, {"priority": "urgent"}),
        "tags": ({"tags": []}, {"tags": ["fire", "hardware"]}),
    }
    assert {event.actor for event in page.events} == {"Ann"}


async def test_a_ticket_is_given_to_agents_only(world: World) -> None:
    ann = world.acme.by_token("ann")
    number = await opened(ann)
    requester = (await ann(tickets.read, number=number)).requester.id
    for nobody in (requester, uuid4()):
        with pytest.raises(rpc.Invalid) as refused:
            await ann(tickets.update, number=number, assignee=nobody)
        assert "assignee" in refused.value.fields
    bo = {party.name: party.id for party in await ann(tickets.agents)}["Bo"]
    await ann(tickets.update, number=number, assignee=bo)
    assert [row.assignee for row in (await ann(tickets.list)).items] == ["Bo"]
    await ann(tickets.update, number=number, assignee=None)
    assert [row.number for row in (await ann(tickets.list, view="unassigned")).items] == [number]


async def test_pages_of_the_list_go_both_ways(world: World) -> None:
    ann = world.acme.by_token("ann")
    numbers = [await opened(ann, f"Matter {position}") for position in range(5)]
    first = await ann(tickets.list, size=2)
    second = await ann(tickets.list, size=2, cursor=first.next)
    third = await ann(tickets.list, size=2, cursor=second.next)
    shown = [row.number for page in (first, second, third) for row in page.items]
    assert shown == numbers[::-1]
    assert third.next is None
    back = await ann(tickets.list, size=2, cursor=second.previous)
    assert back.items == first.items


@pytest.mark.parametrize("cursor", ["x", "a" * 3000, "\u00e4", "AAAA"])
async def test_a_foreign_cursor_is_a_clear_error(world: World, cursor: str) -> None:
    with pytest.raises(rpc.Invalid) as refused:
        await world.acme.by_token("ann")(tickets.list, cursor=cursor)
    assert "cursor" in refused.value.fields


async def test_a_cursor_of_one_view_is_refused_by_another(world: World) -> None:
    ann = world.acme.by_token("ann")
    for _ in range(3):
        await opened(ann)
    cursor = (await ann(tickets.list, size=1)).next
    with pytest.raises(rpc.Invalid):
        await ann(tickets.list, view="open", size=1, cursor=cursor)


async def test_a_page_costs_the_same_statements_however_much_it_shows(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    counted: dict[str, set[int]] = {"queue": set(), "ticket": set()}
    for _ in range(2):
        for position in range(3):
            number = (await world.acme.mail(mail(f"Matter {position}", message_id=f"<{uuid4()}@x.example>"))).ticket
        assert number is not None
        await ann(tickets.reply, number=number, body="Answer.")
        await ann(tickets.note, number=number, body="Note.")
        with StatementCounter() as queue:
            await ann(tickets.queue)
        with StatementCounter() as ticket:
            await ann(tickets.page, number=number)
        counted["queue"].add(queue.count)
        counted["ticket"].add(ticket.count)
    assert len(counted["queue"]) == len(counted["ticket"]) == 1
    assert counted["queue"].pop() <= 6
    assert counted["ticket"].pop() <= 8


async def test_a_reply_stays_within_its_statements(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    number = await opened(ann)
    with StatementCounter() as reply:
        await ann(tickets.reply, number=number, body="Answer.")
    assert reply.count <= 12, reply.statements


async def test_the_sidebar_counts_what_is_not_solved(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    for _ in range(3):
        number = await opened(ann)
    await ann(tickets.reply, number=number, body="Done.", status="solved")
    assert (await ann(tickets.queue)).desk.counts == {"mine": 0, "team": 0, "unassigned": 2, "open": 2, "waiting": 0}


async def test_a_requester_cannot_be_made_of_nonsense(world: World) -> None:
    ann = world.acme.by_token("ann")
    for nonsense in ("nobody", "a b@c.example", "@c.example", "a@"):
        with pytest.raises(rpc.Invalid):
            await ann(tickets.open, subject="S", body="B", requester_email=nonsense)


async def test_tokens_of_one_customer_open_nothing_at_another(world: World) -> None:
    globex = await world.neighbour()
    with pytest.raises(rpc.Unauthenticated):
        await globex.calling(Kind.TOKEN, world.acme.tokens["ann"])(tickets.list)


async def test_an_agent_of_the_neighbour_is_nobody_here(world: World) -> None:
    globex = await world.neighbour()
    number = await opened(globex.by_token("ann"))
    with pytest.raises(rpc.NotFound):
        await world.acme.by_token("ann")(tickets.read, number=number)
    assert address("ann", "globex") not in {party.email for party in await world.acme.by_token("ann")(tickets.agents)}
