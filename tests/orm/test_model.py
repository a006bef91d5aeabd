import threading
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

import orm
from orm.ids import Ids
from orm.testing import Server
from tests.orm.desk import NOW, Message, Person, Setting, Ticket, connected, emptied


@pytest.fixture
async def tenants(server: Server) -> AsyncIterator[orm.Tenants]:
    async with connected(await emptied(server)) as tenants:
        yield tenants


class Team(orm.Model, table="teams", schema="cycle"):
    id: orm.Column[UUID] = orm.key()
    head_id: orm.Column[UUID | None] = orm.reference("cycle.members.id", optional=True, cycle=True, delete="set null")


class Member(orm.Model, table="members", schema="cycle"):
    id: orm.Column[UUID] = orm.key()
    team_id: orm.Column[UUID] = orm.reference("cycle.teams.id", index=False)


def test_ids_are_unique_and_in_the_order_in_which_they_were_made() -> None:
    ids = [orm.uuid7() for _ in range(20_000)]
    assert ids == sorted(set(ids))
    assert {id.version for id in ids} == {7}
    assert {id.variant for id in ids} == {ids[0].variant} == {"specified in RFC 4122"}


def test_ids_stay_in_order_when_the_clock_stands_still_or_is_set_back() -> None:
    readings = [10_000_000, 10_000_000, 10_000_001, 2_000_000, 10_000_000, 20_000_000]
    clock = iter(readings)
    make = Ids(lambda: next(clock))
    ids = [make() for _ in readings]
    assert ids == sorted(ids)
    assert len({id.int >> 64 for id in ids}) == len(ids)
    assert [id.int >> 80 for id in (ids[0], ids[-1])] == [10, 20]


def test_ids_of_several_threads_are_unique() -> None:
    made: list[list[UUID]] = [[] for _ in range(4)]

    def make(ids: list[UUID]) -> None:
        ids.extend(orm.uuid7() for _ in range(5_000))

    threads = [threading.Thread(target=make, args=(ids,)) for ids in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id for ids in made for id in ids}) == 20_000
    assert all(ids == sorted(ids) for ids in made)


def test_a_new_entity_has_its_id_and_its_defaults_at_once() -> None:
    first, second = (Ticket(subject="Printer", updated_at=NOW) for _ in range(2))
    assert first.id < second.id
    assert (first.status, first.tags, first.views, first.urgent) == ("new", [], 0, False)
    first.tags.append("loud")
    assert second.tags == []


def test_a_name_that_is_no_column_is_refused() -> None:
    with pytest.raises(TypeError, match="Ticket has no column titel"):
        Ticket(titel="Printer")


def test_a_model_needs_a_table() -> None:
    with pytest.raises(TypeError, match="needs a table"):
        type("Nothing", (orm.Model,), {})


def test_its_repr_tells_nothing_of_its_content() -> None:
    assert "Cleo" not in repr(Person(name="Cleo"))


def test_constraints_and_indexes_have_names_to_rely_on() -> None:
    tables = orm.metadata_of(["desk"]).tables
    rules: list[Any] = [rule for table in tables.values() for rule in (*table.constraints, *table.indexes)]
    assert {
        "pk_tickets",
        "uq_tickets_number",
        "uq_people_address",
        "ck_tickets_status",
        "ck_tickets_views",
        "fk_tickets_requester_id",
        "ix_tickets_requester_id",
        "ix_tickets_list",
        "ix_outbox_ready",
        "ix_outbox_kind",
        "uq_outbox_key",
        "ck_outbox_state",
    } <= {rule.name for rule in rules}


def test_metadata_of_a_schema_has_its_tables_alone() -> None:
    assert {table.schema for table in orm.metadata_of(["desk"]).sorted_tables} == {"desk"}
    assert "desk.tickets" in orm.metadata().tables
    assert not orm.metadata_of(["elsewhere"]).tables


async def test_numbers_are_given_out_by_the_database(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        tickets = [await Ticket.about(subject) for subject in ("first", "second")]
        await orm.flush()
        assert [ticket.number for ticket in tickets] == [1, 2]


async def test_parents_are_written_before_their_children(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        person, ticket = Person(name="Ann"), Ticket(subject="Printer", updated_at=NOW)
        Message.add(ticket_id=ticket.id, body="It smokes.", sent_at=NOW)
        Ticket.add(id=ticket.id, subject="Printer", requester_id=person.id, updated_at=NOW)
        Person.add(id=person.id, name="Ann")
        with orm.StatementCounter() as counter:
            await orm.flush()
    assert [text.split()[2] for text in counter.statements] == [
        "desk.people",
        "desk.tickets",
        "desk.messages",
    ]


async def test_new_rows_of_a_table_are_one_statement_and_each_knows_its_number(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        requester = await Person.cleo()
        await orm.flush()
        tickets = [
            Ticket.add(subject=name, requester_id=requester.id, updated_at=NOW, facts={"of": name}) for name in "abc"
        ]
        with orm.StatementCounter() as counter:
            await orm.flush()
        assert len(counter.statements) == 1
        assert [(one.assignee_id, one.tags, one.views) for one in tickets] == [(None, [], 0)] * 3
        tickets[0].tags.append("changed in place")
        assert await Ticket.get(tickets[1].id) is tickets[1]
    async with tenants.transaction("acme"):
        found = await Ticket.query().order_by(Ticket.number).all()
    assert [(one.number, one.subject, one.facts) for one in found] == [
        (one.number, one.subject, {"of": one.subject}) for one in tickets
    ]
    assert found[0].tags == ["changed in place"]


async def test_a_new_row_takes_a_value_that_a_changed_one_gives_up(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        Person.add(name="Ann", address="help@acme.example")
    async with tenants.transaction("acme"):
        ann = await Person.where(Person.name == "Ann").one()
        ann.address = "ann@acme.example"
        Person.add(name="Bo", address="help@acme.example")
    async with tenants.transaction("acme"):
        people = await Person.query().order_by(Person.name).all()
        assert [one.address for one in people] == ["ann@acme.example", "help@acme.example"]


async def test_new_rows_of_a_savepoint_are_gone_with_it(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        kept = Person.add(name="Ann", address="help@acme.example")
        lost: list[Person] = []

        async def add_two() -> None:
            async with orm.savepoint():
                lost.append(Person.add(name="Cleo"))
                await orm.flush()
                Person.add(name="Bo", address=kept.address)
                await orm.flush()

        with pytest.raises(orm.Conflict) as caught:
            await add_two()
        assert caught.value.constraint == "uq_people_address"
        with pytest.raises(orm.NotFound):
            await Person.get(lost[0].id)
        Person.add(name="Dora")
    async with tenants.transaction("acme"):
        assert sorted([one.name for one in await Person.query().all()]) == ["Ann", "Dora"]


async def test_tables_may_refer_to_each_other(address: orm.Address) -> None:
    await orm.create_tables(address, ["cycle"])
    async with connected(address) as tenants:
        async with tenants.transaction("acme"):
            team = Team.add()
            member = Member.add(team_id=team.id)
            await orm.flush()
            team.head_id = member.id
        async with tenants.transaction("acme"):
            await (await Member.get(member.id)).delete()
        async with tenants.transaction("acme"):
            assert (await Team.get(team.id)).head_id is None


async def test_a_change_that_refers_to_a_new_row_follows_it(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        ticket = await Ticket.about("Printer")
    async with tenants.transaction("acme"):
        ticket = await Ticket.get(ticket.id)
        ticket.assignee_id = Person.add(name="Ann").id
    async with tenants.transaction("acme"):
        assert (await Ticket.where(Ticket.assignee_id.is_not(None)).one()).id == ticket.id


async def test_what_was_changed_is_written_at_the_commit(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        ticket = await Ticket.about("Printer", tags=["loud"])
    async with tenants.transaction("acme"):
        ticket = await Ticket.get(ticket.id)
        ticket.subject = "Printer on fire"
        ticket.tags.append("hot")
    async with tenants.transaction("acme"):
        found = await Ticket.get(ticket.id)
        assert (found.subject, found.tags) == ("Printer on fire", ["loud", "hot"])
    assert ticket.subject == "Printer on fire"  # readable after its transaction


async def test_get_answers_the_same_entity_or_not_found(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        ticket = await Ticket.about("Printer")
        assert await Ticket.get(ticket.id) is ticket
        assert await Ticket.where(Ticket.status == "new").get(ticket.id) is ticket
        with pytest.raises(orm.NotFound):
            await Ticket.get(orm.uuid7())
        with pytest.raises(orm.NotFound):
            await Ticket.where(Ticket.status == "open").get(ticket.id)


async def test_deleting_takes_the_children_along_where_the_key_says_so(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        ticket = await Ticket.about("Printer")
        Message.add(ticket_id=ticket.id, body="It smokes.", sent_at=NOW)
        await orm.flush()
        await ticket.delete()
        assert not await Message.query().exists()
        with pytest.raises(orm.NotFound):
            await Ticket.get(ticket.id)


async def test_a_parent_with_children_is_not_deleted_where_the_key_does_not_say_so(
    tenants: orm.Tenants,
) -> None:
    async with tenants.transaction("acme"):
        await Ticket.about("Printer")
    with pytest.raises(orm.Conflict, match="fk_tickets_requester_id"):
        async with tenants.transaction("acme"):
            await (await Person.cleo()).delete()


async def test_times_come_back_as_the_same_moment(tenants: orm.Tenants) -> None:
    elsewhere = datetime(2026, 3, 2, 23, 59, 59, 999_999, timezone(timedelta(hours=5, minutes=45)))
    async with tenants.transaction("acme"):
        ticket = await Ticket.about("Printer", due_at=elsewhere)
    async with tenants.transaction("acme"):
        found = await Ticket.get(ticket.id)
        assert found.due_at == elsewhere
        assert found.due_at.utcoffset() == timedelta(0)


async def test_a_time_without_a_zone_is_refused(tenants: orm.Tenants) -> None:
    naive = datetime(2026, 3, 2)  # noqa: DTZ001 - this is what the test is about
    with pytest.raises(orm.BadValue, match="needs a zone"):
        async with tenants.transaction("acme"):
            await Ticket.about("Printer", due_at=naive)
    with pytest.raises(orm.BadValue, match="needs a zone"):
        async with tenants.transaction("acme"):
            await Ticket.where(Ticket.updated_at < naive).exists()


@pytest.mark.parametrize(
    "values",
    [
        {"subject": "nul \0"},
        {"subject": "surrogate \ud800"},
        {"views": 2**31},
        {"views": "many"},
        {"facts": {"nul": "\0"}},
        {"requester_id": "no id"},
    ],
    ids=lambda values: next(iter(values)),
)
async def test_what_does_not_fit_its_column_is_a_bad_value(tenants: orm.Tenants, values: dict[str, object]) -> None:
    with pytest.raises(orm.BadValue) as caught:
        async with tenants.transaction("acme"):
            Ticket.add(**{"subject": "Printer", "requester_id": orm.uuid7(), "updated_at": NOW, **values})
    assert "many" not in str(caught.value)


async def test_json_comes_back_as_it_went(tenants: orm.Tenants) -> None:
    facts = {"os": "Plan 9 → 10", "list": [1, 2.5, None, True], "deep": {"": []}}
    async with tenants.transaction("acme"):
        ticket, bare = await Ticket.about("Printer", facts=facts), await Ticket.about("none", facts=None)
    async with tenants.transaction("acme"):
        assert (await Ticket.get(ticket.id)).facts == facts
        assert (await Ticket.where(Ticket.facts.is_(None)).one()).id == bare.id


async def test_bytes_come_back_as_they_went(tenants: orm.Tenants) -> None:
    raw = bytes(range(256))
    async with tenants.transaction("acme"):
        ticket = await Ticket.about("Printer")
        message = Message.add(ticket_id=ticket.id, body="", raw=raw, sent_at=NOW)
    async with tenants.transaction("acme"):
        assert (await Message.get(message.id)).raw == raw


async def test_a_choice_keeps_to_its_values(tenants: orm.Tenants) -> None:
    with pytest.raises(orm.Conflict) as caught:
        async with tenants.transaction("acme"):
            await Ticket.about("Printer", status="lost")
    assert caught.value.constraint == "ck_tickets_status"


async def test_an_entity_whose_row_has_gone_is_stale(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        Setting.add(name="signature", value="Yours")

    async def change_what_another_deletes() -> None:
        async with tenants.transaction("acme"):
            setting = await Setting.get("signature")
            async with tenants.transaction("acme"):
                await Setting.where(Setting.name == "signature").delete()
            setting.value = "Mine"

    with pytest.raises(orm.Stale):
        await change_what_another_deletes()
