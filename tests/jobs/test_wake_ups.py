"""A worker comes where something is due: by a bell, by looking, and to no other customer."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

import rpc
from rpc import Kind
from seldesk.jobs.outbox import Outboxes
from seldesk.methods.control import wakeups
from tests.faults import another, backends, superuser, until
from tests.jobs.replying import LEASE, has_sent, next_due, replied, replies, said, working
from tests.world import World


async def test_a_commit_rings_the_bell_that_wakes_the_worker(world: World) -> None:
    async with working(world.acme, world.relay, poll=3600, bell=True):
        await replied(world.acme, "Unplug it.")
        await until(has_sent(world.relay, 1))


async def test_a_bell_that_nobody_heard_is_made_up_by_looking(world: World) -> None:
    await replied(world.acme, "Unplug it.")
    async with working(world.acme, world.relay, poll=0.05):
        await until(has_sent(world.relay, 1))


async def test_a_wake_up_whose_commit_failed_is_looked_after_and_forgotten(world: World) -> None:
    number = await replied(world.acme)
    async with superuser(world.server, "seldesk_control") as connection:
        async with connection.transaction():
            await connection.execute("LOCK TABLE control.wakeups IN ACCESS EXCLUSIVE MODE")
            reply = asyncio.create_task(replied(world.acme, "Unplug it.", number=number))
            await until(lambda: waits_for_the_lock(world))
            for pid in await backends(world.server, world.acme.database):
                await connection.execute("SELECT pg_terminate_backend($1, 5000)", pid)
        with pytest.raises(rpc.Unavailable):
            await reply
    assert await replies(world.acme, number) == []
    control = world.app.program(Kind.JOB)
    for passed in (timedelta(0), timedelta(minutes=1)):
        world.clock.move(passed)
        assert await control(wakeups.take) == [world.acme.id]
        await world.deliver(world.acme)
    world.clock.move(timedelta(days=1))
    assert await control(wakeups.take) == []


async def waits_for_the_lock(world: World) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%wakeups%'"
    async with superuser(world.server, "postgres") as connection:
        return bool(await connection.fetchval(waiting))


async def test_without_the_control_database_a_reply_is_refused_and_not_half_done(world: World) -> None:
    number = await replied(world.acme)
    async with (
        another(world, SELDESK_LIMITS__CALL_SECONDS="1") as acme,
        superuser(world.server, "seldesk_control") as connection,
        connection.transaction(),
    ):
        await connection.execute("LOCK TABLE control.wakeups IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(rpc.Unavailable):
            await replied(acme, "Unplug it.", number=number)
    assert await replies(world.acme, number) == []
    assert await next_due(world.acme) is None


async def test_what_was_noted_while_a_worker_looked_is_not_put_off_by_what_it_saw(world: World) -> None:
    control = world.app.program(Kind.JOB)
    await replied(world.acme, "Unplug it.")
    assert await control(wakeups.take) == [world.acme.id]
    # It looked before the commit, and saw only a letter that is due in hours.
    await control(wakeups.settle, customer=world.acme.id, next_due=world.clock.now() + timedelta(hours=4))
    world.clock.move(timedelta(minutes=1))
    assert await control(wakeups.take) == [world.acme.id]


async def test_a_customer_whose_outbox_is_empty_is_not_asked(world: World) -> None:
    asked: list[UUID] = []

    def customer(id: UUID) -> rpc.Call | None:
        asked.append(id)
        return world.app.job(id)

    worker = Outboxes(world.app.program(Kind.JOB), customer, world.relay, poll=0.02)
    await replied(world.acme, "Unplug it.")
    task = asyncio.create_task(worker.run())
    await until(has_sent(world.relay, 1))
    await until(lambda: settled(world))
    world.clock.move(timedelta(minutes=1))
    await until(lambda: forgotten(world))
    asked.clear()
    world.clock.move(timedelta(days=1))
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert asked == []


async def settled(world: World) -> bool:
    """The worker has looked at what it found due."""
    return not await any_wakeup(world, "SELECT count(*) FROM control.wakeups WHERE due_at > noted_at + '1 minute'")


async def forgotten(world: World) -> bool:
    return not await any_wakeup(world, "SELECT count(*) FROM control.wakeups")


async def any_wakeup(world: World, statement: str) -> bool:
    async with superuser(world.server, "seldesk_control") as connection:
        return bool(await connection.fetchval(statement))


async def test_a_customer_whose_database_is_away_holds_up_no_other(world: World) -> None:
    globex = await world.neighbour()
    await replied(world.acme, "First.")
    async with superuser(world.server, "postgres") as connection:
        switch = f"ALTER DATABASE {world.acme.database} ALLOW_CONNECTIONS"
        await connection.execute(f"{switch} false")
        for pid in await backends(world.server, world.acme.database):
            await connection.execute("SELECT pg_terminate_backend($1, 5000)", pid)
        await replied(globex, "Elsewhere.")
        async with working(world.acme, world.relay, poll=0.05):
            await until(has_sent(world.relay, 1))
            assert said(world.relay) == ["Elsewhere."]
            await connection.execute(f"{switch} true")
            world.clock.move(LEASE)
            await until(has_sent(world.relay, 2))
    assert said(world.relay) == ["Elsewhere.", "First."]
