"""What the operator itself knows of a customer goes with it: nothing of its people, and in the end not its name."""

from datetime import timedelta

import pytest

from rpc import Kind
from seldesk.methods.console import ops_disclosures
from seldesk.methods.control import endings, operator_log, purges, upkeep
from tests.access import WHY, inside
from tests.app.test_erasing import eraser
from tests.faults import superuser
from tests.incidents import deliver_all, named, reported
from tests.staff import hired
from tests.world import World

BO = "bo@acme.example"
WANTED = "All that Cleo Camp wrote in January and February."
HOW = "By registered letter to Bo Lind, on 2 March."
OUTCOME = "Handed over to the court, in person, by Bo Lind himself."
GONE = ("Acme Support", BO, WHY, "unpaid by Bo")
LATER = (WANTED, HOW, OUTCOME)


async def known(world: World, words: tuple[str, ...]) -> set[tuple[str, str]]:
    """Where in the control database these stand."""
    found = set()
    async with superuser(world.server, "seldesk_control") as connection:
        for (table,) in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'control'"):
            for (row,) in await connection.fetch(f"SELECT t::text FROM control.{table} t"):  # noqa: S608 - ours
                found |= {(table, word) for word in words if word in row}
    return found


@pytest.mark.flaw("Odoo CVE-2024-12368")
async def test_accesses_incidents_demands_and_acts_are_forgotten_with_their_customer(world: World) -> None:
    await named(world, "acme", BO)
    await world.app.refresh()
    await inside(world)
    command, job = world.app.program(Kind.COMMAND), world.app.program(Kind.JOB)
    boss = await hired(world, "operations", "security", "support", email="otto@operator.example")
    await reported(world, boss, "Mail was late.", scope="customers", customers="acme")
    disclosure = await boss.call(
        ops_disclosures.open, slug="acme", authority="Court", reference="7 Gs 12/26", wanted=WANTED
    )
    await boss.call(ops_disclosures.notice, disclosure=disclosure, how=HOW)
    await boss.call(ops_disclosures.close, disclosure=disclosure, outcome=OUTCOME)
    await command(endings.suspend, slug="acme", reason="unpaid by Bo")
    await deliver_all(world)
    before = await known(world, GONE + LATER)
    assert {word for _, word in before} == {*GONE, *LATER}
    assert {"accesses", "acts", "incident_reports", "disclosures"} <= {table for table, _ in before}
    await command(endings.terminate, slug="acme", erasing="at once")
    await eraser(world).work()
    await deliver_all(world)
    assert await known(world, GONE) == set()
    # The log never had them, and what is left of its address goes with the last day of the longest life.
    assert (await job(operator_log.walk)).number is None
    world.clock.move(timedelta(days=91))
    await job(upkeep.tidy)
    assert await known(world, LATER) == set()
    assert await world.control_rows("SELECT slug FROM control.customers") == []
    assert len(await world.control_rows("SELECT 1 FROM control.incident_deliveries")) > 0
    kept = await world.control_rows("SELECT authority || ' ' || reference FROM control.disclosures")
    assert kept == ["Court 7 Gs 12/26"]
    assert len(await command(purges.ledger)) == 1
