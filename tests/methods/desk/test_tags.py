"""Tags, renamed and removed on all tickets at once."""

import pytest

import rpc
from seldesk.methods.desk import tags, tickets
from tests.world import World


async def opened(world: World, *given: str) -> int:
    ann = world.acme.by_token("ann")
    written = await ann(tickets.open, subject="S", body="B", requester_email="a@x.example", tags=list(given))
    return written.number


async def of(world: World, number: int) -> list[str]:
    return (await world.acme.by_token("ann")(tickets.read, number=number)).tags


async def test_tags_are_counted_the_most_used_first(world: World) -> None:
    for given in (("fire", "printer"), ("printer",), ()):
        await opened(world, *given)
    found = await (await world.acme.signed_in("bo"))(tags.page)
    assert [(tag.name, tag.count) for tag in found.tags] == [("printer", 2), ("fire", 1)]


async def test_a_tag_is_renamed_everywhere_and_doubles_become_one(world: World) -> None:
    first, second, third = (
        await opened(world, "a", "fire"),
        await opened(world, "fire", "heat"),
        await opened(world, "a"),
    )
    bo = await world.acme.signed_in("bo")
    order = [(row.number, row.updated_at) for row in (await bo(tickets.queue, view="all")).tickets.items]
    assert await bo(tags.rename, tag="fire", name="heat") == 2
    assert [await of(world, number) for number in (first, second, third)] == [["a", "heat"], ["heat"], ["a"]]
    assert [(row.number, row.updated_at) for row in (await bo(tickets.queue, view="all")).tickets.items] == order
    told = [event for event in (await bo(tickets.page, number=first)).events if event.kind == "tags"]
    assert [(one.actor, one.before, one.after) for one in told] == [
        ("Bo", {"tags": ["a", "fire"]}, {"tags": ["a", "heat"]})
    ]
    assert await bo(tags.rename, tag="heat", name="heat") == 0


async def test_a_tag_is_removed_everywhere(world: World) -> None:
    number, bo = await opened(world, "a", "fire"), await world.acme.signed_in("bo")
    assert await bo(tags.remove, tag="fire") == 1
    assert await of(world, number) == ["a"]
    for method, given in ((tags.remove, {}), (tags.rename, {"name": "x"})):
        with pytest.raises(rpc.NotFound):
            await bo(method, tag="fire", **given)


async def test_what_is_no_tag_is_refused(world: World) -> None:
    number, bo = await opened(world, "fire"), await world.acme.signed_in("bo")
    for name in ("", "two words", "a,b", "x" * 51):
        with pytest.raises(rpc.Invalid):
            await bo(tags.rename, tag="fire", name=name)
    assert await of(world, number) == ["fire"]
