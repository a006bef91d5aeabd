import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import pytest

import orm
from orm.testing import Server
from tests.orm.desk import Setting, connected, opened
from tests.orm.proxy import between


@pytest.fixture
async def other(server: Server) -> AsyncIterator[orm.Address]:
    """The database of the customer next door."""
    fresh = await server.database()
    yield fresh
    await server.drop(fresh)


async def backend() -> int:
    """The server's process for this transaction's connection."""
    return int((await orm.scalars(pid=orm.function("pg_backend_pid")))["pid"])


async def backend_of(tenants: orm.Tenants, tenant: str) -> int:
    async with tenants.transaction(tenant):
        return await backend()


async def end(address: orm.Address, pid: int) -> None:
    """Ends a backend from a connection beside."""
    async with connected(address) as beside, beside.transaction("acme"):
        await orm.scalars(ended=orm.function("pg_terminate_backend", pid, 5000))


async def sleep_there(seconds: float) -> None:
    await orm.scalars(slept=orm.function("pg_sleep", seconds))


async def test_the_connection_that_was_used_last_is_used_next(address: orm.Address) -> None:
    async with connected(address) as tenants:
        async with tenants.transaction("acme"):
            first = await backend()
            async with tenants.transaction("acme"):
                second = await backend()
        assert first != second
        assert [await backend_of(tenants, "acme") for _ in range(3)] == [first] * 3


async def test_tenants_do_not_share_connections(address: orm.Address, other: orm.Address) -> None:
    async with connected(address, other) as tenants:
        for tenant, expected in (("acme", address), ("globex", other), ("acme", address)):
            async with tenants.transaction(tenant):
                found = await orm.scalars(name=orm.function("current_database"))
                assert found["name"] == expected.database


async def test_at_the_ceiling_the_connection_that_is_idle_longest_goes(address: orm.Address) -> None:
    async with connected(address, ceiling=2) as tenants:
        used = {tenant: await backend_of(tenants, tenant) for tenant in ("t0", "t1", "t0")}
        await backend_of(tenants, "t2")
        assert await backend_of(tenants, "t0") == used["t0"]
        assert await backend_of(tenants, "t1") != used["t1"]


async def test_a_thousand_tenants_need_no_more_than_the_ceiling(address: orm.Address) -> None:
    async with between(address) as (proxy, through), connected(through, ceiling=3) as tenants:

        async def call(number: int) -> None:
            async with tenants.transaction(f"t{number}"):
                await backend()
                assert len(proxy.open) <= 3

        for tenant in range(0, 60, 6):
            await asyncio.gather(*(call(number) for number in range(tenant, tenant + 6)))


async def test_who_finds_all_connections_in_use_waits_and_then_gives_up(address: orm.Address) -> None:
    async with connected(address, ceiling=1, wait=0.2) as tenants, tenants.transaction("acme"):
        for tenant in ("acme", "globex"):
            begun = time.monotonic()
            with pytest.raises(orm.Unavailable, match="in use"):
                async with tenants.transaction(tenant):
                    pass
            assert 0.15 < time.monotonic() - begun < 1.5


async def test_waiting_is_first_come_first_served(address: orm.Address) -> None:
    served: list[str] = []

    async def call(tenants: orm.Tenants, tenant: str) -> None:
        async with tenants.transaction(tenant):
            served.append(tenant)
            await backend()

    order = ["t0", "t1", "acme", "t0", "globex", "t1", "acme"]
    async with connected(address, ceiling=1, wait=30) as tenants:
        async with tenants.transaction("acme"):
            calls = []
            for tenant in order:
                calls.append(asyncio.create_task(call(tenants, tenant)))
                await asyncio.sleep(0)
        await asyncio.gather(*calls)
    assert served == order


async def test_a_tenant_at_its_limit_waits_without_holding_up_others(address: orm.Address) -> None:
    async with connected(address, ceiling=3, per_tenant=1, wait=30) as tenants:
        async with tenants.transaction("acme"):
            greedy = asyncio.create_task(backend_of(tenants, "acme"))
            await asyncio.sleep(0.01)
            await backend_of(tenants, "globex")
            assert not greedy.done()
        assert await greedy


async def test_whoever_is_cancelled_while_waiting_takes_nothing_along(address: orm.Address) -> None:
    async with connected(address, ceiling=1, wait=30) as tenants:
        async with tenants.transaction("acme"):
            waiting = [asyncio.create_task(backend_of(tenants, tenant)) for tenant in ("acme", "globex", "acme")]
            await asyncio.sleep(0.01)
            waiting[0].cancel()
        waiting[1].cancel()  # in the moment in which its turn comes
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert [isinstance(result, asyncio.CancelledError) for result in results] == [True, True, False]


async def test_under_every_kind_of_trouble_no_connection_is_lost_or_shared(address: orm.Address) -> None:
    chance = random.Random(7)
    at_work: set[int] = set()

    async def call(tenants: orm.Tenants) -> None:
        try:
            async with asyncio.timeout(chance.uniform(0.001, 0.2)):
                async with tenants.transaction(chance.choice(["t0", "t1", "t2"])):
                    pid = await backend()
                    assert pid not in at_work
                    at_work.add(pid)
                    try:
                        await sleep_there(chance.uniform(0, 0.02))
                        if chance.random() < 0.2:
                            raise ZeroDivisionError
                    finally:
                        at_work.remove(pid)
        except (TimeoutError, ZeroDivisionError, orm.Unavailable):
            pass

    async with connected(address, ceiling=3, per_tenant=2, wait=0.1) as tenants:
        for _ in range(6):
            await asyncio.gather(*(call(tenants) for _ in range(20)))

        async def room_for_all() -> bool:
            """A place that was lost never comes back; connecting in so short a time may take a few tries."""
            with suppress(orm.Unavailable):
                async with tenants.transaction("t0"), tenants.transaction("t1"), tenants.transaction("t2"):
                    return bool(await backend())
            return False

        async with asyncio.timeout(20):
            while not await room_for_all():
                pass


async def test_an_idle_connection_is_closed_after_a_while(address: orm.Address) -> None:
    async with between(address) as (proxy, through), connected(through, idle=0.1) as tenants:
        await backend_of(tenants, "acme")
        assert len(proxy.open) == 1
        await asyncio.sleep(0.3)
        assert len(proxy.open) == 0
        await backend_of(tenants, "acme")
        assert len(proxy.open) == 1


async def test_a_connection_in_use_is_never_idle(address: orm.Address) -> None:
    async with connected(address, idle=0.05) as tenants, tenants.transaction("acme"):
        async with tenants.transaction("acme"):
            pass
        pid = await backend()
        await asyncio.sleep(0.2)
        assert await backend() == pid


async def test_signing_in_and_a_call_send_nothing_in_vain(address: orm.Address) -> None:
    async with opened(address), between(address) as (proxy, through), connected(through) as tenants:
        async with tenants.transaction("acme"):
            pass
        assert proxy.queries() == []
        for _ in range(2):
            async with tenants.transaction("acme"):
                await Setting.query().exists()
        text = "SELECT EXISTS (SELECT 1 \nFROM desk.settings) AS anon_1"
        assert proxy.queries() == ["BEGIN;", text, "COMMIT;", "BEGIN;", "COMMIT;"]  # prepared once


async def test_a_server_that_is_silent_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()
        nowhere = orm.Address(host, port, "c_1", "c_1", "secret", connect_timeout=0.3)
        async with connected(nowhere) as tenants:
            begun = time.monotonic()
            with pytest.raises(orm.Unavailable):
                await backend_of(tenants, "acme")
            assert time.monotonic() - begun < 1.5


async def test_waiting_for_a_place_and_connecting_share_one_bound() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()
        nowhere = orm.Address(host, port, "c_1", "c_1", "secret", connect_timeout=1)
        async with connected(nowhere, per_tenant=1, wait=1) as tenants:
            begun = time.monotonic()
            answers = await asyncio.gather(*(backend_of(tenants, "acme") for _ in range(6)), return_exceptions=True)
            assert all(isinstance(answer, orm.Unavailable) for answer in answers)
            assert time.monotonic() - begun < 1.8


async def test_why_there_is_no_connection_is_told(server: Server, address: orm.Address) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        attempts = [
            (replace(address, port=closed.getsockname()[1]), orm.Unavailable, ""),
            (replace(server.superuser, database="c_none"), orm.Unavailable, "3D000"),
            (replace(address, password="wrong"), orm.Unavailable, "28P01"),
        ]
        for bad, kind, state in attempts:
            async with connected(bad, ceiling=1) as tenants:
                for _ in range(2):  # the failed attempt has left no connection behind
                    with pytest.raises(kind) as caught:
                        await backend_of(tenants, "acme")
                    assert caught.value.sqlstate == state
                    assert "wrong" not in str(caught.value)


async def test_one_missing_database_costs_the_others_no_connection(address: orm.Address) -> None:
    missing = replace(address, password="wrong")
    async with between(address) as (proxy, through), connected(through, replace(missing, port=through.port)) as tenants:
        pid = await backend_of(tenants, "acme")
        with pytest.raises(orm.Unavailable):
            await backend_of(tenants, "globex")
        assert await backend_of(tenants, "acme") == pid
        assert len(proxy.open) == 1


async def test_a_connection_that_died_while_idle_is_replaced_unnoticed(address: orm.Address) -> None:
    async with connected(address) as tenants:
        pid = await backend_of(tenants, "acme")
        await end(address, pid)
        assert await backend_of(tenants, "acme") != pid


async def test_a_connection_that_dies_in_use_fails_that_call_alone(address: orm.Address) -> None:
    async with opened(address, per_tenant=1) as tenants:

        async def die() -> None:
            async with tenants.transaction("acme"):
                Setting.add(name="lost", value="")
                await end(address, await backend())
                await Setting.query().exists()

        with pytest.raises(orm.Unavailable):
            await die()
        async with tenants.transaction("acme"):
            assert not await Setting.query().exists()


async def test_a_connection_that_died_unnoticed_fails_the_commit(
    address: orm.Address,
) -> None:
    async with opened(address, per_tenant=1) as tenants:

        async def die_unnoticed() -> None:
            async with tenants.transaction("acme"):
                Setting.add(name="lost", value="")
                await end(address, await backend())

        with pytest.raises(orm.Unavailable):
            await die_unnoticed()
        async with tenants.transaction("acme"):
            assert not await Setting.query().exists()


@pytest.mark.parametrize(("read_only", "kind"), [(False, orm.OutcomeUnknown), (True, orm.Unavailable)])
async def test_a_commit_without_an_answer_has_an_unknown_outcome(
    address: orm.Address, read_only: bool, kind: type[orm.Error]
) -> None:
    async with between(address) as (proxy, through), connected(through) as tenants:

        async def commit_into_the_void() -> None:
            async with tenants.transaction("acme", read_only=read_only):
                await backend()
                proxy.silent = True
                asyncio.get_running_loop().call_later(0.1, proxy.cut)

        with pytest.raises(orm.Unavailable) as caught:
            await commit_into_the_void()
        assert type(caught.value) is kind
        proxy.silent = False
        assert await backend_of(tenants, "acme")


async def test_a_server_that_hangs_is_given_up_with_all_its_connections(address: orm.Address) -> None:
    async with between(address) as (proxy, through), connected(through, statement=0.3) as tenants:
        async with tenants.transaction("acme"), tenants.transaction("acme"), tenants.transaction("globex"):
            await backend()
        proxy.silent = True
        begun = time.monotonic()
        with pytest.raises(orm.TimedOut):
            await backend_of(tenants, "acme")
        assert time.monotonic() - begun < 6
        proxy.silent = False
        before = proxy.connections
        assert await backend_of(tenants, "acme")
        assert await backend_of(tenants, "globex")
        assert proxy.connections == before + 2


async def write(tenants: orm.Tenants, name: str) -> None:
    async with tenants.transaction("acme"):
        Setting.add(name=name, value="x")


async def test_what_is_begun_too_late_is_in_nobodys_way(address: orm.Address) -> None:
    """A server that stood still does in the end what it was told long ago, on connections that nobody may use again."""
    async with opened(address), between(address) as (proxy, through), connected(through, statement=0.3) as tenants:
        await backend_of(tenants, "acme")
        proxy.flowing.clear()
        with pytest.raises(orm.TimedOut):
            await write(tenants, "shape")
        proxy.flowing.set()
        await write(tenants, "colour")
        async with connected(address) as others, others.transaction("acme"):
            assert [one.name for one in await Setting.query().all()] == ["colour"]


async def test_a_call_out_of_time_leaves_a_good_connection_to_the_next(address: orm.Address) -> None:
    async with opened(address, per_tenant=1) as tenants:

        async def dawdle() -> None:
            async with asyncio.timeout(0.2), tenants.transaction("acme"):
                Setting.add(name="lost", value="")
                await sleep_there(30)

        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            await dawdle()
        async with tenants.transaction("acme"):
            assert not await Setting.query().exists()
        assert time.monotonic() - begun < 3


async def test_time_out_inside_a_transaction_ends_it(address: orm.Address) -> None:
    async with opened(address, per_tenant=1) as tenants:

        async def dawdle_inside() -> None:
            async with tenants.transaction("acme"):
                Setting.add(name="lost", value="")
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.1):
                        await sleep_there(30)

        with pytest.raises(orm.Broken):
            await dawdle_inside()
        async with tenants.transaction("acme"):
            assert not await Setting.query().exists()


async def test_a_call_that_is_cancelled_between_statements_stores_nothing(address: orm.Address) -> None:
    async with opened(address, per_tenant=1) as tenants:

        async def hang() -> None:
            async with tenants.transaction("acme"):
                Setting.add(name="lost", value="")
                await orm.flush()
                await asyncio.Event().wait()

        task = asyncio.create_task(hang())
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with tenants.transaction("acme"):
            assert not await Setting.query().exists()


async def test_a_tenant_that_has_moved_is_found_at_its_new_address(address: orm.Address, other: orm.Address) -> None:
    place = {"acme": address}
    tenants = orm.Tenants(lambda tenant: place[tenant], cursor_key=b"")
    try:
        async with tenants.transaction("acme"):
            in_use = await backend()
            idle = await backend_of(tenants, "acme")
            place["acme"] = other
            tenants.forget("acme")
            assert await backend() == in_use
        async with tenants.transaction("acme"):
            assert (await orm.scalars(name=orm.function("current_database")))["name"] == other.database
            assert await backend() not in (in_use, idle)
    finally:
        await tenants.close()


async def test_closing_ends_what_waits_and_what_comes_later(address: orm.Address) -> None:
    async with between(address) as (proxy, through), connected(through, ceiling=1, wait=30) as tenants:
        async with tenants.transaction("acme"):
            waiting = asyncio.create_task(backend_of(tenants, "globex"))
            await asyncio.sleep(0.01)
            await tenants.close()
            with pytest.raises(orm.Unavailable, match="closed"):
                await waiting
            await backend()
        with pytest.raises(orm.Unavailable, match="closed"):
            await backend_of(tenants, "acme")
        await asyncio.sleep(0.05)
        assert not proxy.open
