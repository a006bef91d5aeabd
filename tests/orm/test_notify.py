import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

import orm
from tests.orm.desk import connected
from tests.orm.proxy import between

Heard = asyncio.Queue[tuple[str, str]]
CONNECTED = ("connected", "")


@pytest.fixture
async def tenants(address: orm.Address) -> AsyncIterator[orm.Tenants]:
    async with connected(address) as tenants:
        yield tenants


@asynccontextmanager
async def listening(address: orm.Address, *channels: str, fails_at: str = "") -> AsyncIterator[Heard]:
    heard: Heard = asyncio.Queue()

    async def hear(channel: str, payload: str) -> None:
        await heard.put((channel, payload))
        if payload == fails_at != "":
            raise ZeroDivisionError

    task = asyncio.create_task(orm.listen(address, channels, hear))
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def next_of(heard: Heard) -> tuple[str, str]:
    async with asyncio.timeout(5):
        return await heard.get()


async def say(tenants: orm.Tenants, *messages: tuple[str, str]) -> None:
    async with tenants.transaction("acme"):
        for channel, payload in messages:
            await orm.notify((channel, payload))


async def test_messages_arrive_in_their_order_after_the_commit(address: orm.Address, tenants: orm.Tenants) -> None:
    async with listening(address, "wake", "live") as heard:
        assert await next_of(heard) == CONNECTED
        async with tenants.transaction("acme"):
            await orm.notify(("wake", "acme"))
            await asyncio.sleep(0.1)
            assert heard.empty()
        await say(tenants, ("elsewhere", "x"), ("live", "ticket 7"), ("wake", ""))
        assert [await next_of(heard) for _ in range(3)] == [("wake", "acme"), ("live", "ticket 7"), ("wake", "")]


async def test_what_is_told_in_no_transaction_arrives_at_once(address: orm.Address, tenants: orm.Tenants) -> None:
    async with listening(address, "wake", "live") as heard:
        assert await next_of(heard) == CONNECTED
        with orm.StatementCounter() as counter:
            await tenants.tell("acme", ("wake", "acme"), ("live", "ticket 7"))
        assert [await next_of(heard) for _ in range(2)] == [("wake", "acme"), ("live", "ticket 7")]
        assert len(counter.statements) == 1
        with pytest.raises(orm.BadValue):
            await tenants.tell("acme", ("wake", "x" * 8000))
        await tenants.tell("acme", ("wake", "still"))
        assert await next_of(heard) == ("wake", "still")


async def test_what_is_rolled_back_was_never_said(address: orm.Address, tenants: orm.Tenants) -> None:
    async def fail() -> None:
        async with tenants.transaction("acme"):
            await orm.notify(("wake", "lost"))
            raise ZeroDivisionError

    async with listening(address, "wake") as heard:
        assert await next_of(heard) == CONNECTED
        with pytest.raises(ZeroDivisionError):
            await fail()
        await say(tenants, ("wake", "kept"))
        assert await next_of(heard) == ("wake", "kept")


async def test_a_lost_connection_is_replaced_and_told(address: orm.Address, tenants: orm.Tenants) -> None:
    async with between(address) as (proxy, through), listening(through, "wake") as heard:
        for _ in range(2):
            assert await next_of(heard) == CONNECTED
            await say(tenants, ("wake", "acme"))
            assert await next_of(heard) == ("wake", "acme")
            proxy.cut()


async def test_a_server_that_comes_late_is_found(address: orm.Address) -> None:
    async with between(address) as (proxy, through):
        proxy.silent = True
        async with listening(through, "wake") as heard:
            await asyncio.sleep(0.1)
            proxy.cut()
            proxy.silent = False
            assert await next_of(heard) == CONNECTED


async def test_a_handler_that_fails_is_told_to_read_everything_again(
    address: orm.Address, tenants: orm.Tenants, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(address, "wake", fails_at="bad") as heard:
        assert await next_of(heard) == CONNECTED
        await say(tenants, ("wake", "bad"))
        assert await next_of(heard) == ("wake", "bad")
        assert await next_of(heard) == CONNECTED
        await say(tenants, ("wake", "good"))
        assert await next_of(heard) == ("wake", "good")
    assert "ZeroDivisionError" in caplog.text


async def test_who_stops_listening_leaves_no_connection(address: orm.Address) -> None:
    async with between(address) as (proxy, through):
        async with listening(through, "wake") as heard:
            assert await next_of(heard) == CONNECTED
            assert len(proxy.open) == 1
        await asyncio.sleep(0.05)
        assert not proxy.open


async def test_a_flood_ends_in_an_order_to_read_everything_again(address: orm.Address, tenants: orm.Tenants) -> None:
    heard: list[tuple[str, str]] = []
    begun, going_on, caught_up = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def dawdle(channel: str, payload: str) -> None:
        heard.append((channel, payload))
        begun.set()
        if payload == "0":
            await going_on.wait()
        if payload == "2499":
            caught_up.set()

    task = asyncio.create_task(orm.listen(address, ["wake"], dawdle))
    try:
        async with asyncio.timeout(20), listening(address, "wake") as witness:
            await begun.wait()
            assert await next_of(witness) == CONNECTED
            await say(tenants, *(("wake", str(number)) for number in range(2500)))
            while await next_of(witness) != ("wake", "2499"):
                pass
            await asyncio.sleep(0.1)
            going_on.set()
            await caught_up.wait()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert heard.count(CONNECTED) > 1
    assert len(heard) < 2500


async def test_what_waits_already_is_not_handled_twice(address: orm.Address, tenants: orm.Tenants) -> None:
    heard: list[tuple[str, str]] = []
    begun, going_on, caught_up = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def dawdle(channel: str, payload: str) -> None:
        heard.append((channel, payload))
        if payload == "first":
            begun.set()
            await going_on.wait()
        if payload == "last":
            caught_up.set()

    task = asyncio.create_task(orm.listen(address, ["wake"], dawdle))
    try:
        async with asyncio.timeout(20), listening(address, "wake") as witness:
            assert await next_of(witness) == CONNECTED
            while not begun.is_set():
                await say(tenants, ("wake", "first"))
                await asyncio.sleep(0.01)
            for payload in (*["same"] * 20, "last"):
                await say(tenants, ("wake", payload))
            while await next_of(witness) != ("wake", "last"):
                pass
            await asyncio.sleep(0.1)
            going_on.set()
            await caught_up.wait()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert heard.count(("wake", "same")) == 1
    # What is said while it is handled is handled after it.
    assert heard[-2:] == [("wake", "same"), ("wake", "last")]
