"""People inside a customer who leave, come back and are erased: nothing early, nothing late, nothing twice."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

import rpc
from rpc import Kind
from seldesk.app.erasing import erase_people
from seldesk.jobs.leaving import Leaving
from seldesk.jobs.schedule import PROVISIONERS, TIMES, Jobs, Schedule
from seldesk.methods.control import clean_ups, endings, leaving_people, purges
from seldesk.methods.control.endings import next_clean_up
from seldesk.methods.desk import audits, privacy
from tests.world import MONDAY, PASSWORD, World, mail

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
JULY = datetime(2026, 7, 1, 3, tzinfo=UTC)


@dataclass
class Process:
    """One with a schedule, a worker and a provisioner."""

    world: World

    def __post_init__(self) -> None:
        app = self.world.app
        control = app.program(Kind.JOB)
        times, leaving = {**TIMES, "people": PROVISIONERS["people"]}, Leaving(control, app.job)
        self.schedule = Schedule(control, self.world.clock, times=times)
        self.jobs = Jobs(control, {"clean-up": leaving.clean_up, "people": partial(erase_people, app)})

    async def wake(self) -> None:
        await self.schedule.ask()
        await self.jobs.do_all()


async def comes(world: World, number: int) -> UUID:
    email = f"p{number}@people.example"
    letter = mail(sender=f"Person {number} <{email}>", message_id=f"<{number}@people.example>")
    await world.acme.mail(letter, sender=email)
    return UUID((await world.rows(world.acme, f"SELECT id FROM app.people WHERE email = '{email}'"))[0])  # noqa: S608


async def bo_at(world: World) -> rpc.Call:
    """Sessions end while months pass."""
    return await world.acme.signed_in("bo")


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
async def test_two_years_of_people_who_leave_and_come_back(world: World, seed: int) -> None:
    chance, here, left, gone = random.Random(seed), list[UUID](), dict[UUID, datetime](), set[UUID]()
    machines, number = [Process(world) for _ in range(2)], 0
    while world.clock.now() < MONDAY + timedelta(days=760):
        step = chance.choice([DAY, 8 * DAY, 20 * DAY, next_clean_up(world.clock.now()) - world.clock.now() - MINUTE])
        world.clock.move(max(min(step, 40 * DAY), MINUTE))
        for machine in machines:
            await machine.wake()
        world.clock.move(MINUTE)
        await machines[0].wake()
        now, bo = world.clock.now(), await bo_at(world)
        gone |= {person for person, day in left.items() if day <= now}
        for person in (*here, *left, *gone):
            state = (await bo(privacy.page, person=person)).person.state
            assert state == ("erased" if person in gone else "left" if person in left else "here"), (person, now)
        left = {person: day for person, day in left.items() if person not in gone}
        number += 1
        here.append(await comes(world, number))
        if chance.random() < 0.5:
            person = here.pop(chance.randrange(len(here)))
            if chance.random() < 0.3:
                name = (await bo(privacy.page, person=person)).person.name
                await bo(privacy.erase, person=person, password=PASSWORD, name=name)
                left[person] = now
                await machines[1].wake()
                world.clock.move(MINUTE)
            else:
                left[person] = await bo(privacy.close, person=person)
                assert left[person] == next_clean_up(now)
        back = [person for person, day in left.items() if day > now]
        if back and chance.random() < 0.3:
            await bo(privacy.take_back, person=back[0])
            del left[back[0]]
            here.append(back[0])
    assert len(gone) > 8
    entries = await world.app.program(Kind.COMMAND)(purges.ledger)
    assert {entry.person for entry in entries} >= gone
    assert len(entries) == len({entry.person for entry in entries})
    verified = await (await bo_at(world))(audits.verify)
    assert (verified.wrong, verified.left) == ("", False)


@pytest.mark.fault(24)
async def test_the_clean_up_takes_people_on_its_day_and_says_so(world: World) -> None:
    first, second, bo = await comes(world, 1), await comes(world, 2), await world.acme.signed_in("bo")
    operator = world.app.program(Kind.COMMAND)
    for person in (first, second):
        assert await bo(privacy.close, person=person) == JULY
    shown = [(one.slug, one.person, one.erase_at) for one in await operator(leaving_people.preview)]
    assert sorted(shown) == sorted([("acme", first, JULY), ("acme", second, JULY)])
    await bo(privacy.take_back, person=second)
    assert [one.person for one in await operator(leaving_people.preview)] == [first]
    process = Process(world)
    for moment in (JULY - DAY, JULY - 2 * MINUTE, JULY - MINUTE):
        world.clock.set(moment)
        await process.wake()
        assert (await (await bo_at(world))(privacy.page, person=first)).person.state == "left"
    world.clock.set(JULY)
    for _ in range(2):
        await process.wake()
        await Process(world).wake()
        world.clock.move(MINUTE)
    states = [(await (await bo_at(world))(privacy.page, person=one)).person.state for one in (first, second)]
    assert states == ["erased", "here"]
    [report] = [one for one in await operator(clean_ups.list) if one.due_at == JULY]
    assert (report.customers, report.people, report.finished_at is not None) == (0, 1, True)
    assert await operator(leaving_people.preview) == []


async def test_who_is_asked_for_before_the_commit_is_asked_for_again(world: World) -> None:
    """The note stands in the control database, and the customer's transaction is not over: nobody is forgotten."""
    person, control = await comes(world, 1), world.app.program(Kind.JOB)
    await control(leaving_people.note, customer=world.acme.id, person=person, erase_at=world.clock.now())
    process = Process(world)
    await process.wake()
    bo = await world.acme.signed_in("bo")
    assert (await bo(privacy.page, person=person)).person.state == "here"
    assert len(await control(leaving_people.due)) == 1
    await bo(privacy.erase, person=person, password=PASSWORD, name="Person 1")
    world.clock.move(MINUTE)
    await process.wake()
    assert (await bo(privacy.page, person=person)).person.state == "erased"
    assert await control(leaving_people.due) == []


async def test_of_a_customer_that_is_away_people_wait_and_of_one_that_is_gone_nobody_does(world: World) -> None:
    person, bo = await comes(world, 1), await world.acme.signed_in("bo")
    await bo(privacy.erase, person=person, password=PASSWORD, name="Person 1")
    await world.app.program(Kind.COMMAND)(endings.terminate, slug="acme", erasing="at once")
    await world.app.refresh()
    await Process(world).wake()
    assert await world.app.program(Kind.JOB)(leaving_people.due) == []
    assert await world.app.program(Kind.COMMAND)(purges.ledger) == []
