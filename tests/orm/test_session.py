import asyncio
import contextlib
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

import orm
from orm.engine import connect
from orm.testing import Server
from tests.orm.desk import NOW, Outbox, Person, Setting, Ticket, connected, emptied, opened


@pytest.fixture
async def tenants(server: Server) -> AsyncIterator[orm.Tenants]:
    async with connected(await emptied(server)) as tenants:
        yield tenants


async def names(tenants: orm.Tenants) -> list[str]:
    async with tenants.transaction("acme"):
        return [setting.name for setting in await Setting.query().order_by(Setting.name).all()]


def add(name: str) -> Setting:
    return Setting.add(name=name, value="")


async def add_and_fail(tenants: orm.Tenants, name: str) -> None:
    async with tenants.transaction("globex"):
        add(name)
        await orm.flush()
        raise ZeroDivisionError


EVERY_DOOR: list[Callable[[], Awaitable[object]]] = [
    lambda: Ticket.get(orm.uuid7()),
    lambda: Ticket.query().all(),
    lambda: Ticket.query().exists(),
    lambda: Ticket.query().update(views=1),
    lambda: Ticket.query().delete(),
    lambda: Ticket(subject="Printer").delete(),
    lambda: orm.flush(),
    lambda: orm.scalars(one=orm.literal(1)),
    lambda: orm.upsert(Setting, {"name": "a", "value": ""}, on=["name"], set={"value": ""}),
    lambda: orm.insert_or_skip(Setting, {"name": "a", "value": ""}),
    lambda: orm.notify(("channel", "")),
    lambda: Outbox.enqueue("mail", {}, now=NOW),
    lambda: asyncio.sleep(0, add("a")),
]


@pytest.mark.parametrize("door", EVERY_DOOR)
async def test_without_a_transaction_every_door_is_closed(door: Callable[[], Awaitable[object]]) -> None:
    with pytest.raises(orm.NoTransaction, match="No transaction is open"):
        await door()


@pytest.mark.parametrize("door", EVERY_DOOR)
async def test_another_task_cannot_use_the_transaction(
    tenants: orm.Tenants, door: Callable[[], Awaitable[object]]
) -> None:
    async def intrude() -> None:
        with pytest.raises(orm.NoTransaction, match="opened by another task"):
            await door()

    async with tenants.transaction("acme"):
        await asyncio.create_task(intrude())


async def test_another_thread_cannot_use_the_transaction(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        with pytest.raises(orm.NoTransaction, match="opened by another task"):
            await asyncio.to_thread(add, "a")


async def test_a_task_that_outlives_the_transaction_gets_no_further(tenants: orm.Tenants) -> None:
    left = asyncio.Event()

    async def linger() -> None:
        await left.wait()
        await Setting.query().exists()

    async with tenants.transaction("acme"):
        task = asyncio.create_task(linger())
    left.set()
    with pytest.raises(orm.NoTransaction):
        await task


async def test_what_leaves_well_is_stored_and_what_raises_is_not(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        add("kept")
    with pytest.raises(ZeroDivisionError):
        await add_and_fail(tenants, "lost")
    assert await names(tenants) == ["kept"]


async def test_a_transaction_inside_another_hides_it_and_is_independent(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme") as outer:
        add("outer")
        with pytest.raises(ZeroDivisionError):
            await add_and_fail(tenants, "inner, undone")
        async with tenants.transaction("globex") as inner:
            assert (outer.tenant, inner.tenant) == ("acme", "globex")
            add("inner")
        add("outer again")
    assert await names(tenants) == ["inner", "outer", "outer again"]


async def test_tasks_side_by_side_have_their_own_transactions(tenants: orm.Tenants) -> None:
    async def store(name: str) -> None:
        async with tenants.transaction("acme"):
            add(name)
            await orm.flush()
            await asyncio.sleep(0.01)
            if name == "b":
                raise ZeroDivisionError

    results = await asyncio.gather(*map(store, "abc"), return_exceptions=True)
    assert [type(result) for result in results] == [type(None), ZeroDivisionError, type(None)]
    assert await names(tenants) == ["a", "c"]


async def test_a_failure_that_was_caught_does_not_pass_for_a_commit(tenants: orm.Tenants) -> None:
    async def catch_and_go_on() -> None:
        async with tenants.transaction("acme"):
            add("before")
            with pytest.raises(orm.Conflict):
                await orm.insert_or_skip(Setting, {"name": "no value", "value": None})
            with pytest.raises(orm.Broken):
                await Setting.query().exists()

    with pytest.raises(orm.Broken):
        await catch_and_go_on()
    assert await names(tenants) == []


async def test_after_a_savepoint_failed_the_transaction_goes_on(tenants: orm.Tenants) -> None:
    async def fail_inside() -> None:
        async with orm.savepoint():
            await orm.insert_or_skip(Setting, {"name": "undone", "value": ""})
            Person.add(name="Ann", address="ann@acme.example")
            add("before")

    async with tenants.transaction("acme"):
        add("before")
        with pytest.raises(orm.Conflict, match="pk_settings"):
            await fail_inside()
        async with orm.savepoint():
            add("inside")
        add("after")
    assert await names(tenants) == ["after", "before", "inside"]


async def test_a_failure_caught_inside_a_savepoint_breaks_it_alone(tenants: orm.Tenants) -> None:
    async def catch_inside() -> None:
        async with orm.savepoint():
            with pytest.raises(orm.Conflict):
                await orm.insert_or_skip(Setting, {"name": "no value", "value": None})

    async with tenants.transaction("acme"):
        add("before")
        with pytest.raises(orm.Broken):
            await catch_inside()
        add("after")
    assert await names(tenants) == ["after", "before"]


async def test_a_read_only_transaction_refuses_writes_and_leaves_no_trace(tenants: orm.Tenants) -> None:
    with pytest.raises(orm.Refused):
        async with tenants.transaction("acme", read_only=True):
            add("a")
    async with tenants.transaction("acme", read_only=True):
        assert not await Setting.query().exists()
    async with tenants.transaction("acme"):  # on the same connection
        add("b")
    assert await names(tenants) == ["b"]


async def test_an_error_at_the_commit_is_raised_at_the_end_of_the_block(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        add("a")
    with pytest.raises(orm.Conflict) as caught:
        async with tenants.transaction("acme"):
            add("a")
    assert caught.value.constraint == "pk_settings"


async def test_no_value_shows_in_an_error_or_its_traceback(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        Person.add(name="Cleo", address="cleo@acme.example")
    with pytest.raises(orm.Conflict) as caught:
        async with tenants.transaction("acme"):
            Person.add(name="Cleo", address="cleo@acme.example")
    shown = "".join(traceback.format_exception(caught.value))
    assert "uq_people_address" in shown
    assert "23505" in shown
    assert "cleo@" not in shown
    assert "asyncpg" not in shown
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


async def test_when_a_table_was_changed_the_call_is_to_be_repeated(address: orm.Address) -> None:
    async with opened(address) as tenants:
        async with tenants.transaction("acme"):
            add("a")
        assert await names(tenants) == ["a"]
        connection = await connect(address, 10)
        async with contextlib.aclosing(connection):
            await connection.exec_driver_sql("ALTER TABLE desk.settings ALTER version TYPE bigint")
            await connection.commit()
        with pytest.raises(orm.Contended):
            await names(tenants)
        assert await names(tenants) == ["a"]


async def test_a_counter_counts_statements_alone(tenants: orm.Tenants) -> None:
    with orm.StatementCounter() as counter:
        async with tenants.transaction("acme"):
            add("a")
            assert await Setting.query().exists()
    async with tenants.transaction("acme"):
        await Setting.query().delete()
    assert [statement.split()[0] for statement in counter.statements] == ["INSERT", "SELECT"]
    assert counter.count == 2


async def test_work_that_was_enqueued_says_when_to_wake_a_worker(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme") as opened:
        assert opened.woken is None
        await Outbox.enqueue("mail", {}, now=NOW, due=NOW.replace(hour=23))
        await Outbox.enqueue("mail", {}, now=NOW, due=NOW.replace(hour=11))
        await Outbox.enqueue("mail", {}, now=NOW, due=NOW.replace(hour=12))
    assert opened.woken == NOW.replace(hour=11)
