"""Agents choose which tickets they see, and in which order."""

from datetime import date, timedelta
from typing import Any

import pytest

import rpc
from orm import StatementCounter
from seldesk.methods.desk import tickets
from tests.world import CLEO, World, mail


async def three(world: World) -> list[int]:
    """By mail on Monday, by a program on Tuesday for Dan and on Wednesday for Cleo; changed backwards."""
    ann = world.acme.by_token("ann")
    first = (await world.acme.mail(mail())).ticket
    world.clock.move(timedelta(days=1))
    second = await ann(tickets.open, subject="Call", body="Hi", requester_email="dan@dan.example", tags=["phone"])
    world.clock.move(timedelta(days=1))
    third = await ann(
        tickets.open, subject="Alarm", body="Hi", requester_email=CLEO, priority="urgent", tags=["phone", "loud"]
    )
    assert first is not None
    bo = {party.name: party.id for party in await ann(tickets.agents)}["Bo"]
    world.clock.move(timedelta(minutes=1))
    await ann(tickets.update, number=second.number, assignee=bo, priority="high")
    world.clock.move(timedelta(minutes=1))
    await ann(tickets.update, number=first, status="open")
    return [first, second.number, third.number]


CASES: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [0, 1, 2]),
    ({"sort": "created"}, [2, 1, 0]),
    ({"sort": "priority"}, [2, 1, 0]),
    ({"tag": "phone"}, [1, 2]),
    ({"tag": "pho"}, []),
    ({"requester": CLEO.upper()}, [0, 2]),
    ({"requester": "nobody@x.example"}, []),
    ({"channel": "mail"}, [0]),
    ({"created_from": date(2026, 3, 3)}, [1, 2]),
    ({"created_until": date(2026, 3, 3)}, [0, 1]),
    ({"created_from": date(2026, 3, 3), "created_until": date(2026, 3, 3)}, [1]),
    ({"created_until": date.max, "created_from": date.min}, [0, 1, 2]),
    ({"status": "new", "tag": "phone", "requester": CLEO, "sort": "created"}, [2]),
]


async def test_filters_choose_and_sorts_order(world: World) -> None:
    numbers = await three(world)
    ann = world.acme.by_token("ann")
    for asked, expected in CASES:
        shown = [row.number for row in (await ann(tickets.list, **asked)).items]
        assert shown == [numbers[at] for at in expected], asked
    bo = {party.name: party.id for party in await ann(tickets.agents)}["Bo"]
    assert [row.number for row in (await ann(tickets.list, assignee=bo)).items] == [numbers[1]]


@pytest.mark.parametrize("sort", ["updated", "created", "priority"])
async def test_each_order_is_walked_both_ways(world: World, sort: Any) -> None:
    ann = world.acme.by_token("ann")
    for position in range(5):
        await ann(
            tickets.open,
            subject=f"Matter {position}",
            body="Hi",
            requester_email=CLEO,
            priority=("high", "low")[position % 2],
            tags=["x"],
        )
    whole = [row.number for row in (await ann(tickets.list, sort=sort, tag="x")).items]
    first = await ann(tickets.list, sort=sort, tag="x", size=2)
    second = await ann(tickets.list, sort=sort, tag="x", size=2, cursor=first.next)
    third = await ann(tickets.list, sort=sort, tag="x", size=2, cursor=second.next)
    assert [row.number for page in (first, second, third) for row in page.items] == whole
    assert (await ann(tickets.list, sort=sort, tag="x", size=2, cursor=second.previous)).items == first.items
    for other in ({"sort": sort}, {"sort": sort, "tag": "y"}, {"sort": "created" if sort != "created" else "updated"}):
        with pytest.raises(rpc.Invalid):
            await ann(tickets.list, size=2, cursor=first.next, **other)


async def test_a_filtered_queue_stays_within_its_statements(world: World) -> None:
    await three(world)
    ann = await world.acme.signed_in("ann")
    bulk = await ann(tickets.update_many, numbers=[1], status="open")
    world.clock.move(timedelta(minutes=30))
    with StatementCounter() as counter:
        queue = await ann(
            tickets.queue,
            view="all",
            status="new",
            tag="phone",
            requester=CLEO,
            channel="api",
            created_from=date(2026, 1, 1),
            created_until=date(2027, 1, 1),
            sort="priority",
            bulk=bulk.id,
        )
    assert [row.subject for row in queue.tickets.items] == ["Alarm"]
    assert counter.count <= 6, counter.statements


@pytest.mark.parametrize(
    "asked",
    [{"requester": "no address"}, {"sort": "subject"}, {"channel": "pigeon"}, {"tag": "a b"}, {"created_from": "soon"}],
)
@pytest.mark.flaw("Odoo CVE-2024-36259", "Chatwoot CVE-2025-21628", "GLPI CVE-2024-27096")
async def test_what_is_no_filter_is_refused(world: World, asked: Any) -> None:
    """Nothing hidden can be sorted or filtered by."""
    with pytest.raises((rpc.Invalid, TypeError)) as refused:
        await world.acme.by_token("ann")(tickets.list, **asked)
    assert isinstance(refused.value, rpc.Invalid)
    assert set(refused.value.fields) == set(asked)
