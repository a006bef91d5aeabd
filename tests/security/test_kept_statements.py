"""Statements are kept by a process for all its customers and callers: no value of one may stand in them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from orm.session import heard
from seldesk.methods.desk import tickets, views
from tests.world import Desk, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
Sent = list[tuple[str, Sequence[Any]]]


async def asked(desk: Desk, word: str, day: date) -> tuple[Sent, list[str]]:
    """What Ann's pages send to the driver when she looks for this word, and what is hers alone in it."""
    ann = await desk.signed_in("ann")
    me = {party.name: party.id for party in await ann(tickets.agents)}["Ann"]
    email = f"{word}@{word}.example"
    opened = await ann(tickets.open, subject=word, body=word, requester_email=email, tags=[word], assignee=me)
    saved = await ann(views.save, name=word, tag=word, requester=email, created_from=day)
    sent: Sent = []

    def listener(statement: str, parameters: Sequence[Any]) -> None:
        sent.append((statement, parameters))

    heard.append(listener)
    try:
        queue = await ann(tickets.queue, tag=word, assignee=me, requester=email, created_from=day)
        page = await ann(tickets.page, number=opened.number, saved=saved)
        hits = await ann(tickets.search, query=word)
    finally:
        heard.remove(listener)
    for found in (queue.tickets.items, page.queue.items, hits.items):
        assert [row.number for row in found] == [opened.number]
    return sent, [str(me), word, f"datetime.datetime({day.year}, "]


async def test_what_one_asked_is_in_no_statement_that_another_sends(world: World) -> None:
    acme, of_acme = await asked(world.acme, "printer", date(2025, 1, 2))
    globex, of_globex = await asked(await world.neighbour(), "scanner", date(2024, 1, 2))
    assert [statement for statement, _ in acme] == [statement for statement, _ in globex]
    for sent, own, others in ((acme, of_acme, of_globex), (globex, of_globex, of_acme)):
        for value in own:
            assert value in repr(sent), f"{value} was never sent: this test would not see it"
        assert not [value for value in others if value in repr(sent)]
