"""What is measured every hour, and how customers are found by it."""

from dataclasses import replace
from datetime import timedelta

from rpc import Kind
from seldesk.app.measuring_places import measure_places
from seldesk.app.stores import archive
from seldesk.jobs.measuring import measure
from seldesk.methods.console import ops_clusters, ops_customers, ops_mail, ops_overview
from seldesk.methods.control import alerts
from seldesk.models.control.searching import Health
from seldesk.storage import Archive, Place
from tests.staff import Member, hired
from tests.world import World, mail


async def measured(world: World) -> None:
    app = world.app
    served = [customer.id for customer in app.directory.active()]
    await measure(app.program(Kind.JOB), served, app.job, _nobody_waits)


async def _nobody_waits() -> None:
    """What a job calls to say that it is still at it."""


async def found(mara: Member, health: Health) -> list[str]:
    return [one.slug for one in (await mara.call(ops_customers.page, health=health)).items]


async def test_customers_are_found_by_what_is_wrong_with_them(world: World) -> None:
    mara, globex = await hired(world, "operations"), await world.neighbour()
    await world.acme.mail(mail())
    await world.acme.mail(b"\x00")
    await measured(world)
    shown = (await mara.call(ops_customers.read, slug="acme")).dossier
    (figures,) = shown.figures
    assert (shown.health, figures.mailboxes, figures.failing, figures.unread, figures.agents) == ("mail", 1, 1, 1, 2)
    assert figures.database_bytes > 1_000_000
    assert figures.received_at == world.clock.now()
    assert (await found(mara, "mail"), await found(mara, "well")) == (["acme"], ["globex"])
    listed = (await mara.call(ops_mail.page)).items
    assert [(one.slug, one.unread, one.failing) for one in listed] == [("acme", 1, 1)]
    job = world.app.program(Kind.JOB)
    await job(alerts.report, check="catalogue", found=[alerts.Found(f"main: {globex.database}", "public may connect")])
    assert await found(mara, "alert") == ["globex"]
    worst = (await mara.call(ops_customers.page, order="health")).items
    assert [(one.slug, one.health) for one in worst] == [("globex", "alert"), ("acme", "mail")]
    # One that does not answer keeps what was measured before.
    entry = world.app.directory.entry("acme")
    assert entry is not None
    world.app.directory.change(replace(entry.customer, back_at=world.clock.now() + timedelta(minutes=5)))
    await measured(world)
    (figures,) = (await mara.call(ops_customers.read, slug="acme")).dossier.figures
    assert (figures.error, figures.unread) == ("customer_moving", 1)
    assert await found(mara, "unreachable") == ["acme"]
    world.clock.move(timedelta(hours=15))
    mara = await hired(world, "operations", email="otto@operator.example")
    assert await found(mara, "uncovered") == ["globex"]
    ages = (await mara.call(ops_overview.page)).ages
    assert (ages.over_warned, ages.over_promised, ages.customers) == (2, 0, 2)
    assert [(bar.hours, bar.customers) for bar in ages.bars if bar.customers] == [(16, 2)]


async def test_customers_are_sorted_by_size_and_page_by_page(world: World) -> None:
    mara = await hired(world, "support")
    await world.neighbour()
    await measured(world)
    await world.control_rows(
        "UPDATE control.customer_figures SET database_bytes = 1 FROM control.customers"
        " WHERE id = customer_id AND slug = 'acme' RETURNING 1"
    )
    assert [one.slug for one in (await mara.call(ops_customers.page, order="largest")).items] == ["globex", "acme"]
    for order in ("newest", "oldest-copy", "address"):
        assert len((await mara.call(ops_customers.page, order=order)).items) == 2


async def test_clusters_and_stores_are_asked_and_one_that_is_away_is_told(world: World) -> None:
    app, mara = world.app, await hired(world, "operations")
    held = archive(app.settings)
    await measure_places(app, held, _nobody_waits)
    shown = await mara.call(ops_clusters.page)
    (main,) = shown.clusters
    assert (main.customers, main.error, main.version.partition(".")[0]) == (1, "", "18")
    assert 0 < main.connected <= main.room
    assert main.needed > 0
    assert main.disk_bytes > 1_000_000
    assert [(one.number, one.error) for one in shown.stores] == [(1, ""), (2, "")]
    assert [one.answered_at for one in shown.stores] == [world.clock.now()] * 2
    answered = world.clock.now()
    world.clock.move(timedelta(minutes=2))
    away = Place.at("s3://nowhere?endpoint=http://127.0.0.1:1&region=eu-1", 0.2, "id:secret")
    await measure_places(app, Archive([held.stores[0], away], held.public), _nobody_waits)
    shown = await mara.call(ops_clusters.page)
    assert [one.error == "" for one in shown.stores] == [True, False]
    assert shown.stores[1].answered_at == answered
    assert (await mara.call(ops_overview.page)).pulse.stores_away == 1
    await mara.call(ops_clusters.place, cluster="main", state="full")
    assert (await mara.call(ops_clusters.page)).clusters[0].state == "full"
