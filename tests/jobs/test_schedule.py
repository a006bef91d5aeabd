"""What happens by the clock happens once, is made up when it was missed, and is tried again when it failed."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

import rpc
from rpc import Kind
from seldesk.jobs.schedule import PROVISIONERS, TIMES, WALKS, Jobs, Schedule, Work, lanes
from seldesk.jobs.tidy import tidy
from seldesk.jobs.turns import seldom
from seldesk.methods.control import jobs
from seldesk.methods.desk import tickets
from tests.faults import another, backends, superuser, until
from tests.world import World, mail

DAILY = {"tidy": TIMES["tidy"]}
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def schedule(world: World) -> Schedule:
    """As another process has it."""
    return Schedule(world.app.program(Kind.JOB), world.clock, times=DAILY)


async def asked(world: World) -> list[str]:
    async with superuser(world.server, "seldesk_control") as connection:
        return [row["key"] for row in await connection.fetch("SELECT key FROM control.jobs ORDER BY number")]


async def states(world: World) -> list[str]:
    async with superuser(world.server, "seldesk_control") as connection:
        return [row["state"] for row in await connection.fetch("SELECT state FROM control.jobs ORDER BY number")]


async def still_at_it() -> None:
    """Nobody else is there."""


@asynccontextmanager
async def at_work(world: World, work: Mapping[str, Work], *, workers: int = 1) -> AsyncIterator[None]:
    control = world.app.program(Kind.JOB)
    tasks = [asyncio.create_task(Jobs(control, work, poll=0.02, beat=0).run()) for _ in range(workers)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def are(world: World, *expected: str) -> Callable[[], Awaitable[bool]]:
    async def as_expected() -> bool:
        return await states(world) == list(expected)

    return as_expected


async def test_a_slot_is_asked_for_once_however_many_processes_ask(world: World) -> None:
    await asyncio.gather(*(schedule(world).ask() for _ in range(6)))
    assert await asked(world) == ["tidy:2026-03-02T02:30"]
    world.clock.move(DAY)
    processes = [schedule(world) for _ in range(3)]
    for process in processes * 2:
        await process.ask()
    assert await asked(world) == ["tidy:2026-03-02T02:30", "tidy:2026-03-03T02:30"]


async def test_slots_that_nobody_was_awake_for_are_made_up_by_one(world: World) -> None:
    process = schedule(world)
    await process.ask()
    world.clock.move(5 * DAY)
    await process.ask()
    assert await asked(world) == ["tidy:2026-03-02T02:30", "tidy:2026-03-07T02:30"]


async def test_a_clock_that_jumps_asks_for_nothing_twice(world: World) -> None:
    process = schedule(world)
    world.clock.set(datetime.fromisoformat("2026-03-03T02:30:00+00:00"))
    for jump in (timedelta(0), -HOUR, HOUR, HOUR, -HOUR):
        world.clock.move(jump)
        await process.ask()
        await schedule(world).ask()
    assert sorted(await asked(world)) == ["tidy:2026-03-02T02:30", "tidy:2026-03-03T02:30"]


async def test_a_slot_that_could_not_be_asked_for_is_asked_for_later(world: World) -> None:
    async with another(world, SELDESK_LIMITS__CALL_SECONDS="1") as acme:
        process = Schedule(acme.app.program(Kind.JOB), world.clock, times=DAILY)
        async with superuser(world.server, "seldesk_control") as connection, connection.transaction():
            await connection.execute("LOCK TABLE control.jobs IN ACCESS EXCLUSIVE MODE")
            await process.ask()
        assert await asked(world) == []
        await process.ask()
    assert await asked(world) == ["tidy:2026-03-02T02:30"]


async def test_a_job_is_done_by_one_worker(world: World) -> None:
    done: list[str] = []

    async def work(still_at_it: object) -> None:
        done.append("tidy")
        await asyncio.sleep(0.1)

    await schedule(world).ask()
    async with at_work(world, {"tidy": work}, workers=4):
        await until(are(world, "done"))
    assert done == ["tidy"]


async def test_a_job_that_failed_is_tried_again_a_minute_later(world: World) -> None:
    tries: list[datetime] = []

    async def work(still_at_it: object) -> None:
        tries.append(world.clock.now())
        if len(tries) == 1:
            raise ZeroDivisionError

    await schedule(world).ask()
    async with at_work(world, {"tidy": work}):
        await until(lambda: has_failed(world))
        await asyncio.sleep(0.1)
        assert len(tries) == 1
        world.clock.move(timedelta(minutes=1))
        await until(are(world, "done"))
    assert len(tries) == 2


async def has_failed(world: World) -> bool:
    async with superuser(world.server, "seldesk_control") as connection:
        return bool(await connection.fetchval("SELECT state = 'new' AND error = 'ZeroDivisionError' FROM control.jobs"))


async def test_a_job_that_nobody_knows_breaks_no_worker(world: World) -> None:
    await world.app.program(Kind.JOB)(jobs.ask_for, kind="unheard-of", slot="1")
    await schedule(world).ask()

    async def work(still_at_it: object) -> None:
        pass

    async with at_work(world, {"tidy": work}):
        await until(are(world, "new", "done"))


async def test_a_job_whose_worker_died_is_taken_up_by_another(world: World) -> None:
    await schedule(world).ask()
    control = world.app.program(Kind.JOB)
    (died,) = await control(jobs.claim, kinds=["tidy"])
    assert await control(jobs.claim, kinds=["tidy"]) == []
    world.clock.move(timedelta(minutes=5))
    (taken,) = await control(jobs.claim, kinds=["tidy"])
    assert taken.id == died.id
    for verb in (jobs.done, jobs.keep):
        with pytest.raises(rpc.Conflict):
            await control(verb, job=died.id, lease=died.lease)
    await control(jobs.done, job=taken.id, lease=taken.lease)


async def test_a_walk_through_all_customers_holds_up_nothing_that_is_due_every_few_minutes(world: World) -> None:
    control, begun, done = world.app.program(Kind.JOB), asyncio.Event(), asyncio.Event()

    async def walk(still_at_it: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def quick(still_at_it: object) -> None:
        await begun.wait()
        done.set()

    assert frozenset[str]().union(*WALKS) < TIMES.keys() | PROVISIONERS.keys()
    for kind in ("figures", "watch"):
        await control(jobs.ask_for, kind=kind, slot="1")
    side_by_side = [Jobs(control, lane, poll=0.02) for lane in lanes({"figures": walk, "watch": quick})]
    tasks = [asyncio.create_task(lane.run()) for lane in side_by_side]
    try:
        async with asyncio.timeout(5):
            await done.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_lease_is_renewed_now_and_then_however_many_customers_a_job_asks() -> None:
    renewed: list[str] = []

    async def keep() -> None:
        renewed.append("kept")

    for seconds, times in ((3600.0, 0), (0.0, 5)):
        still_at_it = seldom(keep, seconds)
        for _ in range(5):
            await still_at_it()
        assert len(renewed) == times


async def test_a_job_that_takes_long_stays_with_its_worker(world: World) -> None:
    done: list[str] = []

    async def work(still_at_it: Callable[[], Awaitable[None]]) -> None:
        for _ in range(4):
            world.clock.move(timedelta(minutes=3))
            await still_at_it()
            await asyncio.sleep(0.05)
        done.append("tidy")

    await schedule(world).ask()
    async with at_work(world, {"tidy": work}, workers=2):
        await until(are(world, "done"))
    assert done == ["tidy"]


async def test_a_worker_that_slept_stops_when_another_has_taken_over(world: World) -> None:
    steps: list[str] = []

    async def slept(still_at_it: Callable[[], Awaitable[None]]) -> None:
        world.clock.move(timedelta(minutes=6))
        (other,) = await world.app.program(Kind.JOB)(jobs.claim, kinds=["tidy"])
        steps.append(str(other.kind))
        await still_at_it()
        steps.append("went on")

    await schedule(world).ask()
    async with at_work(world, {"tidy": slept}):
        await until(lambda: reached(steps))
        await asyncio.sleep(0.1)
    assert steps == ["tidy"]
    assert await states(world) == ["running"]


async def reached(steps: list[str]) -> bool:
    return bool(steps)


async def tidied(world: World, customers: Iterable[str] = ("acme",)) -> None:
    calls = [world.app.program(Kind.JOB, slug) for slug in customers]
    await tidy(world.app.program(Kind.JOB), lambda: calls, still_at_it)


async def test_tidying_removes_sessions_that_are_over_and_keeps_the_others(world: World) -> None:
    await world.acme.signed_in("ann")
    world.clock.move(8 * DAY)
    bo = await world.acme.signed_in("bo")
    count = partial(world.rows, world.acme, "SELECT count(*) FROM secret.sessions WHERE ticket_id IS NULL")
    before = int((await count())[0])
    await tidied(world)
    assert int((await count())[0]) < before
    await bo(tickets.queue)


async def test_tidying_removes_old_objects_that_nothing_names_and_keeps_those_that_are_named(world: World) -> None:
    await world.acme.mail(mail(files={"plan.txt": b"a plan"}))
    storage, id = world.app.storage, world.acme.id
    named = set(await storage.list(id))
    assert len(named) == 2
    old = (await storage.put(id, b"left behind by a call that failed")).object_id
    aged(world, named | {old}, DAY + HOUR)
    young = (await storage.put(id, b"its call has not committed yet")).object_id
    aged(world, {young}, DAY - HOUR)
    await tidied(world)
    assert set(await storage.list(id)) == named | {young}
    for object_id in named:
        assert await storage.get(id, object_id)


def aged(world: World, objects: set[UUID], age: timedelta) -> None:
    """As if they had been stored that long ago, by the clock of the test."""
    stored = (world.clock.now() - age).timestamp()
    for store in world.app.settings.stores:
        for file in Path(store).rglob("*"):
            if file.name in {str(object_id) for object_id in objects}:
                os.utime(file, (stored, stored))


@pytest.mark.long
async def test_a_customer_that_is_away_is_left_for_later_and_the_others_are_tidied(world: World) -> None:
    globex = await world.neighbour()
    await globex.signed_in("ann")
    world.clock.move(8 * DAY)
    async with superuser(world.server, "postgres") as connection:
        await connection.execute(f"ALTER DATABASE {world.acme.database} ALLOW_CONNECTIONS false")
        for pid in await backends(world.server, world.acme.database):
            await connection.execute("SELECT pg_terminate_backend($1, 5000)", pid)
    await tidied(world, ("acme", "globex"))
    assert await world.rows(globex, "SELECT count(*) FROM secret.sessions") == ["0"]
