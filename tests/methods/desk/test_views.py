"""Selections of tickets that people keep."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

import rpc
from orm import StatementCounter
from seldesk.methods.desk import members, teams, tickets, views
from seldesk.models.desk.saved_view import TooManyViews, ViewKnown
from tests.world import CLEO, World


async def many(world: World, count: int = 12) -> list[int]:
    """Tickets from the oldest to the newest; each second one has the tag, and all are of two priorities."""
    ann, numbers = world.acme.by_token("ann"), []
    for at in range(count):
        world.clock.move(timedelta(minutes=1))
        opened = await ann(
            tickets.open,
            subject=f"Matter {at}",
            body="Hi",
            requester_email=CLEO,
            tags=["odd"] if at % 2 else [],
            priority=("normal", "urgent")[at % 4 == 1],
        )
        numbers.append(opened.number)
    return numbers


async def test_a_view_keeps_filters_and_order_and_the_ticket_page_keeps_the_view(world: World) -> None:
    numbers = await many(world)
    ann = await world.acme.signed_in("ann")
    saved = await ann(views.save, name="Odd ones", tag="odd", status="new", sort="priority")
    queue = await ann(tickets.queue, saved=saved)
    odd = [number for at, number in enumerate(numbers) if at % 2]
    urgent = [number for at, number in enumerate(numbers) if at % 4 == 1]
    order = [*sorted(urgent, reverse=True), *sorted(set(odd) - set(urgent), reverse=True)]
    assert [row.number for row in queue.tickets.items] == order
    assert queue.saved is not None
    assert (queue.saved.name, queue.view, queue.status) == ("Odd ones", "open", "new")
    await ann(views.save, name="Odd ones", tag="odd")
    assert [row.number for row in (await ann(tickets.queue, saved=saved)).tickets.items] == sorted(odd, reverse=True)


async def test_a_view_is_walked_from_ticket_to_ticket_to_both_ends(world: World) -> None:
    """Also beyond the rows that the page shows, which always hold the open one."""
    await many(world, 30)
    ann = await world.acme.signed_in("ann")
    sorts: tuple[Any, ...] = ("updated", "created", "priority")
    for sort in sorts:
        saved = await ann(views.save, name=sort, view="all", sort=sort)
        order = [row.number for row in (await ann(tickets.queue, saved=saved)).tickets.items]
        assert len(order) == 30
        ends: list[int | None] = [None, *order, None]
        for at in (0, 7, 8, 9, 15, 26, 28, 29):
            page = await ann(tickets.page, number=order[at], saved=saved)
            assert (page.previous, page.next) == (ends[at], ends[at + 2]), (sort, at)
            first = max(at - 8, 0)
            assert [row.number for row in page.queue.items] == order[first : first + 25]
            assert (bool(page.queue.previous), bool(page.queue.next)) == (first > 0, first < 5)


async def test_a_ticket_that_left_the_view_still_has_neighbours(world: World) -> None:
    numbers = await many(world, 3)
    ann = await world.acme.signed_in("ann")
    world.clock.move(timedelta(minutes=1))
    await ann(tickets.update, number=numbers[1], status="solved")
    page = await ann(tickets.page, number=numbers[1], view="open")
    assert (page.previous, page.next) == (None, numbers[2]), "it changed last"
    assert numbers[1] not in [row.number for row in page.queue.items]


async def test_pages_of_a_view_stay_within_their_statements(world: World) -> None:
    numbers = await many(world, 12)
    ann = await world.acme.signed_in("ann")
    bulk = await ann(tickets.update_many, numbers=numbers[:1], status="open")
    saved = await ann(views.save, name="Odd ones", tag="odd", sort="created")
    world.clock.move(timedelta(minutes=30))
    with StatementCounter() as counter:
        await ann(tickets.queue, saved=saved, bulk=bulk.id)
    assert counter.count <= 6, counter.statements
    with StatementCounter() as counter:
        await ann(tickets.page, number=numbers[1], saved=saved)
    assert counter.count <= 8, counter.statements


async def test_a_queue_is_filtered_by_team(world: World) -> None:
    numbers = await many(world, 2)
    ann, bo = await world.acme.signed_in("ann"), world.acme.by_token("bo")
    team = await (await world.acme.signed_in("bo"))(teams.create, name="Machines")
    await bo(tickets.update, number=numbers[0], team=team)
    queue = await ann(tickets.queue, team=team)
    assert [row.number for row in queue.tickets.items] == [numbers[0]]
    assert [one.name for one in queue.teams] == ["Machines"]


async def test_own_views_are_ones_own_and_shared_ones_an_owners(world: World) -> None:
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    anns = await ann(views.save, name="Mine", tag="odd")
    for call in (bo, world.acme.by_token("bo")):
        assert await call(views.list) == []
        for method, given in ((views.update, {"name": "x"}), (views.delete, {})):
            with pytest.raises(rpc.NotFound):
                await call(method, saved=anns, **given)
    with pytest.raises(rpc.NotFound):
        await bo(tickets.queue, saved=anns)
    with pytest.raises(rpc.NotFound):
        await bo(tickets.page, number=1, saved=anns)
    with pytest.raises(rpc.Forbidden):
        await ann(views.save, name="For all", shared=True)
    bos = await bo(views.save, name="For all", shared=True, view="waiting")
    assert [(one.name, one.shared) for one in (await ann(tickets.queue)).desk.views] == [
        ("Mine", False),
        ("For all", True),
    ]
    assert (await ann(tickets.queue, saved=bos)).view == "waiting"
    for method, given in ((views.update, {"name": "x"}), (views.delete, {})):
        with pytest.raises(rpc.Forbidden):
            await ann(method, saved=bos, **given)
    await bo(views.delete, saved=bos)
    with pytest.raises(rpc.NotFound):
        await ann(tickets.queue, saved=bos)
    with pytest.raises(rpc.NotFound):
        await (await (await world.neighbour()).signed_in("ann"))(tickets.queue, saved=anns)


async def test_who_is_limited_sees_no_more_through_a_view(world: World) -> None:
    await many(world, 2)
    bo = await world.acme.signed_in("bo")
    shared = await bo(views.save, name="Everything", shared=True, view="all")
    ann = await world.acme.signed_in("ann")
    await bo(members.update, person=(await ann(tickets.queue)).desk.me.id, role="limited")
    assert (await ann(tickets.queue, saved=shared)).tickets.items == []


async def test_views_are_renamed_moved_and_bounded(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    saved = {name: await ann(views.save, name=name, tag=name) for name in ("a", "b", "c")}
    await ann(views.update, saved=saved["c"], place=1)
    await ann(views.update, saved=saved["a"], place=99, name="z")
    assert [one.name for one in await ann(views.list)] == ["c", "b", "z"]
    with pytest.raises(ViewKnown):
        await ann(views.update, saved=saved["b"], name="c")
    for at in range(27):
        await ann(views.save, name=f"more {at}")
    with pytest.raises(TooManyViews):
        await ann(views.save, name="one too many")
    assert len((await ann(tickets.queue)).desk.views) == 30


WRONG: list[dict[str, Any]] = [
    {"person": str(uuid4())},
    {"conditions": {"view": "all"}},
    {"status": "removed' or '1'='1"},
    {"sort": "id"},
    {"sort": ["updated", "created"]},
    {"view": "secret"},
    {"tag": {"$ne": ""}},
    {"tag": ["x"] * 100_000},
    {"assignee": {"id": {"id": {"id": []}}}},
    {"team": "1 or 1"},
    {"requester": "no address"},
    {"created_from": "now()"},
    {"name": " "},
    {"name": "x\ny"},
    {"name": "x" * 101},
    {"shared": "maybe"},
]


@pytest.mark.flaw("Odoo CVE-2024-36259", "Chatwoot CVE-2025-21628")
async def test_what_is_no_filter_is_no_view(world: World) -> None:
    credential = world.acme.by_token("ann").credential
    for asked in WRONG:
        with pytest.raises(rpc.Invalid) as refused:
            await world.app.dispatcher.answer(credential, "views.save", {"name": "View", **asked})
        assert (refused.value.status, set(refused.value.fields)) == (422, set(asked)), asked
    assert await world.acme.by_token("ann")(views.list) == []
