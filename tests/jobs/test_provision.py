"""What the provisioner's process takes up at once, and how often it looks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rpc import Kind
from seldesk.jobs.provision import Held, Provisioner, Work
from seldesk.methods.control import leases, rotations
from seldesk.methods.control.leases import Claim
from tests.world import World

SLUGS = ("acme", "globex")


class Looking:
    """Claims as the process does, and counts."""

    def __init__(self, world: World) -> None:
        self.times, self.looked = 0, asyncio.Event()
        self._control = world.app.program(Kind.JOB)

    async def __call__(self) -> Claim | None:
        self.times += 1
        self.looked.set()
        return await self._control(leases.claim, kinds=["rotate"])


@asynccontextmanager
async def running(world: World, work: Work, looking: Looking, at_once: int) -> AsyncIterator[Provisioner]:
    control = world.app.program(Kind.JOB)
    process = Provisioner(control, {"rotate": work}, poll=60, claim=looking, at_once=at_once)
    task = asyncio.create_task(process.run())
    try:
        async with asyncio.timeout(20):
            yield process
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def ask(world: World) -> None:
    await world.neighbour()
    for slug in SLUGS:
        await world.app.program(Kind.COMMAND)(rotations.ask, slug=slug, what="content-key")


async def test_several_are_worked_on_side_by_side(world: World) -> None:
    going, both, over = set[str](), asyncio.Event(), asyncio.Semaphore(0)

    async def work(held: Held) -> None:
        going.add(held.claim.customer.slug)
        if going == set(SLUGS):
            both.set()
        await both.wait()
        await held.release()
        over.release()

    await ask(world)
    async with running(world, work, Looking(world), 2):
        for _ in SLUGS:
            await over.acquire()


async def test_no_more_than_may_be_and_those_who_wait_come_next(world: World) -> None:
    going, most, over = 0, 0, asyncio.Semaphore(0)

    async def work(held: Held) -> None:
        nonlocal going, most
        going += 1
        most = max(most, going)
        await asyncio.sleep(0.05)
        going -= 1
        await held.release()
        over.release()

    await ask(world)
    async with running(world, work, Looking(world), 1):
        for _ in SLUGS:
            await over.acquire()
    assert most == 1


async def test_a_ring_is_one_look_however_many_hands_are_free(world: World) -> None:
    looking = Looking(world)

    async def work(held: Held) -> None:
        await held.release()

    async with running(world, work, looking, 4) as process:
        for number in range(1, 4):
            await looking.looked.wait()
            await asyncio.sleep(0.1)
            assert looking.times == number
            looking.looked.clear()
            process.ring()


async def test_one_that_fails_leaves_its_hand_free(world: World) -> None:
    over = asyncio.Semaphore(0)

    async def work(held: Held) -> None:
        over.release()
        raise RuntimeError(held.claim.customer.slug)

    await ask(world)
    async with running(world, work, Looking(world), 1):
        for _ in SLUGS:
            await over.acquire()
