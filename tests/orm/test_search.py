"""Search whose cost does not grow with the table."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

import orm
from orm.search import WINDOW, Finder, Term, document, matches, spans, words
from orm.session import execute
from orm.testing import Server
from tests.orm.desk import NOW, Person, Ticket, connected, emptied

BY = (Ticket.updated_at, Ticket.id)
OLD = 600  # tickets beyond those that are looked through one by one


@dataclass(frozen=True, slots=True)
class Subject:
    subject: str


class Document(orm.Model, table="documents", schema="desk"):
    ticket_id: orm.Column[UUID] = orm.reference("desk.tickets.id", primary=True, delete="cascade")
    words: orm.Column[str] = orm.search.column()

    indexes = (orm.index("ix_documents_words", "words", using="gin"),)


@pytest.fixture
async def tenants(server: Server) -> AsyncIterator[orm.Tenants]:
    async with connected(await emptied(server)) as tenants:
        yield tenants


async def ticket(number: int, **parts: str) -> None:
    """The ticket with this number as its subject, changed so many minutes after NOW."""
    added = await Ticket.about(str(number), after=number)
    await orm.flush()
    vector = document({part: words(content) for part, content in parts.items()})
    await orm.insert_or_skip(Document, {"ticket_id": added.id, "words": vector})


async def subjects(*terms: Term) -> list[str]:
    query = Document.where(matches(Document.words, terms)).join(Ticket, Ticket.id == Document.ticket_id)
    return sorted([row.subject for row in await query.into(Subject, subject=Ticket.subject)])


async def many(size: int = WINDOW + OLD) -> None:
    """Tickets from the oldest: each is common, one in ten is a tenth, the oldest three are rare."""
    requester = await Person.cleo()
    await orm.flush()
    await execute(
        text(
            "INSERT INTO desk.tickets (id, subject, status, requester_id, tags, urgent, views, updated_at) "
            "SELECT gen_random_uuid(), n::text, 'new', :requester, '{}', false, 0, CAST(:now AS timestamptz) "
            "+ n * interval '1 minute' FROM generate_series(1, :size) AS n"
        ).bindparams(requester=requester.id, now=NOW, size=size)
    )
    await execute(
        text(
            "INSERT INTO desk.documents (ticket_id, words) SELECT id, to_tsvector('simple', 'common ' || CASE "
            "WHEN subject::int <= 3 THEN 'rare ' ELSE '' END || CASE WHEN subject::int % 10 = 0 THEN 'tenth ' "
            "ELSE '' END || 'w' || subject) FROM desk.tickets"
        )
    )
    await execute(text("ANALYZE desk.tickets, desk.documents"))


@contextmanager
def sent() -> Iterator[list[str]]:
    """The statements that are sent."""
    with orm.StatementCounter() as counter:
        yield counter.statements


def finder(query: Any = None, *, by: Any = BY, size: int = 3) -> Finder:
    return Finder(query or Ticket.query(), by=by, vector=Document.words, key=Document.ticket_id, size=size)


async def page(
    *terms: Term, size: int = 3, cursor: str | None = None, query: Any = None
) -> tuple[list[str], str | None]:
    """The subjects of a page, and the cursor of the next."""
    found = await finder(query, size=size).find(terms, cursor, {})
    rows = await Ticket.where(Ticket.id.in_(found.keys)).order_by(Ticket.updated_at.desc()).limit(size).all()
    return [row.subject for row in rows], found.next


def word(*given: str, **options: Any) -> Term:
    return Term(given, **options)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("The printer's BROKEN!", ["the", "printer", "s", "broken"]),
        ("Größe Ångström cafe\u0301 Ελλάδα", ["grosse", "angstrom", "cafe", "ελλαδα"]),
        ("ann@acme.example foo_bar a-b 1.5", ["ann", "acme", "example", "foo", "bar", "a", "b", "1", "5"]),
        ("\ufb01x ½ ①", ["fix", "1", "2", "1"]),
        ("東京へ go", ["東", "京", "へ", "go"]),
        ("<>&|!'\\:*\x00", []),
    ],
)
def test_a_text_becomes_words(content: str, expected: list[str]) -> None:
    assert words(content) == expected


@given(st.text())
def test_words_stand_where_they_are_said_to_and_need_no_quoting(content: str) -> None:
    assert all(0 <= start < end <= len(content) for _, start, end in spans(content))
    found = words(content)
    assert all(one and len(one) <= 64 for one in found)
    assert not set("".join(found)) & set(" '\\:*&|!()<>\x00")


async def test_a_document_has_parts_that_terms_can_be_bound_to(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        await ticket(1, A="red light", C="blue printer")
        await ticket(2, A="blue light", D="red secret")
        assert await subjects(word("red")) == ["1", "2"]
        assert await subjects(word("red", parts="ABC")) == ["1"]
        assert await subjects(word("red", parts="D"), word("light")) == ["2"]
        assert await subjects(word("blue"), word("red", negated=True, parts="ABC")) == ["2"]
        assert (
            await subjects(word("prin", prefix=True)) == await subjects(word("prin", prefix=True, parts="C")) == ["1"]
        )
        assert await subjects(word("prin")) == await subjects(word("p", prefix=True)) == []
        assert await subjects(word("red", "light")) == ["1"]
        assert await subjects(word("light", "blue")) == await subjects(word("light", "red")) == [], "another text"
        assert await subjects(word("red", "li", prefix=True, parts="AB")) == ["1"]
        assert await subjects(word(*words("x" * 5000))) == await subjects(*[word(str(at)) for at in range(32)]) == []


async def test_a_part_is_replaced_and_more_is_added(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        await ticket(1, A="red light", B="red", C="red printer")
        rest = orm.search.without(Document.words, "A")
        await Document.query().update(words=orm.search.joined(rest, document({"A": ["green", "lamp"]})))
        assert await subjects(word("light")) == await subjects(word("red", parts="A")) == []
        assert await subjects(word("green", "lamp", parts="A"), word("red", parts="C"), word("red", parts="B")) == ["1"]


@pytest.mark.parametrize("part", ["", "E", "AB", "a"])
def test_a_part_must_be_one_of_four(part: str) -> None:
    with pytest.raises(ValueError, match="A, B, C or D"):
        document({part: ["x"]})


async def test_frequent_words_are_found_by_date_and_rare_ones_by_the_index(tenants: orm.Tenants) -> None:
    newest = [str(WINDOW + OLD - at) for at in range(3)]
    async with tenants.transaction("acme"):
        await many()
        with sent() as statements:
            assert (await page(word("common")))[0] == newest
        assert len(statements) == 3, "limits, one step, and the rows for this test"
        with sent() as statements:
            assert await page(word("rare")) == (["3", "2", "1"], None)
            assert await page(word("rare"), word("w2")) == (["2"], None)
            assert await page(word("absent")) == ([], None)
        assert len(statements) == 3 * 4
        assert (await page(word("absent", negated=True)))[0] == newest
        assert await page(word("common", negated=True)) == ([], None)
        assert (await page())[0] == newest
        assert await page(word("rare"), query=Ticket.where(Ticket.subject != "2")) == (["3", "1"], None)
        with sent() as statements:
            few = Ticket.where(Ticket.updated_at < NOW + timedelta(minutes=WINDOW))
            assert await page(word("absent"), query=few) == ([], None)
        assert len(statements) == 3, "all there are have been looked through"


async def test_of_a_word_of_a_large_table_that_is_neither_more_rows_are_read_by_date(tenants: orm.Tenants) -> None:
    size = WINDOW // 10  # so many stand in the window, and one less than are asked for
    async with tenants.transaction("acme"):
        await many(3 * WINDOW - OLD)
        found, cursor = [], None
        for steps in (2, 2, 1):
            with sent() as statements:
                listed, cursor = await page(word("tenth"), size=size, cursor=cursor)
            assert len(statements) == 1 + steps + 1
            found += listed
        assert cursor is None
        assert found == [str(number) for number in range((3 * WINDOW - OLD) // 10 * 10, 0, -10)]


async def test_pages_follow_each_other_from_step_to_step(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        await many()
        for terms in ([word("common")], [word("w2", prefix=True)], [word("w2", prefix=True, negated=True)], []):
            whole, _ = await page(*terms, size=1000)
            walked, cursor = await page(*terms, size=300)
            while cursor is not None and len(walked) < 1000:
                more, cursor = await page(*terms, size=300, cursor=cursor)
                walked += more
            assert walked[:1000] == whole
        with pytest.raises(orm.BadCursor):
            await page(word("rare"), cursor=(await page(word("common")))[1])


async def test_the_plans_use_the_date_and_then_the_words(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        await many()
        with sent() as statements:
            await page(word("absent"))
        by_date, by_words = [await _plan(statement) for statement in statements[1:3]]
        assert {"ix_tickets_list", "pk_documents"} <= by_date
        assert "ix_documents_words" in by_words
        assert "Seq Scan" not in by_date | by_words


async def test_a_search_that_takes_too_long_is_given_up(tenants: orm.Tenants) -> None:
    async def search_and_sleep() -> None:
        async with tenants.transaction("acme"):
            await finder().find((), None, {}, seconds=0.05)
            await execute(text("SELECT pg_sleep(2)"))

    with pytest.raises(orm.TimedOut):
        await search_and_sleep()


async def test_the_order_ends_with_a_unique_key(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        with pytest.raises(TypeError, match="unique"):
            finder(by=BY[::-1])


async def _plan(statement: str) -> set[str]:
    """The kinds of nodes and the indexes that a statement of a search for an absent word would use."""
    for at in range(9, 0, -1):
        statement = statement.replace(f"${at}::INTEGER", "2000").replace(f"${at}::VARCHAR", "'absent'")
    plan = (await execute(text(f"EXPLAIN (FORMAT JSON) {statement}"))).scalar_one()
    return set(_words(json.loads(plan) if isinstance(plan, str) else plan))


def _words(plan: Any) -> Iterator[str]:
    if isinstance(plan, list):
        for part in plan:
            yield from _words(part)
    elif isinstance(plan, dict):
        yield from (plan[name] for name in ("Node Type", "Index Name") if name in plan)
        for part in plan.values():
            yield from _words(part)
