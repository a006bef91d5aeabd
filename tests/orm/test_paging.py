import base64
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import orm
from orm.testing import Server
from tests.orm.desk import NOW, Person, Setting, Ticket, connected, emptied


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    updated_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Number:
    number: int


@pytest.fixture
async def tenants(server: Server) -> AsyncIterator[orm.Tenants]:
    async with connected(await emptied(server)) as tenants:
        yield tenants


async def fill(minutes: list[int]) -> None:
    """A ticket for each of these minutes, in this order."""
    for minute in minutes:
        await Ticket.about("Printer", after=minute)
        await orm.flush()


async def turn(
    query: orm.Query[Ticket], cursor: str | None = None, *, size: int = 2, descending: bool = True
) -> orm.Page[Line]:
    return await query.page(
        Line,
        by=(Ticket.updated_at, Ticket.id),
        size=size,
        cursor=cursor,
        descending=descending,
        number=Ticket.number,
        updated_at=Ticket.updated_at,
        id=Ticket.id,
    )


def numbers(page: orm.Page[Line]) -> list[int]:
    return [line.number for line in page.items]


async def test_pages_forth_and_back_and_none_at_the_ends(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        await fill([1, 2, 3, 4, 5])
        first = await turn(Ticket.query())
        second = await turn(Ticket.query(), first.next)
        third = await turn(Ticket.query(), second.next)
        assert [numbers(page) for page in (first, second, third)] == [[5, 4], [3, 2], [1]]
        assert first.previous is None
        assert third.next is None
        back = await turn(Ticket.query(), third.previous)
        assert numbers(back) == [3, 2]
        assert back.next is not None
        start = await turn(Ticket.query(), back.previous)
        assert numbers(start) == [5, 4]
        assert start.previous is None
        assert numbers(await turn(Ticket.query(), start.next)) == [3, 2]


async def test_an_empty_list_is_a_page(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        assert await turn(Ticket.query()) == orm.Page([], None, None)


async def test_a_page_is_one_statement_that_counts_and_skips_nothing(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        await fill([1, 2, 3])
        with orm.StatementCounter() as counter:
            page = await turn(Ticket.query())
            await turn(Ticket.query(), page.next)
    assert counter.count == 2
    assert not any("count(" in text.lower() or "offset" in text.lower() for text in counter.statements)
    assert "(desk.tickets.updated_at, desk.tickets.id) < (" in counter.statements[1]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    minutes=st.lists(st.integers(0, 3), max_size=9),
    size=st.integers(1, 5),
    descending=st.booleans(),
    seed=st.integers(0, 1000),
)
async def test_any_walk_shows_what_a_sorted_list_would(
    tenants: orm.Tenants, minutes: list[int], size: int, descending: bool, seed: int
) -> None:
    async with tenants.transaction("acme"):
        await Ticket.query().delete()
        await fill(minutes)
        stored = await Ticket.query().into(Line, number=Ticket.number, updated_at=Ticket.updated_at, id=Ticket.id)
        expected = sorted(stored, key=lambda ticket: (ticket.updated_at, ticket.id), reverse=descending)
        page = await turn(Ticket.query(), size=size, descending=descending)
        at = 0
        chance = random.Random(seed)
        for _ in range(12):
            assert numbers(page) == [ticket.number for ticket in expected[at : at + size]]
            assert (page.next is None) == (at + size >= len(expected))
            assert (page.previous is None) == (at == 0)
            ways = [(page.next, size), (page.previous, -size)]
            open_ways = [(cursor, step) for cursor, step in ways if cursor is not None]
            if not open_ways:
                break
            cursor, step = chance.choice(open_ways)
            at += step
            page = await turn(Ticket.query(), cursor, size=size, descending=descending)


async def test_rows_that_come_and_go_neither_repeat_nor_hide_others(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        await fill([1, 2, 3, 4, 5, 6])
        first = await turn(Ticket.query())  # 6 5
        await Ticket.about("new on top", after=9)
        await Ticket.where(Ticket.number == 5).delete()  # the row at which the next page begins
        second = await turn(Ticket.query(), first.next)
        assert numbers(second) == [4, 3]
        await Ticket.where(Ticket.number == 2).delete()
        third = await turn(Ticket.query(), second.next)
        assert numbers(third) == [1]
        back = await turn(Ticket.query(), second.previous)
        assert numbers(back) == [7, 6]


async def test_when_all_further_rows_have_gone_the_way_back_remains(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        await fill([1, 2, 3, 4])
        first = await turn(Ticket.query())
        second = await turn(Ticket.query(), first.next)
        await Ticket.where(Ticket.number <= 2).delete()
        gone = await turn(Ticket.query(), first.next)
        assert (gone.items, gone.next) == ([], None)
        assert numbers(await turn(Ticket.query(), gone.previous)) == [4, 3]
        await Ticket.query().delete()
        await fill([1])
        nothing_before = await turn(Ticket.query(), second.previous)
        assert (nothing_before.items, nothing_before.previous) == ([], None)
        assert len(numbers(await turn(Ticket.query(), nothing_before.next))) == 1


async def test_microseconds_count(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        for micro in (1, 2, 3):
            ticket = await Ticket.about("Printer")
            ticket.updated_at = NOW + timedelta(microseconds=micro)
            await orm.flush()
        first = await turn(Ticket.query(), size=1)
        second = await turn(Ticket.query(), first.next, size=1)
        assert numbers(await turn(Ticket.query(), second.next, size=1)) == [1]


async def test_pages_in_the_order_of_a_text_and_of_an_expression(tenants: orm.Tenants) -> None:
    @dataclass(frozen=True)
    class Name:
        name: str

    async def walk(by: tuple[Any, ...]) -> list[str]:
        found: list[str] = []
        cursor = None
        while True:
            page = await Setting.query().page(Name, by=by, size=1, cursor=cursor, descending=False, name=Setting.name)
            found += [row.name for row in page.items]
            cursor = page.next
            if cursor is None:
                return found

    async with tenants.transaction("acme"):
        for name in ("b", "Ä", "C", "a'b"):
            Setting.add(name=name, value="")
        assert await walk((Setting.name,)) == ["C", "a'b", "b", "Ä"]
        assert await walk((orm.lower(Setting.name), Setting.name)) == ["a'b", "b", "C", "Ä"]


async def test_pages_by_a_flag(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        await fill([1, 2, 3])
        await Ticket.where(Ticket.number == 2).update(urgent=True)
        by = (Ticket.urgent, Ticket.id)
        first = await Ticket.query().page(Number, by=by, size=2, number=Ticket.number)
        second = await Ticket.query().page(Number, by=by, size=2, cursor=first.next, number=Ticket.number)
    assert [row.number for row in (*first.items, *second.items)] == [2, 3, 1]


async def test_pages_of_a_join(tenants: orm.Tenants) -> None:
    query = Ticket.query().join(Person, Person.id == Ticket.requester_id)
    async with tenants.transaction("acme"):
        await fill([1, 2, 3])
        first = await turn(query)
        assert numbers(await turn(query, first.next)) == [1]
        with pytest.raises(orm.BadCursor):
            await turn(Ticket.query(), first.next)


async def test_a_filter_by_the_present_time_stays_the_same_list(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        await fill([1, 2, 3])
        first = await turn(Ticket.where(Ticket.updated_at < NOW + timedelta(hours=1)))
        later = Ticket.where(Ticket.updated_at < NOW + timedelta(hours=2))
        assert numbers(await turn(later, first.next)) == [1]


async def test_a_cursor_serves_its_own_list_only(server: Server, tenants: orm.Tenants) -> None:
    mine = Ticket.where(Ticket.status.in_(["new", "open"]))
    async with tenants.transaction("acme"):
        await fill([1, 2, 3])
        cursor = (await turn(mine)).next
        assert numbers(await turn(Ticket.where(Ticket.status.in_(["open", "new"])), cursor)) == [1]
        for other in (
            Ticket.query(),
            Ticket.where(Ticket.status.in_(["new", "solved"])),
            mine.where(Ticket.urgent),
        ):
            with pytest.raises(orm.BadCursor):
                await turn(other, cursor)
        with pytest.raises(orm.BadCursor):
            await turn(mine, cursor, descending=False)
        with pytest.raises(orm.BadCursor):
            await mine.page(Number, by=(Ticket.number,), cursor=cursor, number=Ticket.number)
    async with tenants.transaction("globex"):  # even where it is the same database
        with pytest.raises(orm.BadCursor):
            await turn(mine, cursor)
    async with connected(await emptied(server), cursor_key=b"another key") as others, others.transaction("acme"):
        with pytest.raises(orm.BadCursor):
            await turn(mine, cursor)


async def test_a_cursor_that_was_touched_is_refused(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        await fill([1, 2, 3])
        cursor = (await turn(Ticket.query())).next
        assert cursor is not None
        raw = base64.urlsafe_b64decode(cursor + "==")
        touched = [raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :] for at in range(len(raw))]
        for bad in (*touched, raw[:-1], raw + b" ", raw[32:], b""):
            with pytest.raises(orm.BadCursor):
                await turn(Ticket.query(), base64.urlsafe_b64encode(bad).decode().rstrip("="))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.one_of(st.text(), st.from_regex(r"[A-Za-z0-9_=-]{0,90}", fullmatch=True)))
async def test_garbage_is_a_bad_cursor(tenants: orm.Tenants, garbage: str) -> None:
    async with tenants.transaction("acme"):
        with pytest.raises(orm.BadCursor):
            await turn(Ticket.query(), garbage)


async def test_an_endless_cursor_is_refused_unread(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        with pytest.raises(orm.BadCursor):
            await turn(Ticket.query(), "A" * 10_000_000)


async def test_an_order_that_could_lose_rows_is_refused(tenants: orm.Tenants) -> None:
    assignee = Person.alias("assignee")
    bad_orders: list[tuple[tuple[Any, ...], str]] = [
        ((), "must be unique"),
        ((Ticket.updated_at,), "must be unique"),
        ((orm.lower(Ticket.subject),), "must be unique"),
        ((assignee.name,), "must be unique"),
        ((Ticket.due_at, Ticket.id), "nullable"),
        ((Person.address,), "nullable"),
    ]
    async with tenants.transaction("acme"):
        for by, reason in bad_orders:
            with pytest.raises(TypeError, match=reason):
                await Ticket.query().page(Number, by=by, number=Ticket.number)
        with pytest.raises(TypeError, match="own order and size"):
            await turn(Ticket.query().order_by(Ticket.number))
        await fill([1, 2])
        with pytest.raises(TypeError, match="cannot be ordered by float"):
            await Ticket.query().page(Number, by=(orm.function("sqrt", 4), Ticket.id), size=1, number=Ticket.number)
