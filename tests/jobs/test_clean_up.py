"""Two years of customers who leave, come back and are erased: nothing early, nothing late, nothing twice."""

import asyncio
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

import pytest

from rpc import Kind
from seldesk.errors import NotLikeThis, SlugTaken, TooLateToReturn
from seldesk.jobs.schedule import TIMES
from seldesk.methods.control import clean_ups, customers, endings, jobs, purges, upkeep
from seldesk.methods.control.customers import CustomerRow
from seldesk.methods.control.endings import Erasing, next_clean_up
from tests.faults import superuser
from tests.jobs.departing import Cluster, Machine
from tests.world import MONDAY, World

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WHOLE = {"database", "key", "files"}
JANUARY, JULY, NEXT = (datetime(year, month, 1, 3, tzinfo=UTC) for year, month in ((2026, 1), (2026, 7), (2027, 1)))


@pytest.fixture
def names(world: World) -> Cluster:
    return Cluster(world.app.program(Kind.JOB))


async def made(world: World, names: Cluster, slug: str) -> CustomerRow:
    await world.app.program(Kind.COMMAND)(customers.create, slug=slug, name=slug.title())
    await names.provisioner().work()
    return await row_of(world, slug)


async def row_of(world: World, slug: str) -> CustomerRow:
    return await world.app.program(Kind.COMMAND)(customers.read, slug=slug)


async def left(world: World, names: Cluster, slug: str, erasing: Erasing = "clean-up") -> CustomerRow:
    await made(world, names, slug)
    await world.app.program(Kind.COMMAND)(endings.terminate, slug=slug, erasing=erasing)
    return await row_of(world, slug)


async def reports(world: World) -> list[tuple[datetime, int]]:
    found = await world.app.program(Kind.COMMAND)(clean_ups.list)
    return [(one.due_at, one.customers) for one in found if one.finished_at is not None]


def test_the_schedule_and_the_announced_day_are_the_same() -> None:
    moment = datetime(2026, 1, 1, 3, tzinfo=UTC)
    for _ in range(20):
        due = cast(datetime, TIMES["clean-up"].get_next_fire_time(moment, moment))
        assert due == next_clean_up(moment)
        moment = due


@dataclass
class Expected:
    """earliest and latest: when its data may begin to go, and must be gone. None: it stays."""

    earliest: datetime | None = None
    latest: datetime | None = None


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
async def test_two_years_of_leaving_and_coming_back(world: World, names: Cluster, seed: int) -> None:
    chance, operator = random.Random(seed), world.app.program(Kind.COMMAND)
    machines = [Machine(world, names) for _ in range(2)]
    expected: dict[str, Expected] = {}
    latest, made_so_far = world.clock.now(), 0
    end = MONDAY + timedelta(days=760)
    while world.clock.now() < end:
        step = chance.choice([HOUR, DAY, 3 * DAY, 8 * DAY, 20 * DAY, next_clean_up(latest) - latest - MINUTE])
        world.clock.move(min(step, 45 * DAY) - (2 * HOUR if chance.random() < 0.1 else timedelta()))
        now = world.clock.now()
        latest = max(latest, now)
        await asyncio.gather(*(machine.wake() for machine in machines))
        await machines[0].wake()
        for row in await operator(customers.list):
            one = expected.get(row.slug)
            if one is None:
                continue
            remains = names.has(row)
            if one.earliest is None or latest < one.earliest:
                assert remains == WHOLE, (row.slug, now, one)
            if one.latest is not None and now >= one.latest:
                assert (remains, row.state, row.name) == (set(), "purged", ""), (row.slug, now, one)
        made_so_far += 1
        slug = f"customer-{made_so_far}"
        await made(world, names, slug)
        expected[slug] = Expected()
        for slug, one in expected.items():
            if one.earliest is None and chance.random() < 0.06:
                await operator(endings.suspend, slug=slug, reason="Not paid.")
                if chance.random() < 0.5:
                    await operator(endings.reactivate, slug=slug)
            elif one.earliest is None and chance.random() < 0.15:
                erasing: Erasing = chance.choice(["clean-up", "clean-up", "asked", "at once"])
                await operator(endings.terminate, slug=slug, erasing=erasing)
                due = next_clean_up(now)
                one.earliest, one.latest = {
                    "clean-up": (due, due),
                    "asked": (now + 29 * DAY, now + 30 * DAY),
                    "at once": (now, now),
                }[erasing]
            elif one.earliest is not None and latest < one.earliest and chance.random() < 0.1:
                await operator(endings.reactivate, slug=slug)
                one.earliest = one.latest = None
    gone = [slug for slug, one in expected.items() if one.latest is not None and one.latest <= world.clock.now()]
    assert len(gone) > 10
    entries = await operator(purges.ledger)
    assert len(entries) == len({entry.customer for entry in entries}) == len(names.ledger)
    assert {entry.id: entry.customer for entry in entries} == names.ledger
    assert [due for due, _ in await reports(world)] == [
        datetime(2028, 1, 1, 3, tzinfo=UTC),
        datetime(2027, 7, 1, 3, tzinfo=UTC),
        NEXT,
        JULY,
        JANUARY,
    ]
    assert (await row_of(world, "acme")).state == "active"


@pytest.mark.long
async def test_a_suspended_customer_is_untouched_after_13_months(world: World, names: Cluster) -> None:
    row = await made(world, names, "initech")
    await world.app.program(Kind.COMMAND)(endings.suspend, slug="initech", reason="Not paid.")
    for _ in range(13):
        world.clock.move(31 * DAY)
        await Machine(world, names).wake()
    assert (await row_of(world, "initech")).state == "suspended"
    assert names.has(row) == WHOLE


async def test_a_missed_clean_up_is_made_up_and_takes_nobody_early(world: World, names: Cluster) -> None:
    """No process ran from June on; whoever left in July goes in January."""
    before = await left(world, names, "before")
    world.clock.set(JULY + HOUR)
    after = await left(world, names, "after")
    world.clock.set(JULY + 90 * DAY)
    await Machine(world, names).wake()
    assert (names.has(before), names.has(after)) == (set(), WHOLE)
    assert await reports(world) == [(JULY, 1)]


@pytest.mark.fault(24)
async def test_a_clock_that_jumps_cleans_up_once_and_nothing_early(world: World, names: Cluster) -> None:
    row, machine = await left(world, names, "initech"), Machine(world, names)
    for moment in (JULY - HOUR, JULY - 2 * HOUR, JULY - MINUTE):
        world.clock.set(moment)
        await machine.wake()
        assert names.has(row) == WHOLE
    for jump in (MINUTE, -HOUR, HOUR, HOUR, -HOUR):
        world.clock.move(jump)
        await machine.wake()
        await Machine(world, names).wake()
    assert names.has(row) == set()
    assert (await reports(world))[0] == (JULY, 1)
    assert len(names.ledger) == 1


async def test_an_address_is_free_again_when_no_copy_is_left(world: World, names: Cluster) -> None:
    await left(world, names, "initech", "at once")
    machine = Machine(world, names)
    await machine.wake()
    for days in (0, 90):
        world.clock.move(days * DAY)
        await world.app.program(Kind.JOB)(upkeep.tidy)
        with pytest.raises(SlugTaken):
            await made(world, names, "initech")
    world.clock.move(MINUTE)
    await world.app.program(Kind.JOB)(upkeep.tidy)
    assert names.has(await made(world, names, "initech")) == WHOLE
    assert len(await world.app.program(Kind.COMMAND)(purges.ledger)) == 1


async def test_erasing_can_be_asked_for_later_and_only_sooner(world: World, names: Cluster) -> None:
    row, operator = await left(world, names, "initech"), world.app.program(Kind.COMMAND)
    later: tuple[Erasing, ...] = ("asked", "at once")
    for erasing in later:
        world.clock.move(DAY)
        with pytest.raises(NotLikeThis):
            await operator(endings.terminate, slug="initech", erasing="clean-up")
        await operator(endings.terminate, slug="initech", erasing=erasing)
        assert (await row_of(world, "initech")).terminated_at == MONDAY
    await Machine(world, names).wake()
    assert names.has(row) == set()


async def test_the_preview_says_who_goes_next_and_why(world: World, names: Cluster) -> None:
    await left(world, names, "initech")
    await left(world, names, "hooli", "asked")
    operator = world.app.program(Kind.COMMAND)
    shown = [(one.slug, one.erase_at, one.asked) for one in await operator(endings.preview)]
    assert shown == [("hooli", MONDAY + 29 * DAY, True), ("initech", JULY, False)]
    await operator(endings.reactivate, slug="hooli")
    assert [one.slug for one in await operator(endings.preview)] == ["initech"]
    assert await operator(endings.preview, until=JULY - DAY) == []


@pytest.mark.fault(25, 28)
@pytest.mark.parametrize("step", range(4))
async def test_killed_before_any_step_another_goes_on_and_a_sleeper_writes_no_more(
    world: World, names: Cluster, step: int
) -> None:
    """It sleeps before this step, longer than its lease; another takes over and ends; then it wakes."""
    row, other, seen = await left(world, names, "initech", "at once"), await made(world, names, "hooli"), 0
    wrote_after: list[str] = []

    async def sleep() -> None:
        nonlocal seen
        seen += 1
        if seen == step + 1:
            names.between = awake
            world.clock.move(timedelta(minutes=3))
            await names.provisioner().work()
            assert names.has(row) == set()
            names.between = tell

    async def awake() -> None:
        """The other one is not disturbed."""

    async def tell() -> None:
        wrote_after.append("a step")

    names.between = sleep
    await names.provisioner().work()
    assert (await row_of(world, "initech")).state == "purged"
    assert wrote_after == []
    assert len(names.ledger) == 1
    assert names.has(other) == WHOLE


@pytest.mark.long
@pytest.mark.fault(25)
async def test_who_returns_while_the_clean_up_runs_wins_or_is_told(world: World, names: Cluster) -> None:
    """At the same moment: in the end each of them is either whole and open, or erased and was told so."""
    operator = world.app.program(Kind.COMMAND)
    rows = [await left(world, names, f"customer-{number}") for number in range(8)]
    world.clock.set(JULY)

    async def back(row: CustomerRow) -> bool:
        await asyncio.sleep(random.uniform(0, 0.1))
        try:
            await operator(endings.reactivate, slug=row.slug)
        except TooLateToReturn:
            return False
        return True

    *returned, _ = await asyncio.gather(*map(back, rows), Machine(world, names).wake())
    for row, came in zip(rows, returned, strict=True):
        expected = (WHOLE, "active") if came else (set(), "purged")
        assert (names.has(row), (await row_of(world, row.slug)).state) == expected


async def moving(world: World, customer: UUID) -> None:
    async with superuser(world.server, "seldesk_control") as connection:
        await connection.execute(
            "UPDATE control.leases SET kind = 'move', asked_at = now(), until = '2030-01-01' WHERE customer_id = $1",
            customer,
        )


async def moved(world: World, customer: UUID) -> None:
    async with superuser(world.server, "seldesk_control") as connection:
        await connection.execute(
            "UPDATE control.leases SET asked_at = NULL, until = NULL WHERE customer_id = $1", customer
        )


async def test_a_customer_with_whom_something_else_is_done_goes_when_that_is_over(
    world: World, names: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    row = await left(world, names, "initech")
    world.clock.set(JULY)
    await moving(world, row.id)
    await Machine(world, names).wake()
    assert names.has(row) == WHOLE
    # That is nothing to be alarmed about, minute after minute.
    said = capsys.readouterr().out
    assert "jobs.put_off" in said
    assert "Traceback" not in said
    await moved(world, row.id)
    world.clock.move(MINUTE)
    await Machine(world, names).wake()
    assert names.has(row) == set()


async def test_a_clean_up_whose_worker_died_is_taken_up(world: World, names: Cluster) -> None:
    """It had begun and chosen nobody yet."""
    row, control = await left(world, names, "initech"), world.app.program(Kind.JOB)
    world.clock.set(JULY)
    machine = Machine(world, names)
    await machine.schedule.ask()
    while claimed := await control(jobs.claim, kinds=["tidy", "departures", "clean-up"]):
        assert claimed
    await control(clean_ups.begin)
    await machine.wake()
    assert names.has(row) == WHOLE
    world.clock.move(5 * MINUTE)
    await machine.wake()
    assert names.has(row) == set()
    assert (await reports(world))[0] == (JULY, 1)
