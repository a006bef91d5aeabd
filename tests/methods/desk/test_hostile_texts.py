"""Texts that are written, or mailed, to keep a process from everybody else."""

import asyncio
from time import perf_counter
from typing import Any

import pytest

import rpc
from rpc import Kind
from seldesk.methods.desk import messages, requests, tickets
from seldesk.models.long_text import SHORT, apart
from tests.world import World, mail

pytestmark = pytest.mark.asvs("V15.2.2")
NESTED = "<ul><li>" * 25_000
BRACKETS = "[[](" * 10_000


async def longest_wait(call: Any) -> tuple[float, float]:
    """For how long nobody else had a turn while this was done, and how long it took."""
    longest, began = 0.0, perf_counter()
    work = asyncio.ensure_future(call)
    while not work.done():
        turn = perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, perf_counter() - turn)
    await work
    return longest, perf_counter() - began


async def test_others_are_served_while_a_long_text_is_read_or_written(world: World) -> None:
    number = (await world.acme.mail(mail(html=NESTED))).ticket or 0
    said = (await world.acme.by_token("ann")(tickets.read, number=number, messages=True)).messages or []
    ann = await world.acme.signed_in("ann")
    for call in (
        ann(messages.body, message=said[0].id),
        ann(tickets.preview, body=BRACKETS),
        ann(tickets.note, number=number, body=BRACKETS),
    ):
        waited, took = await longest_wait(call)
        assert took > 0.2, "it is no long text any more"
        assert waited < took / 2


async def test_a_short_text_needs_no_thread() -> None:
    done = asyncio.get_running_loop()
    assert await apart("x" * SHORT, asyncio.get_running_loop) is done
    with pytest.raises(RuntimeError, match="no running event loop"):
        await apart("x" * (SHORT + 1), asyncio.get_running_loop)


async def test_a_link_is_not_opened_without_end(world: World) -> None:
    """Each time leaves a session."""
    await world.acme.mail(mail())
    await world.acme.by_token("ann")(tickets.reply, number=1, body="Unplug it.")
    await world.deliver(world.acme)
    raw = world.relay.sent[-1].raw.replace(b"=\r\n", b"")
    token = raw.partition(b"/link/")[2].split()[0].decode()
    anybody = world.acme.calling(Kind.ANONYMOUS, "")
    for _ in range(60):
        await anybody(requests.open, token=token)
    with pytest.raises(rpc.TooMany):
        await anybody(requests.open, token=token)
    assert await world.rows(world.acme, "SELECT count(*) FROM secret.sessions WHERE ticket_id IS NOT NULL") == ["60"]


async def test_a_ticket_of_many_long_texts_is_shown_and_not_all_of_it(world: World) -> None:
    """Five hundred mails of a megabyte each: whoever asks may have them shown again and again."""
    number = (await world.acme.mail(mail(text="Short."))).ticket or 0
    few = "SELECT 'Ю' || repeat('x', 400000)"
    add = (
        "INSERT INTO app.messages SELECT (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(),"
        " 'text', ({0}), 'visible_end', 400001, 'markdown', {1}))).* FROM app.messages m, generate_series(1, {2})"
        " WHERE length(m.text) < 100 RETURNING 1"
    )
    ann = world.acme.by_token("ann")
    await world.rows(world.acme, add.format(few, "null", 1))
    said = (await ann(tickets.read, number=number, messages=True)).messages or []
    assert max(len(one.text) for one in said) == 400_001, "all of it, where there is room"
    await world.rows(world.acme, add.format(few, f"({few})", 30))
    said = (await ann(tickets.read, number=number, messages=True)).messages or []
    assert len(said) == 32
    assert sum(len(one.text) + len(one.markdown or "") for one in said) < 1_100_000
    cut = next(one for one in said if len(one.text) > 1000)
    assert cut.text.startswith("Юxxx")
    assert "left out here" in cut.text[-60:]
