"""The clock is put on or back by an hour, summer begins and ends, months have 28 to 31 days."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

import rpc
from rpc import Kind
from seldesk.jobs.schedule import PROVISIONERS, TIMES
from seldesk.methods.control.endings import next_clean_up
from seldesk.methods.desk import housekeeping, people, tickets, tokens
from seldesk.models.desk.mailed_link import LinkOver
from seldesk.models.desk.session import IDLE
from tests.mailed import anybody, cleo_writes, mailed
from tests.world import CLEO, World, address

pytestmark = pytest.mark.fault(24)
HOUR = timedelta(hours=1)
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("left", "goes"),
    [
        # Six months after 31 March there is no such day.
        (datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC), datetime(2026, 7, 1, 3, tzinfo=UTC)),
        (datetime(2026, 8, 31, tzinfo=UTC), datetime(2027, 1, 1, 3, tzinfo=UTC)),
        (datetime(2028, 2, 29, 12, tzinfo=UTC), datetime(2028, 7, 1, 3, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 1, 1, 3, tzinfo=UTC)),
        # It is three o'clock in UTC, wherever it is told, in summer and in winter.
        (datetime(2026, 3, 29, 3, tzinfo=BERLIN), datetime(2026, 7, 1, 3, tzinfo=UTC)),
        (datetime(2026, 7, 1, 4, 59, 59, tzinfo=BERLIN), datetime(2026, 7, 1, 3, tzinfo=UTC)),
        (datetime(2026, 7, 1, 5, tzinfo=BERLIN), datetime(2027, 1, 1, 3, tzinfo=UTC)),
        (datetime(2027, 1, 1, 3, 59, 59, tzinfo=BERLIN), datetime(2027, 1, 1, 3, tzinfo=UTC)),
        (datetime(2026, 12, 31, 22, tzinfo=NEW_YORK), datetime(2027, 7, 1, 3, tzinfo=UTC)),
    ],
)
def test_the_day_of_a_clean_up_is_the_same_for_every_month_and_zone(left: datetime, goes: datetime) -> None:
    assert next_clean_up(left) == goes
    assert goes - left <= timedelta(days=184)


@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_no_job_is_left_out_or_done_twice_when_summer_begins_or_ends(change: datetime) -> None:
    for kind, trigger in {**TIMES, **PROVISIONERS}.items():
        if kind == "clean-up":
            continue
        slots = [trigger.get_next_fire_time(None, change - timedelta(days=1))]
        while slots[-1] is not None and slots[-1] < change + timedelta(days=2):
            slots.append(trigger.get_next_fire_time(slots[-1], slots[-1]))
        steps = {after.timestamp() - before.timestamp() for before, after in pairwise(slots)}
        assert len(steps) == 1, kind


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
async def test_what_was_ended_stays_so_whatever_the_clock_says(world: World, jump: timedelta) -> None:
    acme = world.acme
    await cleo_writes(world)
    used, ann, left = await mailed(world, CLEO), await acme.signed_in("ann"), await acme.signed_in("ann")
    await anybody(acme)(people.sign_in_by_link, token=used)
    await left(people.sign_out)
    token = acme.by_token("ann")
    assert (await token(tickets.list)).items
    bo = await acme.signed_in("bo")
    for one in (await bo(tokens.page)).items:
        await bo(tokens.revoke, token=one.id)
    for step in (timedelta(0), jump, jump, -3 * jump):
        world.clock.move(step)
        with pytest.raises(LinkOver):
            await anybody(acme)(people.sign_in_by_link, token=used)
        for over in (left, token):
            with pytest.raises(rpc.Unauthenticated):
                await over(tickets.list)
    world.clock.move(jump)
    assert (await ann(tickets.queue)).tickets.items, "who is there is not put out by it"


async def test_what_ran_out_and_was_tidied_away_does_not_come_back_with_the_hour(world: World) -> None:
    acme = world.acme
    await cleo_writes(world)
    link, ann = await mailed(world, address("ann", "acme"), "password"), await acme.signed_in("ann")
    world.clock.move(IDLE + timedelta(days=7))
    await acme.program(Kind.JOB)(housekeeping.tidy)
    world.clock.move(-IDLE - timedelta(days=7))
    with pytest.raises(rpc.Unauthenticated):
        await ann(tickets.queue)
    with pytest.raises(LinkOver):
        await anybody(acme)(people.link, token=link, purpose="password")


async def test_what_only_ran_out_is_good_for_no_longer_than_the_clock_was_put_back(world: World) -> None:
    """By an hour at most, then: what it was given for is measured by one clock alone."""
    await cleo_writes(world)
    token = await mailed(world, CLEO)
    world.clock.move(HOUR)
    for minutes, over in ((0, True), (-60, False), (9, False), (1, True)):
        world.clock.move(timedelta(minutes=minutes))
        if over:
            with pytest.raises(LinkOver):
                await anybody(world.acme)(people.link, token=token, purpose="sign_in")
        else:
            assert (await anybody(world.acme)(people.link, token=token, purpose="sign_in")).email == CLEO
