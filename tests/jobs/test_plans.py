"""What a plan is for: a trial that ends, and storage that fills."""

from datetime import timedelta

import pytest

import rpc
from orm import StatementCounter
from rpc import Kind, Upload
from seldesk.errors import NotLikeThis
from seldesk.jobs.measuring import measure
from seldesk.jobs.plans import Plans
from seldesk.methods.admission import CustomerSuspended
from seldesk.methods.control import customers, endings, plan_limits
from seldesk.methods.control.customers import CustomerRow
from seldesk.methods.desk import account, people, plans, tickets
from seldesk.models.desk.storing import NoRoomOnPlan, StorageFull
from tests.faults import superuser
from tests.world import MONDAY, World, mail

DAY = timedelta(days=1)
GIGABYTE = 2**30
FILE = Upload(name="log.txt", type="text/plain", content=b"it smokes")


async def still_at_it() -> None:
    """Nobody else is there."""


async def a_day(world: World, days: int = 1) -> list[str]:
    """Day after day; answers the subjects of what owners were mailed meanwhile."""
    job, before = world.app.program(Kind.JOB), len(world.relay.sent)
    for _ in range(days):
        world.clock.move(DAY)
        await Plans(job, world.app.job, world.clock.now).look(still_at_it)
        await world.app.refresh()
        world.clock.move(timedelta(minutes=3))
        await world.deliver(world.acme)
        world.clock.move(-timedelta(minutes=3))
    subjects = [subject_of(one.raw) for one in world.relay.sent[before:]]
    return [one for one in subjects if "Acme Support" in one]


def subject_of(raw: bytes) -> str:
    return raw.partition(b"Subject: ")[2].partition(b"\r\n")[0].decode()


async def row(world: World) -> CustomerRow:
    return await world.app.program(Kind.COMMAND)(customers.read, slug="acme")


async def keeps(world: World, size: int) -> None:
    """As if so much had been sent to Acme by mail."""
    await world.acme.mail(mail(files={"log.txt": b"it smokes"}))
    async with superuser(world.server, world.acme.database) as connection:
        await connection.execute("UPDATE app.attachments SET size = $1", size)
    served = [world.acme.id]
    await measure(world.app.program(Kind.JOB), served, world.app.job, still_at_it)


async def test_a_trial_is_announced_ends_read_only_and_goes_on_with_a_plan(world: World) -> None:
    acme, bo = world.acme, await world.acme.signed_in("bo")
    assert (await row(world)).trial_ends_at == MONDAY + 30 * DAY
    assert (await bo(account.page)).trial_ends_at == MONDAY + 30 * DAY
    assert await a_day(world, 22) == []
    assert await a_day(world, 7) == ["The trial of Acme Support ends on 1 April 2026"]
    number = (await acme.mail(mail())).ticket
    assert number is not None
    assert await a_day(world) == ["The trial of Acme Support is over"]
    assert await a_day(world, 3) == []
    ann = acme.by_token("ann")
    assert (await ann(tickets.read, number=number)).number == number
    with pytest.raises(CustomerSuspended, match=r"ended on 1 April 2026\. An owner opens it again by choosing a plan"):
        await ann(tickets.reply, number=number, body="Hello")
    bo = await acme.signed_in("bo")
    shown = await bo(account.page)
    assert (shown.trial_over, [one.code for one in shown.plans]) == (True, ["free", "education", "paid"])
    with pytest.raises(NotLikeThis, match="choose a plan"):
        await bo(account.resume)
    await bo(plans.choose, plan="education")
    await ann(tickets.reply, number=number, body="Hello")
    assert (await row(world)).state == "active"
    assert await a_day(world, 60) == []


async def test_nobody_is_ended_who_was_not_told_nor_what_the_operator_opened_again(world: World) -> None:
    """Nothing ran for two months; and then the operator is patient."""
    world.clock.move(60 * DAY)
    told = await a_day(world)
    ends_at = (await row(world)).trial_ends_at
    assert ends_at == world.clock.now() + 3 * DAY
    assert told == [f"The trial of Acme Support ends on {ends_at.day} {ends_at:%B %Y}"]
    assert await a_day(world, 2) == []
    assert (await row(world)).state == "active"
    assert await a_day(world) == ["The trial of Acme Support is over"]
    operator = world.app.program(Kind.COMMAND)
    await operator(endings.reactivate, slug="acme")
    assert await a_day(world, 40) == []
    assert (await row(world)).state == "active"
    await operator(plan_limits.change, slug="acme", plan="trial")
    assert (await row(world)).trial_ends_at == world.clock.now() + 30 * DAY


async def test_a_pause_of_its_owner_does_not_outlast_the_trial(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    await bo(account.pause, reason="We move.")
    await a_day(world, 31)
    assert (await row(world)).suspended_by == "trial"


async def test_a_full_storage_refuses_files_in_the_browser_and_never_a_mail(world: World) -> None:
    acme, ann = world.acme, await world.acme.signed_in("ann")
    await keeps(world, 5 * GIGABYTE)
    number = (await acme.mail(mail(message_id="<second@cleo.example>", files={"more.txt": b"still"}))).ticket
    assert number is not None
    for call in (tickets.reply, tickets.note):
        with pytest.raises(StorageFull) as refused:
            await ann(call, number=number, body="See the file", files=[FILE])
        assert "room for 5 GB" in refused.value.fields["files"]
    with StatementCounter() as counter:
        await ann(tickets.reply, number=number, body="Without a file")
    assert not any("sum(" in one for one in counter.statements)
    bo = await acme.signed_in("bo")
    assert (await bo(account.page)).stored > 5 * GIGABYTE
    with pytest.raises(NoRoomOnPlan, match=r"Free has room for 1 GB, and 5\.0 GB are kept"):
        await bo(plans.choose, plan="free")
    await bo(plans.choose, plan="paid")
    await ann(tickets.note, number=number, body="See the file", files=[FILE])


async def test_what_is_kept_is_summed_up_once_in_a_moment_however_much_is_attached(world: World) -> None:
    """Very many rows are long to sum up, and attaching is quick; the moment is shorter where little room is left."""
    ann, globex = await world.acme.signed_in("ann"), await world.neighbour()
    bo = await globex.signed_in("bo")
    number = (await world.acme.mail(mail())).ticket
    there = (await globex.mail(mail())).ticket
    assert number is not None
    assert there is not None

    async def sums(seconds: int) -> int:
        world.clock.move(timedelta(seconds=seconds))
        with StatementCounter() as counter:
            for _ in range(3):
                await ann(tickets.note, number=number, body="See the file", files=[FILE])
        return sum("sum(" in one for one in counter.statements)

    async def filled(size: int) -> None:
        async with superuser(world.server, world.acme.database) as connection:
            each = "UPDATE app.attachments SET size = $1 / (SELECT count(*) FROM app.attachments) + 1"
            await connection.execute(each, size)

    assert [await sums(seconds) for seconds in (0, 59, 1)] == [1, 0, 1]
    await filled(GIGABYTE * 48 // 10)
    assert [await sums(seconds) for seconds in (60, 9, 1)] == [1, 0, 1]
    await filled(GIGABYTE * 5)
    with pytest.raises(StorageFull):
        await sums(10)
    await bo(tickets.note, number=there, body="See the file", files=[FILE])


async def test_owners_are_told_once_when_storage_fills(world: World) -> None:
    await keeps(world, GIGABYTE * 46 // 10)
    assert await a_day(world) == ["The storage of Acme Support is nearly full"]
    assert await a_day(world, 2) == []
    async with superuser(world.server, world.acme.database) as connection:
        await connection.execute("UPDATE app.attachments SET size = $1", 6 * GIGABYTE)
    await measure(world.app.program(Kind.JOB), [world.acme.id], world.app.job, still_at_it)
    assert await a_day(world) == ["The storage of Acme Support is full"]
    assert await a_day(world, 2) == []
    await world.app.program(Kind.COMMAND)(plan_limits.change, slug="acme", plan="paid")
    assert await a_day(world) == []


async def test_what_does_not_fit_into_a_plan_is_not_chosen(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    await world.acme.program(Kind.COMMAND)(people.invite, email="ida@acme.example", name="Ida", role="agent")
    with pytest.raises(NoRoomOnPlan, match="Free is for 2 people who work here"):
        await bo(plans.choose, plan="free")
    with pytest.raises(rpc.Invalid):
        await bo(plans.choose, plan="trial")  # type: ignore[arg-type]  # nobody begins a trial again
    ann = await world.acme.signed_in("ann")
    with pytest.raises((rpc.Forbidden, rpc.MethodNotFound)):
        await ann(plans.choose, plan="paid")
