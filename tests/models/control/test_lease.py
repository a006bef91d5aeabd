"""One operation at a time per customer: which wait, which give way, and what a worker learns that slept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import product
from typing import get_args

import pytest

import orm
from seldesk.errors import Busy, Excluded, TakenOver
from seldesk.models.control.lease import CONTROL, RESUMED, RULES, Lease, Rule
from seldesk.models.control.lease import Operation as Kind
from seldesk.models.control.operation import Operation
from seldesk.offer import Offer
from seldesk.surroundings import OPERATOR, Surroundings, standing_in
from tests.world import World

KINDS: tuple[Kind, ...] = get_args(Kind)
LEASE = timedelta(minutes=2)


@asynccontextmanager
async def control(world: World) -> AsyncIterator[None]:
    """A transaction of its own, as each call has one."""
    around = Surroundings(world.clock, OPERATOR, world.app.addresses, world.app.storage, b"", Offer.load(), lease=LEASE)
    async with world.app.control.transaction("control"):
        with standing_in(around):
            yield


async def take(world: World, kind: Kind, target: str = "") -> int:
    async with control(world):
        return (await Lease.take(world.acme.id, kind, target)).fence


async def test_each_pair_waits_gives_way_or_is_refused(world: World) -> None:
    async with control(world):
        for standing, wanted in product(KINDS, KINDS):
            customer = orm.uuid7()
            first = await Lease.take(customer, standing)
            number, rule = first.fence, RULES.get((standing, wanted), Rule.WAIT)
            if rule is Rule.CANCEL:
                assert (await Lease.take(customer, wanted)).fence > number
                with pytest.raises(TakenOver):
                    await Lease.held(customer, standing, number)
            else:
                with pytest.raises(Excluded if rule is Rule.EXCLUDE else Busy):
                    await Lease.take(customer, wanted)
                assert (await Lease.held(customer, standing, number)).kind == standing


async def test_what_was_left_is_gone_on_with_or_forgotten_but_never_passed_over_half_done(world: World) -> None:
    async with control(world):
        for standing, wanted in product(KINDS, KINDS):
            if RULES.get((standing, wanted), Rule.WAIT) is not Rule.WAIT:
                continue
            customer = orm.uuid7()
            left = await Lease.take(customer, standing)
            left.step, number = "half", left.fence
            world.clock.move(LEASE * 2)
            if standing == wanted and standing in RESUMED:
                again = await Lease.take(customer, wanted)
                assert (again.step, again.fence > number) == ("half", True)
            elif standing in RESUMED:
                with pytest.raises(Busy):
                    await Lease.take(customer, wanted)
            else:
                assert (await Lease.take(customer, wanted)).step == ""


async def test_a_worker_that_slept_and_woke_after_another_took_over_is_refused(world: World) -> None:
    slept = await take(world, "move", "far")
    world.clock.move(LEASE * 2)
    async with control(world):
        claimed = await Lease.claim(["move", "rotate"])
    assert claimed is not None
    assert (claimed.customer_id, claimed.target, claimed.fence > slept) == (world.acme.id, "far", True)
    async with control(world):
        with pytest.raises(TakenOver):
            await Lease.held(world.acme.id, "move", slept)
        (await Lease.held(world.acme.id, "move", claimed.fence)).release()
    async with control(world):
        # Over is over, for whoever ended it too.
        with pytest.raises(TakenOver):
            await Lease.held(world.acme.id, "move", claimed.fence)
        assert await Lease.standing(world.acme.id) is None
    assert await take(world, "move") > claimed.fence


async def test_a_worker_that_is_slow_keeps_what_it_holds_while_nobody_else_comes(world: World) -> None:
    number = await take(world, "copy")
    world.clock.move(LEASE * 2)
    async with control(world):
        lease = await Lease.held(world.acme.id, "copy", number)
        assert lease.until == world.clock.now() + LEASE


async def test_of_many_who_want_it_at_once_one_has_it(world: World) -> None:
    async def one(kind: Kind) -> int | None:
        try:
            return await take(world, kind)
        except Busy:
            return None

    kinds: list[Kind] = ["migrate", "rotate", "move", "copy"]
    taken = await asyncio.gather(*(one(kind) for kind in kinds * 2))
    assert len([number for number in taken if number is not None]) == 1


async def test_what_was_asked_for_waits_for_its_worker_and_nothing_else_begins(world: World) -> None:
    async with control(world):
        await Lease.ask(world.acme.id, "move", "far")
        await Lease.ask(world.acme.id, "move", "far")
        with pytest.raises(Busy):
            await Lease.ask(world.acme.id, "move", "elsewhere")
        with pytest.raises(Busy):
            await Lease.take(world.acme.id, "copy")
        claimed = await Lease.claim(["move"])
        assert claimed is not None
        assert (claimed.target, await Lease.claim(["move"])) == ("far", None)


async def test_the_control_database_has_a_lease_of_its_own(world: World) -> None:
    async with control(world):
        await Lease.take(CONTROL, "copy")
        await Lease.take(world.acme.id, "copy")
        with pytest.raises(Busy):
            await Lease.take(CONTROL, "copy")


async def test_what_was_done_is_remembered_with_its_steps(world: World) -> None:
    customer, begun = world.acme.id, world.clock.now()
    fence = await take(world, "move", "far")
    world.clock.move(timedelta(seconds=5))
    async with control(world):
        await Lease.stepped(customer, "move", fence, "cloned")
    world.clock.move(LEASE + timedelta(seconds=1))
    fence = await take(world, "move", "far")
    async with control(world):
        await Lease.let_go(customer, "move", fence, "The target is away.")
    ended = world.clock.now()
    await take(world, "copy")
    async with control(world):
        was = await Operation.where(Operation.customer_id == customer, Operation.kind == "move").one()
        made = await Operation.where(Operation.customer_id == customer, Operation.kind == "provision").one()
    told = (was.target, was.asked_at, was.begun_at, was.ended_at, was.error)
    assert told == ("far", begun, begun, ended, "The target is away.")
    assert [one.partition(" ")[2] for one in was.steps] == ["cloned", "taken up again"]
    assert was.steps[0].startswith((begun + timedelta(seconds=5)).isoformat())
    assert [one.partition(" ")[2] for one in made.steps] == ["roles", "create", "close", "own", "settings", "open"]
    assert made.ended_at is not None
    world.clock.move(timedelta(days=401))
    async with control(world):
        assert await Operation.expire() >= 2


async def test_several_are_taken_and_let_go_together_and_nobody_elses(world: World) -> None:
    free, busy, lost = orm.uuid7(), orm.uuid7(), orm.uuid7()
    async with control(world):
        for customer in (free, lost):
            (await Lease.take(customer, "copy")).release()
        await Lease.take(busy, "copy")
    async with control(world):
        fences = {
            one.customer_id: one.fence for one in await Lease.take_all([free, busy, lost, orm.uuid7()], "migrate")
        }
    assert set(fences) == {free, lost}
    world.clock.move(LEASE + timedelta(seconds=1))
    async with control(world):
        restore = await Lease.take(lost, "restore")
        await Lease.let_go_all("migrate", fences)
        assert await Lease.standing(free) is None
        assert (await Lease.held(lost, "restore", restore.fence)).kind == "restore"
