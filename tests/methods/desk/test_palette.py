"""Tickets and people found while somebody types."""

import pytest

import rpc
from orm import StatementCounter
from seldesk.methods.desk import contacts, members, palette, tickets
from tests.world import CLEO, World, mail

DAN = "Dan van Dyke"


async def some(world: World) -> int:
    """Cleo's ticket, which nobody has, and Dan's, whose number is answered and which is Ann's."""
    ann = await world.acme.signed_in("ann")
    await world.acme.mail(mail())
    me = (await ann(tickets.queue)).desk.me.id
    opened = await ann(
        tickets.open, subject="Alarm", body="Loud", requester_email="d.vandyke@dan.example", requester_name=DAN
    )
    await ann(tickets.update, number=opened.number, assignee=me)
    return opened.number


async def test_tickets_and_people_are_found_by_how_they_begin(world: World) -> None:
    number = await some(world)
    ann = await world.acme.signed_in("ann")
    for query, subjects, names in (
        ("pri", ["The printer smokes"], []),
        (f"#{number}", ["Alarm"], []),
        ("cleo", ["The printer smokes"], ["Cleo Camp"]),
        (CLEO.upper(), ["The printer smokes"], ["Cleo Camp"]),
        ("  camp", ["The printer smokes"], ["Cleo Camp"]),
        ("dan", ["Alarm"], [DAN]),
        ("dan  VAN", ["Alarm"], [DAN]),
        ("d.vandyke@", ["Alarm"], [DAN]),
        ("bo", [], ["Bo"]),
        ("%", [], []),
        ("_", [], []),
        ("status:", [], []),
        ("", [], []),
        ("   ", [], []),
    ):
        found = await ann(palette.find, query=query)
        assert [one.subject for one in found.tickets] == subjects, query
        assert [one.name for one in found.people] == names, query


async def test_few_are_found_by_few_statements(world: World) -> None:
    ann = world.acme.by_token("ann")
    for at in range(10):
        await ann(
            tickets.open, subject="Fan", body="x", requester_email=f"fan{at}@x.example", requester_name=f"Fan {at}"
        )
    with StatementCounter() as counter:
        found = await ann(palette.find, query="fan")
    assert (len(found.tickets), len(found.people)) == (8, 8)
    assert counter.count <= 6, counter.statements


async def test_who_is_limited_finds_only_those_whose_tickets_they_see(world: World) -> None:
    number = await some(world)
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    cleo = (await bo(palette.find, query="cleo")).people[0].id
    assert (await ann(contacts.page, person=cleo)).contact.email == CLEO
    await ann(contacts.rename, person=cleo, name=" Cleo Camp-Bell ")
    assert (await ann(contacts.page, person=cleo)).contact.name == "Cleo Camp-Bell"
    me = (await ann(tickets.queue)).desk.me.id
    await bo(members.update, person=me, role="limited")
    found = await ann(palette.find, query="cleo")
    assert (found.tickets, found.people) == ([], [])
    with pytest.raises(rpc.NotFound):
        await ann(contacts.page, person=cleo)
    with pytest.raises(rpc.NotFound):
        await ann(contacts.rename, person=cleo, name="Cleopatra")
    with pytest.raises(rpc.Forbidden):  # Who works here is named by themselves.
        await ann(contacts.rename, person=me, name="Anna")
    found = await ann(palette.find, query="dan")
    assert [one.number for one in found.tickets] == [number]
    shown = await ann(contacts.page, person=found.people[0].id)
    assert [row.number for row in shown.tickets.items] == [number]
    assert [one.name for one in (await ann(palette.find, query="bo")).people] == ["Bo"]


async def test_a_persons_page_shows_what_they_asked_and_nobody_elses(world: World) -> None:
    await some(world)
    ann = await world.acme.signed_in("ann")
    cleo = (await ann(palette.find, query="cleo")).people[0].id
    for _ in range(26):
        await ann(tickets.open, subject="Again", body="x", requester_email=CLEO)
    with StatementCounter() as counter:
        first = await ann(contacts.page, person=cleo)
    assert counter.count <= 6, counter.statements
    second = await ann(contacts.page, person=cleo, cursor=first.tickets.next)
    assert (len(first.tickets.items), len(second.tickets.items)) == (25, 2)
    assert "Alarm" not in {row.subject for page in (first, second) for row in page.tickets.items}
    globex = await (await world.neighbour()).signed_in("ann")
    with pytest.raises(rpc.NotFound):
        await globex(contacts.page, person=cleo)
