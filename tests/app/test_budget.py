"""Connections are counted before they run out."""

from pathlib import Path

from seldesk.app.budget import Budget
from seldesk.app.doctor import examine
from seldesk.app.running import Database
from tests.faults import superuser
from tests.world import World, settings


def test_all_processes_fit_twice_and_each_customer_has_what_their_pools_allow(tmp_path: Path) -> None:
    one = Budget.of(settings(tmp_path))
    assert (one.needed(with_control=True), one.customer_limit) == (2 * (20 + 6) * 2 + 10 + 2 * 3 + 16, 2 * 5 * 2)
    several = Budget.of(settings(tmp_path, SELDESK_DATABASE__EMBEDDED="false", SELDESK_DATABASE__PROCESSES="12"))
    assert (several.needed(with_control=False), several.customer_limit) == (12 * 20 * 2 + 10 + 2 * 3 + 16, 12 * 5 * 2)


async def test_the_doctor_tells_it_and_a_role_has_that_limit(world: World) -> None:
    found = Database(world.app.fleet.home, None)
    told = {one.check: one for one in await examine(world.app.settings, found)}
    assert told["connections"].good, told
    first, *lines = told["connections"].text.splitlines()
    assert first.startswith("main: up to 136 of ")
    assert [line.split()[0] for line in lines] == ["80", "24", "10", "6", "16", "20"]
    assert "2 processes x 20 x 2 while rolling out" in lines[0]
    assert told["alerts"].text == "none"
    many = settings(world.app.settings.home, SELDESK_DATABASE__CEILING="500")
    told = {one.check: one for one in await examine(many, found)}
    assert not told["connections"].good
    # More processes than the roles were made for.
    more = settings(world.app.settings.home, SELDESK_DATABASE__PER_TENANT="9")
    told = {one.check: one for one in await examine(more, found)}
    assert f"36 at most for one customer; 1 are allowed less, such as {world.acme.database}" in told["connections"].text
    assert not told["connections"].good
    async with superuser(world.server, "postgres") as connection:
        limit = await connection.fetchval("SELECT rolconnlimit FROM pg_roles WHERE rolname = $1", world.acme.database)
    assert limit == Budget.of(world.app.settings).customer_limit
