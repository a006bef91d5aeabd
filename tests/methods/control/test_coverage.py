"""Whoever is not covered by a copy of the last hours is told of, in time and by its name."""

from datetime import timedelta

import orm
import rpc
from rpc import Kind
from seldesk.methods.control import alerts, coverage
from seldesk.models.control.lease import CONTROL
from seldesk.web.metrics import metrics
from tests.shelf import Shelves
from tests.web.visitor import Visitor
from tests.world import MONDAY, World

HOUR = timedelta(hours=1)


async def told(world: World) -> set[tuple[str, str]]:
    await world.app.program(Kind.JOB)(coverage.watch)
    standing = await world.app.program(Kind.COMMAND)(alerts.list)
    return {(one.subject, one.detail.partition(":")[0]) for one in standing if one.check == coverage.CHECK}


async def test_it_warns_after_14_hours_and_pages_after_18(world: World) -> None:
    shelves = Shelves(world)
    for customer in (world.acme.id, CONTROL):
        await shelves.put(customer, MONDAY)
    seen = []
    for hours in (1, 13, 14.5, 17, 18.5):
        world.clock.set(MONDAY + hours * HOUR)
        await shelves.put(CONTROL, world.clock.now())
        seen.append(await told(world))
    assert seen == [set(), set(), {("acme", "WARN")}, {("acme", "WARN")}, {("acme", "PAGE")}]
    await shelves.put(world.acme.id, world.clock.now())
    assert await told(world) == set()


async def test_a_new_customer_has_time_for_its_first_copy(world: World) -> None:
    shelves = Shelves(world)
    world.clock.move(13 * HOUR)
    await shelves.put(CONTROL, world.clock.now())
    assert await told(world) == set()
    world.clock.move(2 * HOUR)
    assert ("acme", "WARN") in await told(world)


async def test_a_job_that_stands_still_is_told_of_before_the_promise_is_broken(world: World) -> None:
    shelves = Shelves(world)
    for customer in (world.acme.id, CONTROL):
        await shelves.put(customer, MONDAY)
    world.clock.move(13.5 * HOUR)
    assert await told(world) == {("all copies", "PAGE")}


async def test_a_copy_that_is_90_percent_smaller_is_told_of(world: World) -> None:
    shelves = Shelves(world)
    await shelves.put(CONTROL, MONDAY)
    await shelves.put(world.acme.id, MONDAY - 12 * HOUR, size=1_000_000)
    await shelves.put(world.acme.id, MONDAY, size=100_001)
    assert await told(world) == set()
    await shelves.put(world.acme.id, MONDAY + HOUR, size=10_000)
    assert await told(world) == {("acme", "WARN")}


async def test_what_lies_in_one_store_only_counts_for_nothing_and_is_told_of(world: World) -> None:
    shelves = Shelves(world)
    await shelves.put(CONTROL, MONDAY)
    await shelves.put(world.acme.id, MONDAY - 17 * HOUR)
    half = {
        "id": orm.uuid7(), "customer_id": world.acme.id, "kind": "scheduled", "cluster": "main", "began_at": MONDAY,
        "snapshot_at": MONDAY, "size": 9, "revision": "", "postgresql": 18, "replicas": 1, "error": "StoreUnavailable",
    }  # fmt: skip
    await shelves.insert(half)
    world.clock.move(2 * HOUR)
    await shelves.put(CONTROL, world.clock.now())
    standing = await told(world)
    details = {one.detail for one in await world.app.program(Kind.COMMAND)(alerts.list) if one.subject == "acme"}
    assert standing == {("acme", "PAGE"), ("acme", "WARN")}
    assert "WARN: a copy lies in one store only" in details
    shelf = await world.app.program(Kind.JOB)(coverage.shelf, customer=world.acme.id)
    assert len(shelf.copies) == 1
    assert shelf.attempt is not None
    assert shelf.attempt.replicas == 1


async def test_metrics_tell_the_worst_age_and_how_many_are_over_it(world: World) -> None:
    shelves = Shelves(world)
    await shelves.put(CONTROL, MONDAY)
    await shelves.put(world.acme.id, MONDAY - 15 * HOUR)
    async with Visitor(metrics(bytes, world.app.program(Kind.JOB))) as prometheus:
        text = (await prometheus.get("/metrics")).text
        assert (await prometheus.get("/")).status_code == 404
    figures = dict(line.split() for line in text.splitlines() if not line.startswith("#"))
    assert figures["seldesk_backup_worst_age_seconds"] == str(15 * 3600)
    assert figures["seldesk_backup_over_14_hours"] == "1"
    assert figures["seldesk_backup_over_18_hours"] == "0"
    assert figures["seldesk_backup_copies"] == "2"
    assert figures["seldesk_customers"] == "1"


async def test_what_watches_costs_a_few_statements_however_many_there_are(world: World) -> None:
    shelves = Shelves(world)
    await world.neighbour()
    for hours in range(3):
        await shelves.put(world.acme.id, MONDAY - hours * 12 * HOUR)
    with orm.StatementCounter() as counter:
        await world.app.program(Kind.JOB)(coverage.figures)
    assert counter.count <= 9
    call: rpc.Call = world.app.program(Kind.JOB)
    with orm.StatementCounter() as counter:
        await call(coverage.shelf, customer=world.acme.id)
    assert counter.count <= 7
