import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

import orm
from orm.testing import Server
from tests.orm.desk import NOW, Message, Person, Setting, Ticket, connected, emptied


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    subject: str
    requester: str = ""
    assignee: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    id: UUID
    body: str
    sent_at: datetime
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Thread:
    subject: str
    messages: list[Said]


@dataclass(frozen=True, slots=True)
class Counted:
    status: str
    number: int


@pytest.fixture
async def tenants(server: Server) -> AsyncIterator[orm.Tenants]:
    """A desk with the tickets printer (open, Ann's, three messages), phone (new) and coffee (solved)."""
    async with connected(await emptied(server)) as tenants:
        async with tenants.transaction("acme"):
            ann = Person.add(name="Ann", address="ann@acme.example")
            printer = await Ticket.about("printer", after=2, status="open", assignee_id=ann.id, tags=["loud", "hot"])
            await orm.flush()
            await Ticket.about("phone", after=1, tags=["loud"])
            await orm.flush()
            await Ticket.about("coffee", status="solved", due_at=NOW)
            for minute in range(3):
                sent_at = NOW + timedelta(minutes=minute, microseconds=minute)
                Message.add(ticket_id=printer.id, body=f'It "smokes"\n{minute}', sent_at=sent_at)
        yield tenants


async def subjects(query: orm.Query[Ticket]) -> list[str]:
    return [line.subject for line in await query.into(Line, number=Ticket.number, subject=Ticket.subject)]


async def test_a_list_is_one_statement_into_dataclasses(tenants: orm.Tenants) -> None:
    assignee = Person.alias("assignee")
    query = (
        Ticket.where(Ticket.status.in_(["open", "new"]))
        .join(Person, Person.id == Ticket.requester_id)
        .join(assignee, assignee.id == Ticket.assignee_id, optional=True)
        .order_by(Ticket.updated_at.desc())
    )
    async with tenants.transaction("acme"):
        with orm.StatementCounter() as counter:
            lines = await query.into(
                Line,
                number=Ticket.number,
                subject=Ticket.subject,
                requester=Person.name,
                assignee=assignee.name,
            )
    assert lines == [Line(1, "printer", "Cleo", "Ann"), Line(2, "phone", "Cleo", None)]
    assert counter.count == 1


async def test_the_order_of_named_columns_does_not_matter(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        found = await Ticket.where(Ticket.number == 1).into(Line, subject=Ticket.subject, number=Ticket.number)
        kept = await Message.query().limit(1).into(Said, sent_at=Message.sent_at, body=Message.body, id=Message.id)
    assert found == [Line(1, "printer")]
    assert kept[0].tags == []


async def test_columns_that_do_not_fit_the_dataclass_are_refused_before_anything_is_sent(
    tenants: orm.Tenants,
) -> None:
    async with tenants.transaction("acme"):
        with orm.StatementCounter() as counter:
            with pytest.raises(TypeError, match="has no field titel"):
                await Ticket.query().into(Line, number=Ticket.number, subject=Ticket.subject, titel=Ticket.subject)
            with pytest.raises(TypeError, match="also needs number"):
                await Ticket.query().into(Line, subject=Ticket.subject)
            with pytest.raises(TypeError, match="is not a dataclass"):
                await Ticket.query().into(dict, subject=Ticket.subject)
            with pytest.raises(TypeError, match="also needs sent_at"):
                Message.query().as_list(Said, id=Message.id, body=Message.body)
        assert counter.count == 0


async def test_a_query_is_a_value(tenants: orm.Tenants) -> None:
    everything = Ticket.query()
    everything.where(Ticket.number == 1).order_by(Ticket.number).limit(1).lock()
    async with tenants.transaction("acme"):
        assert await everything.count_up_to(10) == 3


async def test_one_first_and_all(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        assert (await Ticket.where(Ticket.number == 2).one()).subject == "phone"
        assert await Ticket.where(Ticket.number == 9).first() is None
        assert [ticket.number for ticket in await Ticket.query().order_by(Ticket.number.desc()).all()] == [
            3,
            2,
            1,
        ]
        with pytest.raises(orm.NotFound):
            await Ticket.where(Ticket.number == 9).one()
        with pytest.raises(orm.TooManyRows):
            await Ticket.query().one()
        one = await Ticket.where(Ticket.number == 2).one_into(Line, number=Ticket.number, subject=Ticket.subject)
        assert one == Line(2, "phone")
        with pytest.raises(orm.NotFound):
            await Ticket.where(Ticket.number == 9).one_into(Line, number=Ticket.number, subject=Ticket.subject)


async def test_a_list_without_a_limit_is_never_cut_in_silence(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        for number in range(1001):
            Setting.add(name=str(number), value="")
        with pytest.raises(orm.TooManyRows):
            await Setting.query().all()
        assert len(await Setting.query().limit(1001).all()) == 1001
        assert await Setting.query().count_up_to(1000) == 1000
        assert await Setting.query().limit(7).count_up_to(1000) == 7
        assert await Setting.query().limit(0).all() == []
        names = Setting.query().as_list(name=Setting.name)
        with pytest.raises(orm.TooManyRows):
            await Ticket.where(Ticket.number == 1).into(Thread, subject=Ticket.subject, messages=names)


async def test_a_subquery_becomes_a_list_of_dataclasses(tenants: orm.Tenants) -> None:
    last_two = Message.where(Message.ticket_id == Ticket.id).order_by(Message.sent_at.desc()).limit(2)
    async with tenants.transaction("acme"):
        with orm.StatementCounter() as counter:
            threads = await (
                Ticket.query()
                .order_by(Ticket.number)
                .into(
                    Thread,
                    subject=Ticket.subject,
                    messages=last_two.as_list(Said, id=Message.id, body=Message.body, sent_at=Message.sent_at),
                )
            )
        stored = await Message.query().order_by(Message.sent_at.desc()).limit(2).all()
    assert counter.count == 1
    assert [thread.messages for thread in threads[1:]] == [[], []]
    assert [(said.id, said.body, said.sent_at) for said in threads[0].messages] == [
        (message.id, message.body, message.sent_at) for message in stored
    ]


async def test_lists_in_lists_and_lists_of_dicts(tenants: orm.Tenants) -> None:
    @dataclass(frozen=True)
    class Customer:
        name: str
        threads: list[Thread]
        plain: list[dict[str, Any]]

    said = Message.where(Message.ticket_id == Ticket.id).order_by(Message.sent_at)
    tickets = Ticket.where(Ticket.requester_id == Person.id, Ticket.number < 3).order_by(Ticket.number)
    async with tenants.transaction("acme"):
        cleo = await Person.where(Person.name == "Cleo").one_into(
            Customer,
            name=Person.name,
            threads=tickets.as_list(
                Thread,
                subject=Ticket.subject,
                messages=said.as_list(Said, id=Message.id, body=Message.body, sent_at=Message.sent_at),
            ),
            plain=tickets.as_list(number=Ticket.number),
        )
    assert [(thread.subject, len(thread.messages)) for thread in cleo.threads] == [
        ("printer", 3),
        ("phone", 0),
    ]
    assert isinstance(cleo.threads[0].messages[0], Said)
    assert cleo.plain == [{"number": 1}, {"number": 2}]


async def test_a_list_may_come_from_the_same_table_under_another_name(tenants: orm.Tenants) -> None:
    other = Ticket.alias("other")
    siblings = other.where(other.requester_id == Ticket.requester_id, other.id != Ticket.id).order_by(other.number)
    async with tenants.transaction("acme"):
        (found,) = await Ticket.where(Ticket.number == 1).into(
            Thread, subject=Ticket.subject, messages=siblings.as_list(subject=other.subject)
        )
    assert [dict(row) for row in found.messages] == [{"subject": "phone"}, {"subject": "coffee"}]  # type: ignore[call-overload]


async def test_what_stands_most_often_in_an_array_of_the_rows(tenants: orm.Tenants) -> None:
    @dataclass(frozen=True)
    class Tag:
        tag: str

    newest = Ticket.query().order_by(Ticket.number)
    async with tenants.transaction("acme"):
        found = await orm.scalars(
            all=newest.limit(500).most_frequent(Tag, 200, tag=Ticket.tags),
            first=newest.limit(500).most_frequent(Tag, 1, tag=Ticket.tags),
            of_one=newest.limit(1).most_frequent(Tag, 200, tag=Ticket.tags),
            of_none=newest.where(Ticket.number > 3).limit(500).most_frequent(Tag, 200, tag=Ticket.tags),
        )
    assert found["all"] == [Tag("loud"), Tag("hot")]
    assert found["first"] == [Tag("loud")]
    assert {one.tag for one in found["of_one"]} == {"loud", "hot"}
    assert found["of_none"] == []
    with pytest.raises(TypeError, match="also needs tag"):
        newest.most_frequent(Tag, 200)


async def test_several_capped_counts_travel_in_one_statement(tenants: orm.Tenants) -> None:
    mine = Ticket.where(Ticket.assignee_id.is_not(None))
    async with tenants.transaction("acme"):
        with orm.StatementCounter() as counter:
            counts = await orm.scalars(
                all=orm.capped(Ticket.query(), 2),
                mine=orm.capped(mine, 2),
                none=orm.capped(mine.where(~Ticket.urgent), 0),
            )
        assert counts == {"all": 2, "mine": 1, "none": 0}
        assert counter.count == 1
        assert await Ticket.query().count_up_to(2) == 2
        assert await mine.count_up_to(2) == 1


async def test_a_count_and_a_condition_may_refer_to_the_query_around_them(tenants: orm.Tenants) -> None:
    said = Message.where(Message.ticket_id == Ticket.id)
    async with tenants.transaction("acme"):
        counted = (
            await Ticket.query()
            .order_by(Ticket.number)
            .into(Counted, status=Ticket.subject, number=orm.capped(said, 2))
        )
        assert [row.number for row in counted] == [2, 0, 0]
        assert await subjects(Ticket.where(orm.exists(said))) == ["printer"]
        assert await subjects(Ticket.where(Ticket.id.in_(Message.query().column(Message.ticket_id)))) == ["printer"]


async def test_exists(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        assert await Ticket.where(Ticket.subject == "phone").exists()
        assert not await Ticket.where(Ticket.subject == "' OR true --").exists()


async def test_grouping(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        by_status = await (
            Ticket.query()
            .group_by(Ticket.status)
            .order_by(Ticket.status)
            .into(Counted, status=Ticket.status, number=orm.count(where=Ticket.number < 3))
        )
    assert by_status == [Counted("new", 1), Counted("open", 1), Counted("solved", 0)]


async def test_expressions(tenants: orm.Tenants) -> None:
    rank = orm.case((Ticket.status == "open", 1), (Ticket.status == "new", 2), otherwise=3)
    async with tenants.transaction("acme"):
        assert await subjects(Ticket.where(orm.any_of(Ticket.tags, "loud")).order_by(Ticket.number)) == [
            "printer",
            "phone",
        ]
        assert await subjects(Ticket.where(orm.contains_all(Ticket.tags, ["loud", "hot"]))) == ["printer"]
        assert await subjects(Ticket.query().order_by(rank)) == ["printer", "phone", "coffee"]
        assert await subjects(Ticket.where(orm.lower(Ticket.subject) == "phone")) == ["phone"]
        latest = orm.greatest(Ticket.updated_at, orm.coalesce(Ticket.due_at, Ticket.updated_at))
        values = await orm.scalars(
            newest=Ticket.query().column(orm.maximum(latest)),
            oldest=Ticket.query().column(orm.minimum(Ticket.updated_at)),
            numbers=Ticket.query().column(orm.total(Ticket.number)),
            mean=Ticket.query().column(orm.average(Ticket.number)),
            least=orm.least(orm.literal(2), 1, orm.literal(3)),
            there=Ticket.where(Ticket.number == 1).column(orm.truncated("day", Ticket.updated_at, "Asia/Kathmandu")),
            day=Ticket.where(Ticket.number == 1).column(orm.truncated("day", Ticket.updated_at)).scalar_subquery(),
        )
    assert values == {
        "newest": NOW + timedelta(minutes=2),
        "oldest": NOW,
        "numbers": 6,
        "mean": 2,
        "least": 1,
        "there": NOW.replace(day=1, hour=18, minute=15),
        "day": NOW.replace(hour=0),
    }


async def test_an_update_is_one_statement_and_reaches_loaded_entities(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        printer = await Ticket.where(Ticket.number == 1).one()
        with orm.StatementCounter() as counter:
            assert await Ticket.where(Ticket.status != "solved").update(views=Ticket.views + 1, urgent=True) == 2
        assert counter.count == 1
        assert (printer.views, printer.urgent) == (1, True)
    async with tenants.transaction("acme"):
        assert await Ticket.where(Ticket.urgent).count_up_to(10) == 2


async def test_a_delete_is_one_statement(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        with orm.StatementCounter() as counter:
            assert await Ticket.where(Ticket.status == "open").delete() == 1
        assert counter.count == 1
        assert not await Message.query().exists()


async def test_update_and_delete_refuse_what_they_would_ignore(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        with pytest.raises(TypeError, match="conditions only"):
            await Ticket.query().limit(1).delete()
        with pytest.raises(TypeError, match="conditions only"):
            await Ticket.query().order_by(Ticket.number).update(views=1)


async def test_an_upsert_inserts_or_changes(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        for value in ("Yours", "Mine", "Ours"):
            row = await orm.upsert(
                Setting,
                {"name": "signature", "value": value},
                on=["name"],
                set={"value": value, "version": Setting.version + 1},
                returning=(Setting.value, Setting.version),
            )
    assert tuple(row) == ("Ours", 3)


async def test_an_insert_that_may_collide_is_skipped(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        assert await orm.insert_or_skip(Person, {"name": "Bo", "address": "bo@acme.example"})
        assert not await orm.insert_or_skip(Person, {"name": "Robert", "address": "bo@acme.example"})
        assert (await Person.where(Person.address == "bo@acme.example").one()).name == "Bo"


async def test_a_locked_row_waits_for_or_is_skipped_by_others(tenants: orm.Tenants) -> None:
    async def views_of_the_first() -> int:
        async with tenants.transaction("acme"):
            return (await Ticket.where(Ticket.number == 1).lock().one()).views

    async with tenants.transaction("acme"):
        printer = await Ticket.where(Ticket.number == 1).lock().one()
        async with tenants.transaction("acme"):
            free = await Ticket.query().order_by(Ticket.number).lock(skip_locked=True).all()
            assert [ticket.number for ticket in free] == [2, 3]
        other = asyncio.create_task(views_of_the_first())
        await asyncio.sleep(0.05)
        assert not other.done()
        printer.views = 7
    assert await other == 7


async def test_locking_reads_a_loaded_row_afresh(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        printer = await Ticket.where(Ticket.number == 1).one()
        async with tenants.transaction("acme"):
            await Ticket.where(Ticket.number == 1).update(views=7)
        assert printer.views == 0
        assert await Ticket.where(Ticket.number == 1).lock().one() is printer
        assert printer.views == 7


async def test_values_are_counted_by_the_database_between_bounds(tenants: orm.Tenants) -> None:
    bounds = [NOW, NOW + timedelta(minutes=1), NOW + timedelta(days=1)]
    async with tenants.transaction("acme"):
        with orm.StatementCounter() as counter:
            found = await orm.histogram(Message.query(), Message.sent_at, bounds)
        assert (found.counts, found.total, found.least) == ([0, 1, 2, 0], 3, NOW)
        assert (counter.count, counter.rows) == (1, 2)
        nothing = await orm.histogram(Message.where(Message.body == "none"), Message.sent_at, bounds)
        assert (nothing.counts, nothing.least) == ([0, 0, 0, 0], None)
        due = await orm.histogram(Ticket.query(), Ticket.due_at, [NOW])
        assert due.counts == [0, 1]


async def test_a_fingerprint_is_another_one_when_anything_changes(tenants: orm.Tenants) -> None:
    async def taken(*columns: Any) -> int:
        return int((await orm.scalars(mark=orm.fingerprint(Ticket.query(), *columns)))["mark"])

    async with tenants.transaction("acme"):
        before, subjects_alone = await taken(Ticket.subject, Ticket.status), await taken(Ticket.subject)
        assert await taken(Ticket.subject, Ticket.status) == before
        await Ticket.where(Ticket.subject == "phone").update(status="solved")
        assert await taken(Ticket.subject, Ticket.status) != before
        assert await taken(Ticket.subject) == subjects_alone
        await Ticket.where(Ticket.subject == "coffee").delete()
        assert await taken(Ticket.subject) != subjects_alone
