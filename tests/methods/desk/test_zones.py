"""Times and days are those of whoever reads."""

import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest

import rpc
from orm import StatementCounter
from seldesk import zones
from seldesk.methods.desk import profile, requests, tickets
from seldesk.resources import folder
from tests.mailed import cleo_writes, signed_in
from tests.world import CLEO, World

# One minute on each side of midnight, there, in the days on which the clocks are changed and in others.
NIGHTS = [
    ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 28, 23, 0, tzinfo=UTC), timedelta(hours=23)),
    ("Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 24, 22, 0, tzinfo=UTC), timedelta(hours=25)),
    ("America/New_York", date(2026, 11, 1), datetime(2026, 11, 1, 4, 0, tzinfo=UTC), timedelta(hours=25)),
    ("Asia/Kathmandu", date(2026, 6, 1), datetime(2026, 5, 31, 18, 15, tzinfo=UTC), timedelta(hours=24)),
    # Midnight is left out here: the day begins at one.
    ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, 0, tzinfo=UTC), timedelta(hours=23)),
]


async def test_days_begin_and_end_where_the_reader_is(world: World) -> None:
    by_token = world.acme.by_token("ann")
    for zone, day, begins, lasts in sorted(NIGHTS, key=lambda night: night[2]):
        numbers = []
        for time in (begins - timedelta(minutes=1), begins, begins + lasts - timedelta(minutes=1), begins + lasts):
            world.clock.move(time - world.clock.now())
            opened = await by_token(tickets.open, subject=f"{zone} {time}", body="Hi", requester_email=CLEO)
            numbers.append(opened.number)
        ann = await world.acme.signed_in("ann")
        await ann(profile.move, zone=zone)
        queue = await ann(tickets.queue, view="all", created_from=day, created_until=day)
        listed = await by_token(tickets.list, created_from=day, created_until=day)
        for shown in (queue.tickets, listed):
            assert sorted(row.number for row in shown.items) == numbers[1:3], (zone, day)


async def test_a_zone_comes_with_the_page_and_costs_no_statement(world: World) -> None:
    number = await cleo_writes(world)
    ann, cleo = await world.acme.signed_in("ann"), await signed_in(world)
    before = (await ann(tickets.queue)).desk.me
    assert (before.zone, before.zone_chosen) == ("Europe/Berlin", False), "where the customer is"
    await ann(profile.move, zone="Asia/Kathmandu")
    await cleo(profile.move, zone="America/New_York")
    with StatementCounter() as counter:
        me = (await ann(tickets.queue)).desk.me
    assert (me.zone, me.zone_chosen) == ("Asia/Kathmandu", True)
    assert counter.count <= 6, counter.statements
    assert (await cleo(requests.list)).me.zone == "America/New_York"
    assert (await cleo(requests.read, number=number)).zone == "America/New_York"


@pytest.mark.parametrize(
    "zone", ["", "Europe/Atlantis", "../../etc/passwd", "Europe/Berlin\x00", "posixrules", "x" * 300]
)
async def test_what_is_no_zone_is_refused(world: World, zone: str) -> None:
    ann = await world.acme.signed_in("ann")
    with pytest.raises(rpc.Invalid):
        await ann(profile.move, zone=zone)


def test_every_default_is_a_zone_that_may_be_chosen() -> None:
    assert {zones.of_country(code) for code in ("DE", "US", "NP")} == {
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kathmandu",
    }
    assert zones.of_country("") == zones.of_country("AQ") == "UTC"
    countries = tomllib.loads((folder("config") / "countries.toml").read_text())
    assert {zones.of_country(code) for code in countries} <= zones.known()
