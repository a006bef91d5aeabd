"""Tickets are found by what stands in them, by those who may see it."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rpc
from orm import StatementCounter
from rpc import Kind
from seldesk.caller import Caller
from seldesk.methods.desk import search, tickets
from seldesk.methods.desk.shapes.desk import Piece
from seldesk.models import desk as models
from seldesk.permissions import REQUESTER
from tests.world import CLEO, World, mail


async def opened(
    world: World,
    subject: str,
    body: str = "Hello.",
    *,
    email: str = CLEO,
    name: str = "Cleo Camp",
    tags: Sequence[str] = (),
) -> int:
    """A ticket, a minute after the last one."""
    world.clock.move(timedelta(minutes=1))
    written = await world.acme.by_token("ann")(
        tickets.open, subject=subject, body=body, requester_email=email, requester_name=name, tags=[*tags]
    )
    return written.number


async def found(world: World, query: str) -> list[int]:
    return [hit.number for hit in (await world.acme.by_token("ann")(tickets.search, query=query)).items]


def text(pieces: Sequence[Piece]) -> str:
    """What was found stands in brackets."""
    return "".join(f"[{piece.text}]" if piece.found else piece.text for piece in pieces)


async def test_subject_bodies_people_and_the_number_are_searched(world: World) -> None:
    printer = await opened(world, "The printer smokes", "Since Monday, in room twelve.")
    said = "The phone by the printer is dead."
    phone = await opened(world, "No dial tone", said, email="ines@far.example", name="Ines Öz")
    assert await found(world, "printer") == [phone, printer]
    assert await found(world, "Printer room") == [printer]
    for person in ("oz", "ÖZ", "ines@far.example", "far.example", '"ines öz"'):
        assert await found(world, person) == [phone]
    assert await found(world, f"#{printer}") == await found(world, str(printer)) == [printer]
    assert await found(world, "scanner") == []


async def test_the_ticket_with_the_number_comes_before_those_that_name_it(world: World) -> None:
    first = await opened(world, "The printer smokes")
    second = await opened(world, f"See {first}, again")
    assert await found(world, f"{first}") == [first, second]
    assert await found(world, f"again {first}") == [second]


async def test_words_are_found_without_case_and_accents_and_the_last_by_its_beginning(world: World) -> None:
    cafe = await opened(world, "Größe im Café Ångström", "naïve foo_bar-baz 東京タワーへ行きました")
    for query in (
        "cafe",
        "CAFÉ",
        "cafe\u0301",
        "grösse",
        "angstr",
        "naive foo",
        "foo_bar",
        "bar-baz",
        "東京",
        "タワー",
    ):
        assert await found(world, query) == [cafe], query
    for query in ("angstr cafe", "京東", '"angstr"', "caf -größe"):
        assert await found(world, query) == [], query


async def test_exact_words_stand_side_by_side_in_one_text(world: World) -> None:
    number = await opened(world, "Paper jam", "The red light blinks twice.")
    assert await found(world, '"red light" blinks') == await found(world, "“red light”") == [number]
    for query in ('"light red"', '"red blinks"', '"jam the"', '-"red light" paper'):
        assert await found(world, query) == [], query
    assert await found(world, '"red light') == [number], "an open quote reaches to the end"


async def test_a_minus_leaves_out(world: World) -> None:
    laser = await opened(world, "Laser printer")
    ink = await opened(world, "Ink printer")
    assert await found(world, "printer -laser") == [ink]
    assert await found(world, "-laser") == [ink]
    assert await found(world, '-"laser printer" -scanner') == [ink]
    assert await found(world, "printer - laser") == [laser], "a minus that stands alone is nothing"
    assert await found(world, "laser-printer") == [laser], "a hyphen is no minus"


async def test_operators_narrow(world: World) -> None:
    ann = world.acme.by_token("ann")
    one = await opened(world, "Printer one", tags=["billing", "Paper"])
    two = await opened(world, "Printer two", email="ines@far.example", name="Ines Cleo-Öz", tags=["billing"])
    three = await opened(world, "Phone three")
    agents = {party.name: party.id for party in await ann(tickets.agents)}
    await ann(tickets.update, number=one, assignee=agents["Ann"], status="solved")
    await ann(tickets.update, number=two, assignee=agents["Bo"])
    expected = {
        "printer status:solved": [one],
        "status:solved status:new": [one, two, three],
        "-status:solved": [two, three],
        "STATUS:Solved": [one],
        "tag:billing": [one, two],
        "tag:billing tag:Paper": [one],
        "printer -tag:Paper": [two],
        "tag:%": [],
        "from:ines": [two],
        "from:cleo": [one, two, three],
        'from:"cleo camp"': [one, three],
        "-from:ines": [one, three],
        f"from:{CLEO}": [one, three],
        "from:printer": [],
        "assignee:ann": [one],
        "assignee:bo@acme": [two],
        "assignee:me": [one],
        "-assignee:me": [two, three],
        "assignee:nobody": [three],
        "assignee:%": [],
        "assignee:cleo": [],
        "is:unassigned": [three],
        "-is:unassigned phone": [],
        "is:unsolved printer": [two],
        "http://printer.example": [],
        "note:printer": [],
    }
    assert {query: sorted(await found(world, query)) for query in expected} == expected


async def test_a_subject_that_begins_like_its_requester_is_found_by_both(world: World) -> None:
    number = await opened(world, "Cleo camp is closed", "Cleo camp.")
    for query in ("from:cleo", "from:camp", '"cleo camp"', '"camp is closed"'):
        assert await found(world, query) == [number], query
    assert await found(world, '"closed cleo"') == []


async def test_what_is_said_later_is_found_and_a_new_subject_replaces_the_old(world: World) -> None:
    ann = world.acme.by_token("ann")
    number = (await world.acme.mail(mail("Broken", "It hums.\n\n> quoted banana"))).ticket
    assert number is not None
    assert await found(world, "hums") == [number]
    await ann(tickets.reply, number=number, body="Please unplug it.")
    await ann(tickets.note, number=number, body="Smells of toner.")
    await ann(tickets.update, number=number, subject="Copier hums")
    for query in ("unplug", "toner", "copier", "unplug toner copier", "from:cleo copier"):
        assert await found(world, query) == [number], query
    for query in ("broken", "banana"):
        assert await found(world, query) == [], query


async def test_what_is_put_away_is_not_found_until_it_is_restored(world: World) -> None:
    ann = world.acme.by_token("ann")
    number, other = await opened(world, "Printer smokes"), await opened(world, "Printer hums")
    await ann(tickets.update, number=number, removed="spam")
    assert await found(world, "printer") == [other]
    assert await found(world, str(number)) == []
    world.clock.move(timedelta(minutes=1))
    await ann(tickets.update, number=number, removed=None)
    assert await found(world, "printer") == [number, other]
    assert await found(world, str(number)) == [number]


async def test_a_ticket_keeps_as_many_words_as_can_be_searched_quickly(world: World) -> None:
    ann = world.acme.by_token("ann")
    number = await opened(world, "Long")
    for at in range(7):
        body = " ".join(f"w{at}x{word}" for word in range(2_500))
        await ann(tickets.note, number=number, body=body)
    assert await found(world, "w0x1999") == await found(world, "w3x0") == [number]
    assert await found(world, "w0x2000") == await found(world, "w5x0") == []
    assert await world.rows(world.acme, "SELECT size <= 10000 AND length(words) <= 10100 FROM app.ticket_search") == [
        "True"
    ]


@pytest.mark.flaw("Zammad CVE-2025-32360")
@pytest.mark.asvs("V8.2.3")
async def test_notes_are_found_by_agents_and_by_nobody_else(world: World) -> None:
    ann = world.acme.by_token("ann")
    mine = await opened(world, "Printer", "It smokes.")
    theirs = await opened(world, "Printer of Ines", email="ines@far.example", name="Ines")
    await ann(tickets.note, number=mine, body="Cleo is a printer thief.")
    hit = (await ann(tickets.search, query="thief")).items[0]
    assert (hit.number, hit.where, text(hit.snippet)) == (mine, "note", "Cleo is a printer [thief].")
    cleo = (await ann(tickets.read, number=mine)).requester
    asking = Caller(kind=Kind.PERSON, permissions=REQUESTER, id=cleo.id, role="requester")
    seen = {}
    async with world.app.customers.transaction("acme"):
        for query in (
            "printer",
            "thief",
            "printer -thief",
            "-thief printer",
            '"printer thief"',
            str(theirs),
            "from:ines",
        ):
            criteria = models.Criteria.read(asking, query)
            rows, _ = await models.finding.tickets(asking, criteria, None)
            seen[query] = [row.number for row in rows]
            assert all("thief" not in said.text for row in rows for said in row.texts)
    assert seen == {
        "printer": [mine],
        "thief": [],
        "printer -thief": [mine],
        "-thief printer": [mine],
        '"printer thief"': [],
        str(theirs): [],
        "from:ines": [],
    }


async def test_only_who_works_on_tickets_may_call_it(world: World) -> None:
    for kind in (Kind.ANONYMOUS, Kind.LINK, Kind.MAIL):
        with pytest.raises(rpc.Error) as refused:
            await world.acme.calling(kind, "")(tickets.search, query="printer")
        assert refused.value.status in (401, 404)


async def test_next_door_finds_nothing(world: World) -> None:
    await opened(world, "Printer")
    globex = await world.neighbour()
    assert (await globex.by_token("ann")(tickets.search, query="printer")).items == []


async def test_snippets_show_where_it_stands(world: World) -> None:
    long = "Lead in. " * 40
    await opened(world, "A <b>printer</b>", f"{long}<script>alert('Printérs')</script> and more. {long}")
    hit = (await world.acme.by_token("ann")(tickets.search, query="alert print")).items[0]
    assert text(hit.subject) == "A <b>[printer]</b>"
    assert "<script>[alert]('[Printérs]')</script>" in text(hit.snippet)
    assert text(hit.snippet).startswith("…")
    assert text(hit.snippet).endswith("…")
    assert len(text(hit.snippet)) < 260
    by_subject = (await world.acme.by_token("ann")(tickets.search, query="from:cleo")).items[0]
    assert (by_subject.where, text(by_subject.snippet)[:8]) == ("", "Lead in.")


async def test_pages_follow_each_other_and_a_cursor_is_good_for_its_own_search_only(world: World) -> None:
    ann = world.acme.by_token("ann")
    numbers = [await opened(world, f"Printer number {at}") for at in range(28)]
    for query in ("printer", "status:new", "-scanner", "number from:cleo"):
        first = await ann(tickets.search, query=query)
        assert first.next is not None
        second = await ann(tickets.search, query=query, cursor=first.next)
        assert [hit.number for hit in first.items + second.items] == numbers[::-1]
        assert second.next is None
        for other in ("printe", "status:open", "printer status:new"):
            with pytest.raises(rpc.Invalid) as refused:
                await ann(tickets.search, query=other, cursor=first.next)
            assert "cursor" in refused.value.fields


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "no word"),
        ("  \t ", "no word"),
        ('"', "no word"),
        ("- !!! ()&|:*", "no word"),
        ("\x00", "cannot be kept"),
        ("a\x00b", "cannot be kept"),
        ("\ud800", "cannot be kept"),
        ("status:", "missing after"),
        ('printer from:""', "missing after"),
        ("status:gone", "no such status"),
        ("is:red", "unassigned or unsolved"),
        ("x" * 10_000, "too long"),
        ("word " * 10_000, "too long"),
        (" ".join("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"), "too much"),
        ("tag:x " * 50, "too much"),
        ('"' + "東" * 500 + '"', "too much"),
    ],
)
@pytest.mark.asvs("V15.2.2")
async def test_what_cannot_be_looked_for_is_told_in_a_sentence(world: World, query: str, says: str) -> None:
    with pytest.raises(rpc.Invalid) as refused:
        await world.acme.by_token("ann")(tickets.search, query=query)
    assert says in refused.value.fields["query"]


HOSTILE = st.text(st.sampled_from("ab -\"'\\:*&|!()<>%_;#1東é\n") | st.characters(), max_size=60)
WORDS = st.sampled_from(
    ["status:", "tag:", "from:", "assignee:", "is:", "-", '"', "'; drop table x; --", "<->", ":*", "\\", "a'b", "'':A"]
)


async def test_no_text_breaks_it(world: World) -> None:
    await opened(world, "a'b 東 1", "<-> status: -x")
    ann = world.acme.by_token("ann")
    tried: list[str] = []

    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(HOSTILE | WORDS, max_size=6).map("".join))
    def collect(query: str) -> None:
        tried.append(query)

    collect()
    for query in tried:
        world.clock.move(timedelta(seconds=1))
        with suppress(rpc.Invalid):
            await ann(tickets.search, query=query)


async def test_the_page_costs_few_statements_however_much_it_shows(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    counted = set()
    for _ in range(2):
        for at in range(3):
            await opened(world, f"Printer {at}")
        for query in ("printer", "printer status:new -laser 'x", "-laser", "1", "is:unassigned from:cleo"):
            with StatementCounter() as counter:
                await ann(search.page, query=query)
            counted.add(counter.count)
    assert max(counted) <= 6


async def test_an_empty_box_shows_no_tickets(world: World) -> None:
    await opened(world, "Printer")
    page = await (await world.acme.signed_in("ann"))(search.page)
    assert (page.query, page.hits) == ("", None)
    assert page.desk.counts["open"] == 1
