"""Tickets are unread, and are put away, each for a reason."""

from typing import Any

import pytest

import rpc
from seldesk.errors import TicketRemoved
from seldesk.methods.desk import requests, tickets
from tests.methods.desk.test_requests import cleo, linked
from tests.methods.desk.test_tickets import opened
from tests.world import World, mail


async def unread(call: rpc.Call) -> list[bool]:
    return [row.unread for row in (await call(tickets.queue, view="all")).tickets.items]


async def test_a_ticket_is_unread_until_one_opens_it_and_when_something_comes(world: World) -> None:
    ann, bo, program = await world.acme.signed_in("ann"), await world.acme.signed_in("bo"), world.acme.by_token("ann")
    received = await world.acme.mail(mail())
    assert received.ticket is not None
    assert (await unread(ann), await unread(bo)) == ([True], [True])
    page = await ann(tickets.page, number=received.ticket)
    assert [row.unread for row in page.queue.items] == [False]
    assert (await unread(ann), await unread(bo)) == ([False], [True])
    await bo(tickets.update, number=received.ticket, priority="high")
    assert await unread(ann) == [False], "a change says nothing new"
    await bo(tickets.note, number=received.ticket, body="Look")
    assert await unread(ann) == [True]
    await ann(tickets.page, number=received.ticket)
    assert await unread(ann) == [False]
    assert [row.unread for row in (await program(tickets.list)).items] == [False]
    assert await world.rows(world.acme, "select count(*) from app.seen") == ["1"]


@pytest.mark.parametrize("removed", ["spam", "deleted"])
async def test_what_is_put_away_is_in_no_view_but_one(world: World, removed: Any) -> None:
    ann = await world.acme.signed_in("ann")
    number, other = await opened(ann), await opened(ann, "Other")
    bulk = await ann(tickets.update_many, numbers=[number], removed=removed)
    for view in ("unassigned", "open", "all"):
        assert [row.number for row in (await ann(tickets.list, view=view)).items] == [other]
    queue = await ann(tickets.queue, view="removed")
    assert [(row.number, row.removed) for row in queue.tickets.items] == [(number, removed)]
    assert queue.desk.counts["unassigned"] == 1
    page = await ann(tickets.page, number=other)
    assert page.ticket.others == []
    for write in (tickets.reply, tickets.note):
        with pytest.raises(TicketRemoved):
            await ann(write, number=number, body="Hello")
    with pytest.raises(TicketRemoved):
        await ann(tickets.update, number=number, status="open")
    await ann(tickets.undo, bulk=bulk.id)
    assert len((await ann(tickets.list)).items) == 2
    await ann(tickets.update, number=number, removed=removed)
    await ann(tickets.update, number=number, removed=None)
    assert len((await ann(tickets.list)).items) == 2


async def test_mail_to_a_deleted_ticket_opens_a_new_one(world: World) -> None:
    ann = world.acme.by_token("ann")
    first = (await world.acme.mail(mail())).ticket
    assert first is not None
    again = {"In-Reply-To": "<first@cleo.example>"}
    await ann(tickets.update, number=first, removed="spam")
    stays = await world.acme.mail(mail(text="More", message_id="<second@cleo.example>", headers=again))
    assert stays.ticket == first
    assert (await ann(tickets.read, number=first)).removed == "spam"
    await ann(tickets.update, number=first, removed="deleted")
    fresh = await world.acme.mail(mail(text="Hello?", message_id="<third@cleo.example>", headers=again))
    assert fresh.outcome == "opened"
    assert fresh.ticket != first


async def test_a_ticket_that_is_put_away_does_not_exist_for_its_requester(world: World) -> None:
    number, token = await linked(world)
    requester = await cleo(world, token)
    assert (await requester(requests.read, number=number)).number == number
    await world.acme.by_token("ann")(tickets.update, number=number, removed="deleted")
    for method, arguments in ((requests.read, {}), (requests.answer, {"body": "Hi"}), (requests.close, {})):
        with pytest.raises(rpc.NotFound):
            await requester(method, number=number, **arguments)
