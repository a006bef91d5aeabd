"""What a limited agent may not see cannot be guessed at either, and is gone when it is moved away."""

import msgspec
import pytest
import pytest_asyncio

import rpc
from seldesk.methods.desk import attachments, messages, requests, tickets
from tests.security.cast import CEM, NOTED, SAID, Cast, cast
from tests.world import CLEO, World

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everybody(world: World) -> Cast:
    return await cast(world)


async def told(iris: rpc.Call) -> list[bytes]:
    """All that tells of more than one ticket, asked in every way that could answer yes or no."""
    words = [SAID, NOTED, f"from:{CEM}", "tag:secret", "assignee:bo", f"-{SAID} smokes", "is:unsolved", "smokes"]
    said: list[object] = [await iris(tickets.search, query=query) for query in words]
    said += [await iris(tickets.list, sort=sort) for sort in ("updated", "created", "priority")]
    said += [await iris(tickets.list, requester=CEM), await iris(tickets.list, tag="secret")]
    queue = await iris(tickets.queue, view="all")
    said += [queue.desk.counts, queue.tags, queue.tickets]
    return [msgspec.json.encode(each) for each in said]


@pytest.mark.flaw("Odoo CVE-2024-36259")
@pytest.mark.asvs("V8.2.2")
async def test_nothing_answers_differently_because_of_a_ticket_that_is_hidden(world: World, everybody: Cast) -> None:
    iris, ann, number = everybody.iris, everybody.ann, everybody.his["number"]
    before = await told(iris)
    await ann(tickets.update, number=number, add_tags=["secret"], priority="urgent", subject=f"{SAID} printer")
    await ann(tickets.reply, number=number, body=f"{SAID} smokes", status="open")
    assert await told(iris) == before
    assert SAID.encode() not in b"".join(before)


@pytest.mark.flaw("Zulip CVE-2024-27286")
async def test_a_ticket_that_is_moved_away_is_gone_for_who_read_it(world: World, everybody: Cast) -> None:
    """Its page, its place in lists and searches, its files and texts, and the undoing of what one had done."""
    iris, hers = everybody.iris, everybody.hers
    number = hers["number"]
    assert [row.number for row in (await iris(tickets.list)).items] == [number]
    done = await iris(tickets.update_many, numbers=[number], add_tags=["mine"])
    await everybody.ann(tickets.update, number=number, assignee=everybody.his["assignee"])
    assert (await iris(tickets.list)).items == []
    assert (await iris(tickets.search, query="smokes")).items == []
    assert (await iris(tickets.queue, view="all")).tags == []
    for attempt in (
        iris(tickets.read, number=number, messages=True),
        iris(tickets.page, number=number),
        iris(tickets.reply, number=number, body="x"),
        iris(tickets.update, number=number, assignee=None),
        iris(messages.body, message=hers["message"]),
        iris(attachments.link, attachment=hers["attachment"]),
        everybody.iris_token(attachments.read, attachment=hers["attachment"]),
    ):
        with pytest.raises(rpc.NotFound):
            await attempt
    assert [one.outcome for one in (await iris(tickets.undo, bulk=done.id)).results] == ["missing"]
    assert (await everybody.ann(tickets.read, number=number)).tags == ["mine"]


@pytest.mark.flaw("FreeScout CVE-2026-40591")
async def test_naming_a_requester_changes_and_tells_nothing_of_them(world: World, everybody: Cast) -> None:
    """A ticket can be opened for any address; whose it is stays as it was, and is not said."""
    people = await world.rows(world.acme, "SELECT p::text FROM app.people p ORDER BY id")
    written = await everybody.iris(tickets.open, subject="S", body="B", requester_email=CEM, requester_name="Evil")
    opened = await everybody.iris(tickets.read, number=written.number)
    assert [other.number for other in opened.others] == []
    assert await world.rows(world.acme, "SELECT p::text FROM app.people p ORDER BY id") == people
    with pytest.raises(rpc.NotFound):
        await everybody.cleo(requests.read, number=written.number)
    assert {row.number for row in (await everybody.cleo(requests.list)).items} == {everybody.hers["number"]}
    assert CLEO not in msgspec.json.encode(opened).decode()
