"""A helpdesk is paused, closed and opened again by its owner; and what its operator decides of it."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

import rpc
from orm import StatementCounter
from rpc import Kind
from seldesk.errors import CustomerClosed, NotLikeThis, TooLateToReturn
from seldesk.jobs.leaving import Leaving, SomeMustWait
from seldesk.methods.admission import CustomerSuspended
from seldesk.methods.control import customers, endings
from seldesk.methods.desk import account, housekeeping, mails, people, tickets, tokens
from tests.world import MONDAY, PASSWORD, Desk, World, mail

JULY = datetime(2026, 7, 1, 3, tzinfo=UTC)


async def still_at_it() -> None:
    """Nobody else is there."""


async def departures(world: World) -> None:
    """What the worker does when somebody has left."""
    await world.app.refresh()
    await Leaving(world.app.program(Kind.JOB), world.app.job).departures(still_at_it)
    world.clock.move(timedelta(minutes=2))


async def state_of(world: World, desk: Desk) -> str:
    return (await world.app.program(Kind.COMMAND)(customers.read, slug=desk.slug)).state


async def terminated(world: World) -> str:
    """Bo has closed Acme; answers the token of the link that he was mailed."""
    bo = await world.acme.signed_in("bo")
    await bo(account.terminate, password=PASSWORD, name="Acme Support")
    await departures(world)
    await world.deliver(world.acme)
    return said(world).partition("/return/")[2].split()[0]


def said(world: World) -> str:
    """The text of the last mail."""
    letter = message_from_bytes(world.relay.sent[-1].raw, policy=default)
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_a_paused_helpdesk_is_read_and_not_changed_by_anybody(world: World) -> None:
    acme, ann = world.acme, world.acme.by_token("ann")
    number = (await acme.mail(mail())).ticket
    assert number is not None
    bo = await acme.signed_in("bo")
    await bo(account.pause, reason="We move house until Friday.")
    assert (await ann(tickets.read, number=number)).number == number
    refused = [
        ann(tickets.reply, number=number, body="Hello"),
        bo(tokens.issue, name="x", scopes=["tickets.read"]),
        acme.program(Kind.COMMAND)(tokens.create, email="ann@acme.example", name="x"),
        acme.mail(mail(message_id="<second@cleo.example>")),
        acme.program(Kind.MAIL)(mails.accepts, recipient=acme.mailbox),
    ]
    for call in refused:
        with pytest.raises(CustomerSuspended, match="We move house until Friday"):
            await call
    await acme.signed_in("ann")
    await acme.program(Kind.JOB)(housekeeping.tidy)
    await bo(account.resume)
    await ann(tickets.reply, number=number, body="Hello")
    assert await state_of(world, acme) == "active"


async def test_the_page_costs_no_statement_of_its_own(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    await bo(account.page)
    with StatementCounter() as counter:
        shown = await bo(account.page)
    assert counter.count == 2, "who asks, and how much is stored"
    assert (shown.clean_up, shown.asked) == (JULY, MONDAY + timedelta(days=29))
    assert [one.gone for one in shown.places].count("gone at once") == 6


async def test_what_the_operator_suspended_the_owner_cannot_reactivate(world: World) -> None:
    operator, bo = world.app.program(Kind.COMMAND), await world.acme.signed_in("bo")
    await operator(endings.suspend, slug="acme", reason="Not paid since May.")
    await world.app.refresh()
    with pytest.raises(NotLikeThis, match="operator alone"):
        await bo(account.resume)
    # Nor by leaving and coming back.
    token = await terminated(world)
    await world.acme.calling(Kind.ANONYMOUS, "")(account.take_back, token=token)
    assert await state_of(world, world.acme) == "suspended"
    await operator(endings.reactivate, slug="acme")
    assert await state_of(world, world.acme) == "active"


@pytest.mark.asvs("V7.5.3")
async def test_whoever_terminates_proves_it_twice(world: World) -> None:
    bo, ann = await world.acme.signed_in("bo"), await world.acme.signed_in("ann")
    with pytest.raises(rpc.Forbidden):
        await ann(account.terminate, password=PASSWORD, name="Acme Support")
    with pytest.raises(rpc.Invalid, match=r"."):
        await bo(account.terminate, password=PASSWORD, name="Acme")
    for _ in range(10):
        assert await bo(account.terminate, password="wrong", name="Acme Support") == account.Termination()
    assert (await bo(account.terminate, password=PASSWORD, name="Acme Support")).wait > 0
    assert await state_of(world, world.acme) == "active"
    world.clock.move(timedelta(minutes=16))
    assert (await bo(account.terminate, password=PASSWORD, name="Acme Support")).erased_at == JULY


async def test_nothing_of_a_terminated_helpdesk_can_be_reached(world: World) -> None:
    acme, ann = world.acme, world.acme.by_token("ann")
    assert world.app.mail("acme.localhost") is not None
    await terminated(world)
    stranger = acme.calling(Kind.ANONYMOUS, "")
    calls = [
        ann(tickets.list),
        stranger(people.sign_in, email="bo@acme.example", password=PASSWORD),
        acme.mail(mail()),
        acme.program(Kind.COMMAND)(tokens.create, email="ann@acme.example", name="x"),
    ]
    for call in calls:
        with pytest.raises(CustomerClosed):
            await call
    assert world.app.mail("acme.localhost") is None, "mail to it is refused for good"


async def test_its_owner_takes_it_back_once_by_the_mailed_link(world: World) -> None:
    acme, session = world.acme, await world.acme.signed_in("ann")
    number = (await acme.mail(mail())).ticket
    assert number is not None
    token = await terminated(world)
    assert world.relay.sent[-1].recipients == ["bo@acme.example"]
    assert "1 July 2026 at 03:00 UTC" in said(world)
    stranger = acme.calling(Kind.ANONYMOUS, "")
    assert (await stranger(account.offer, token=token)).erase_at == JULY
    with pytest.raises(rpc.NotFound):
        await stranger(account.take_back, token=token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:])
    await stranger(account.take_back, token=token)
    with pytest.raises(rpc.Unauthenticated):
        await session(tickets.list)
    with pytest.raises(rpc.Unauthenticated):
        await acme.by_token("ann")(tickets.list)
    ann = await acme.signed_in("ann")
    assert (await ann(tickets.read, number=number)).number == number
    for again in (account.offer, account.take_back):
        with pytest.raises((NotLikeThis, rpc.NotFound), match="used already"):
            await stranger(again, token=token)
    # A second termination has a link of its own, and the first one is not good for it.
    world.clock.move(timedelta(days=1))
    assert await terminated(world) != token
    with pytest.raises(NotLikeThis):
        await stranger(account.take_back, token=token)


async def test_after_the_point_of_no_return_the_answer_is_clear(world: World) -> None:
    token = await terminated(world)
    world.clock.set(JULY)
    await departures(world)
    with pytest.raises(TooLateToReturn, match="cannot be taken back"):
        await world.acme.calling(Kind.ANONYMOUS, "")(account.take_back, token=token)
    with pytest.raises(TooLateToReturn):
        await world.app.program(Kind.COMMAND)(endings.reactivate, slug="acme")


async def test_one_that_is_away_holds_up_no_other_that_left(world: World) -> None:
    globex, job = await world.neighbour(), world.app.program(Kind.JOB)
    for slug in ("acme", "globex"):
        await world.app.program(Kind.COMMAND)(endings.terminate, slug=slug)
        world.clock.move(timedelta(minutes=1))
    await world.app.refresh()
    # Behind a door that is not there.
    doors = {world.acme.id: world.app.program(Kind.JOB, "nobody"), globex.id: globex.program(Kind.JOB)}
    with pytest.raises(SomeMustWait):
        await Leaving(job, doors.get).departures(still_at_it)
    assert [one.id for one in await job(endings.unclosed)] == [world.acme.id]


async def test_owners_are_told_again_14_days_before(world: World) -> None:
    await terminated(world)
    world.clock.set(JULY - timedelta(days=14, seconds=1))
    await departures(world)
    await world.deliver(world.acme)
    told = len(world.relay.sent)
    world.clock.set(JULY - timedelta(days=14))
    await departures(world)
    await departures(world)
    await world.deliver(world.acme)
    assert len(world.relay.sent) == told + 1
    assert b"is erased in 14 days" in world.relay.sent[-1].raw
