"""What the operator's programs do of themselves does not grow with the number of customers."""

from datetime import timedelta
from uuid import UUID

from orm import StatementCounter
from rpc import Kind
from seldesk.methods.control import alerts, copies, coverage
from seldesk.models.control import Copy
from seldesk.models.control.lease import CONTROL
from seldesk.surroundings import OPERATOR
from tests.incidents import crowd
from tests.many import UNCOVERED, many
from tests.models.control.test_lease import control
from tests.shelf import Shelves
from tests.world import MONDAY, World

NUMBER = 300
HOUR = timedelta(hours=1)


async def test_who_watches_the_copies_reads_those_alone_with_whom_something_is_wrong(world: World) -> None:
    job = world.app.program(Kind.JOB)
    await many(world, NUMBER, copies=2)
    with StatementCounter() as counter:
        found = await job(coverage.figures)
    assert (found.customers, found.late, found.warned, found.good, found.half) == (NUMBER + 1, 1, 1, 2 * NUMBER, 0)
    assert found.worst_age > 30 * 3600
    assert (counter.count <= 5, counter.rows <= 10) == (True, True), (counter.count, counter.rows)
    with StatementCounter() as counter:
        new = await job(coverage.watch)
    assert [(one.subject, one.detail) for one in new] == [(UNCOVERED, "PAGE: no good copy for 18 hours")]
    assert (counter.count <= 12, counter.rows <= 12) == (True, True), (counter.count, counter.rows)


async def test_all_whose_time_has_come_are_asked_for_by_few_statements_and_once(world: World) -> None:
    job = world.app.program(Kind.JOB)
    await many(world, NUMBER)
    # All have one of the last ten hours but the one that is too old, Acme, and the operator itself.
    assert await job(copies.ask_for_due) == 3
    world.clock.move(13 * HOUR)
    with StatementCounter() as counter:
        assert await job(copies.ask_for_due) == NUMBER + 2 - 3 - 1
    assert counter.count <= 10, counter.statements
    assert await job(copies.ask_for_due) == 0
    waiting = "SELECT count(*) FROM control.leases WHERE kind = 'copy' AND asked_at IS NOT NULL AND until IS NULL"
    assert await world.control_rows(waiting) == [str(NUMBER + 2)]
    # What was before is history.
    assert await world.control_rows("SELECT count(*) FROM control.operations") == [str(NUMBER)]


async def test_who_waits_longest_for_a_copy_is_asked_for_first(world: World) -> None:
    shelves = Shelves(world)
    await crowd(world, 3)
    ids = [UUID(one) for one in await world.control_rows("SELECT id FROM control.customers ORDER BY slug")]
    for customer, hours in zip((CONTROL, *ids), (0, 0, 13, 20, 15), strict=True):
        await shelves.put(customer, MONDAY - hours * HOUR)
    async with control(world):
        assert await Copy.due(2) == [ids[2], ids[3]]


async def test_an_alert_knows_the_customer_that_it_names(world: World) -> None:
    job, acme = world.app.program(Kind.JOB), world.acme
    subjects = (
        f"main: {acme.database}", f"main: ro_{acme.database}", f"files of {acme.id}", "acme",
        f"store a: copies/{acme.id}/0193a000-0000-7000-8000-000000000000.age",
    )  # fmt: skip
    nobody = ("acme-support", "main", f"files of {OPERATOR.id}", "main: c_0123456789abcdef")
    await job(alerts.report, check="registry", found=[alerts.Found(one, "") for one in (*subjects, *nobody)])
    known = "SELECT subject FROM control.alerts WHERE customer_id IS NOT NULL ORDER BY id"
    assert sorted(await world.control_rows(known)) == sorted(subjects)
