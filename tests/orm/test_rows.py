"""Tables as lines of JSON: what they are made of, read in one snapshot, few at a time."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

import orm
from orm.rows import AT_ONCE, MOST, Size
from orm.testing import Server
from tests.orm.desk import NOW, Message, Person, Ticket, connected, emptied

RELATIONS = {relation.name: relation for relation in orm.relations(["desk"])}
TICKETS, MESSAGES = RELATIONS["desk.tickets"], RELATIONS["desk.messages"]


@pytest.fixture
async def tenants(server: Server) -> AsyncIterator[orm.Tenants]:
    async with connected(await emptied(server)) as tenants:
        yield tenants


async def told(relation: orm.Relation, at_once: int = MOST) -> list[dict[str, Any]]:
    return [json.loads(line) async for lines in orm.rows.lines(relation, at_once) for line in lines]


def test_tables_come_after_what_they_refer_to_and_say_what_they_are_made_of() -> None:
    names = list(RELATIONS)
    assert names.index("desk.people") < names.index("desk.tickets") < names.index("desk.messages")
    fields = {field.name: field for field in TICKETS.fields}
    assert {name: field.kind for name, field in fields.items()} == {
        "id": "uuid",
        "number": "integer",
        "subject": "text",
        "status": "text",
        "requester_id": "uuid",
        "assignee_id": "uuid",
        "tags": "texts",
        "urgent": "boolean",
        "views": "integer",
        "facts": "json",
        "updated_at": "time",
        "due_at": "time",
    }
    assert [name for name, field in fields.items() if field.optional] == ["assignee_id", "facts", "due_at"]
    assert fields["status"].choices == ("new", "open", "solved")
    assert (TICKETS.counters, TICKETS.key) == (("number",), ("id",))


async def test_a_row_is_a_line_and_is_read_back(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        ticket = await Ticket.about('"a\\\n\t\u2028 ü 🖨', tags=["x", 'y"'], facts={"a": [1, None, "\\u0041"]})
        Message.add(ticket_id=ticket.id, body="b", raw=b"\x00\xff", sent_at=NOW)
    async with tenants.transaction("acme", read_only=True, snapshot=True):
        lines = [line async for lines in orm.rows.lines(TICKETS, 10) for line in lines]
        (message,) = await told(MESSAGES)
    assert [line.count("\n") for line in lines] == [0]
    row = TICKETS.read(lines[0].encode())
    assert (row["id"], row["subject"], row["tags"], row["facts"]) == (
        ticket.id,
        ticket.subject,
        ["x", 'y"'],
        {"a": [1, None, "\\u0041"]},
    )
    assert (row["updated_at"], row["due_at"], message["raw"]) == (NOW, None, "\\x00ff")


async def test_all_statements_see_one_moment_and_the_next_transaction_another(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme", read_only=True, snapshot=True):
        assert await orm.rows.measured(RELATIONS["desk.people"]) == Size(0, 0)
        async with tenants.transaction("acme"):
            Person.add(name="Ann")
        assert await told(RELATIONS["desk.people"]) == []
    async with tenants.transaction("acme"):
        assert len(await told(RELATIONS["desk.people"])) == 1
        async with tenants.transaction("acme"):
            Person.add(name="Bo")
        assert len(await told(RELATIONS["desk.people"])) == 2, "no snapshot any more on the same connection"


async def test_few_rows_are_in_memory_where_one_of_them_is_large(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        ticket = await Ticket.about("S")
        for number in range(30):
            Message.add(ticket_id=ticket.id, body="ü" * (200_000 if number == 17 else 1), sent_at=NOW)
    async with tenants.transaction("acme", read_only=True, snapshot=True):
        size = await orm.rows.measured(MESSAGES)
        assert (size.rows, size.largest, size.at_once) == (30, 400_000, 2)
        batches = [len(lines) async for lines in orm.rows.lines(MESSAGES, size.at_once)]
        (ids,) = [found async for found in orm.rows.identifiers(MESSAGES, "ticket_id")]
    assert batches == [2] * 15
    assert set(ids) == {ticket.id}
    assert (Size(9, 0).at_once, Size(9, 10 * AT_ONCE).at_once) == (MOST, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "1"},
        {"number": 2**63},
        {"number": "1"},
        {"views": 2**31},
        {"subject": None},
        {"subject": "a\0"},
        {"facts": {"deep": ["\0"]}},
        {"tags": "x"},
        {"tags": [1]},
        {"status": "closed"},
        {"updated_at": "2026-03-02T09:00:00"},
        {"urgent": 1},
        {"evil": 1},
    ],
)
def test_what_is_no_row_is_refused_with_a_sentence(change: dict[str, Any]) -> None:
    row = {
        "id": str(orm.uuid7()),
        "number": 1,
        "subject": "\\u0000 is six letters",
        "status": "new",
        "requester_id": str(orm.uuid7()),
        "tags": [],
        "urgent": False,
        "views": 0,
        "updated_at": "2026-03-02T09:00:00+00:00",
    }
    assert TICKETS.read(json.dumps(row).encode())["due_at"] is None, "what may be null can be left out"
    with pytest.raises(orm.BadValue, match=r"\.$"):
        TICKETS.read(json.dumps(row | change).encode())
    with pytest.raises(orm.BadValue, match="It is no JSON"):
        TICKETS.read(json.dumps(row).replace('"new"', '"\\ud800"').encode())


def test_bytes_are_hexadecimal() -> None:
    only = replace(MESSAGES, fields=tuple(field for field in MESSAGES.fields if field.name == "raw"))
    assert only.read(b'{"raw":"\\\\x00ff"}')["raw"] == "\\x00ff"
    for raw in (b'{"raw":"\\\\x0"}', b'{"raw":"00ff"}', b'{"raw":"\\\\x00FF\'); --"}'):
        with pytest.raises(orm.BadValue):
            only.read(raw)
