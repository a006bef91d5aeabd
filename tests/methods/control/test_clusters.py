"""Where new customers are placed: by their region's first data centre, and by what room there is."""

import pytest

import rpc
from rpc import Kind
from seldesk.methods.control import clusters, customers
from seldesk.methods.control.clusters import State
from seldesk.models.control.cluster import ClusterKnown, NoRoom
from tests.world import World

HOST = "db.fra.example"


async def placed(world: World, slug: str, country: str = "DE", region: str = "") -> tuple[str, str]:
    command = world.app.program(Kind.COMMAND)
    row = await command(customers.create, slug=slug, name=slug, country=country, region=region)
    return row.region, row.cluster


async def test_who_has_one_cluster_need_not_know_of_it(world: World) -> None:
    assert await placed(world, "initech") == ("eu", "main")
    (row,) = await world.app.program(Kind.COMMAND)(clusters.list)
    assert (row.name, row.host, row.data_centre, row.state, row.customers) == ("main", "", "", "open", 2)


async def test_a_customer_comes_to_its_region_where_most_room_is(world: World) -> None:
    command = world.app.program(Kind.COMMAND)
    await command(clusters.update, name="main", data_centre="fra", capacity=10)
    await command(clusters.add, name="fra-2", capacity=2, host=HOST, data_centre="fra")
    await command(clusters.add, name="iad-1", host="db.iad.example", data_centre="iad")
    # One of ten is used on main; then one of two on the other.
    assert [await placed(world, f"in-frankfurt-{number}") for number in range(3)] == [
        ("eu", "fra-2"),
        ("eu", "main"),
        ("eu", "main"),
    ]
    assert await placed(world, "in-ashburn", country="US") == ("us", "iad-1")
    assert await placed(world, "german-in-ashburn", country="DE", region="us") == ("us", "iad-1")


async def test_a_cluster_that_is_full_or_closed_takes_nobody(world: World) -> None:
    command = world.app.program(Kind.COMMAND)
    await command(clusters.update, name="main", capacity=1)
    with pytest.raises(NoRoom):
        await placed(world, "initech")
    await command(clusters.add, name="fra-2", host=HOST, data_centre="fra")
    states: list[State] = ["full", "closed"]
    for state in states:
        await command(clusters.update, name="fra-2", state=state)
        with pytest.raises(NoRoom):
            await placed(world, "initech")
    await command(clusters.update, name="fra-2", state="open")
    assert await placed(world, "initech") == ("eu", "fra-2")


async def test_names_are_taken_once_and_data_centres_are_known(world: World) -> None:
    command = world.app.program(Kind.COMMAND)
    with pytest.raises(ClusterKnown):
        await command(clusters.add, name="main", host=HOST, data_centre="fra")
    with pytest.raises(rpc.Invalid) as moon:
        await command(clusters.add, name="moon-1", host="db.moon.example", data_centre="moon")
    with pytest.raises(rpc.Invalid) as nowhere:
        await placed(world, "initech", country="XX")
    assert (*moon.value.fields, *nowhere.value.fields) == ("data_centre", "country")
