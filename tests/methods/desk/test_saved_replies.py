"""Texts for what is asked often: kept by owners, put into answers by agents."""

import pytest

import rpc
from orm import StatementCounter
from seldesk.methods.desk import saved_replies, tickets
from seldesk.models.desk.saved_reply import SavedReplyKnown
from tests.world import World, mail


async def test_a_text_is_kept_under_a_name_and_changed(world: World) -> None:
    bo, ann = await world.acme.signed_in("bo"), await world.acme.signed_in("ann")
    refund = await bo(saved_replies.create, name="Refund", text=f"Dear {{requester}},{' x' * 200}")
    hours = await bo(saved_replies.create, name="Hours", text="From nine to five.")
    rows = (await bo(saved_replies.page)).replies
    assert [(row.name, len(row.beginning)) for row in rows] == [("Hours", 18), ("Refund", 200)]
    with pytest.raises(SavedReplyKnown):
        await bo(saved_replies.update, reply=hours, name="Refund")
    with pytest.raises(SavedReplyKnown):
        await bo(saved_replies.create, name="Refund", text="Again")
    await bo(saved_replies.update, reply=hours, name="Opening hours", text="From ten.")
    shown = (await bo(saved_replies.read, reply=hours)).reply
    assert (shown.name, shown.text) == ("Opening hours", "From ten.")
    await bo(saved_replies.delete, reply=refund)
    assert [row.name for row in await ann(saved_replies.list)] == ["Opening hours"]
    with pytest.raises(rpc.Forbidden):
        await ann(saved_replies.delete, reply=hours)


async def test_the_names_of_a_ticket_stand_in_their_places(world: World) -> None:
    """A requester whose name looks like a place is still only a name, and what is no place stays as it is."""
    bo, ann = await world.acme.signed_in("bo"), await world.acme.signed_in("ann")
    odd = mail(sender='"{agent} Camp" <cleo@cleo.example>')
    number = (await world.acme.mail(odd)).ticket
    assert number is not None
    reply = await bo(saved_replies.create, name="Hello", text="{requester}: #{number} {other} {}\n{agent}")
    assert await ann(saved_replies.fill, number=number, reply=reply) == f"{{agent}} Camp: #{number} {{other}} {{}}\nAnn"
    with pytest.raises(rpc.NotFound):
        await ann(saved_replies.fill, number=number + 1, reply=reply)


async def test_of_a_new_ticket_what_is_not_known_stays_a_place(world: World) -> None:
    """The name is the typed one, or that of whoever is known by the address."""
    bo, ann = await world.acme.signed_in("bo"), await world.acme.signed_in("ann")
    await world.acme.mail(mail())
    reply = await bo(saved_replies.create, name="Hello", text="{requester}: #{number}, {agent}")
    assert [one.name for one in (await ann(tickets.blank)).saved_replies] == ["Hello"]
    for typed, name in (
        ({}, "{requester}"),
        ({"requester_email": "nobody@x.example"}, "{requester}"),
        ({"requester_email": " CLEO@cleo.example"}, "Cleo Camp"),
        ({"requester_email": "cleo@cleo.example", "requester_name": " {agent} "}, "{agent}"),
    ):
        assert await ann(saved_replies.fill_new, reply=reply, **typed) == f"{name}: #{{number}}, Ann"


async def test_the_page_of_a_ticket_offers_them_without_a_statement_more(world: World) -> None:
    bo, ann = await world.acme.signed_in("bo"), await world.acme.signed_in("ann")
    number = (await world.acme.mail(mail())).ticket
    assert number is not None
    counted = set()
    for name in ("Refund", "Hours", "Address"):
        await bo(saved_replies.create, name=name, text="Text")
        with StatementCounter() as statements:
            shown = await ann(tickets.page, number=number)
        counted.add(statements.count)
    assert [one.name for one in shown.saved_replies] == ["Address", "Hours", "Refund"]
    assert len(counted) == 1
    assert max(counted) <= 8
