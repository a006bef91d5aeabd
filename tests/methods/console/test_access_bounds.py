"""What an access does not reach: what the person keeps for themselves, and who the customer's people are."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

import rpc
from orm.testing import Server
from rpc import Kind
from seldesk.jobs.accesses import sweep
from seldesk.methods.desk import attachments, drafts, members, staff_access, tickets
from seldesk.methods.under_access import NotUnderAccess
from tests.access import ANN, BO, Inside, inside, kept_signed_in, person, told
from tests.jobs.departing import nothing
from tests.world import CLEO, World
from tests.world import world as made

SECRET = "zebra"
DRAFTS = "SELECT d::text FROM app.drafts d UNION ALL SELECT f::text FROM app.draft_files f"


@pytest.fixture
async def patient(cluster: tuple[Server, Path]) -> AsyncIterator[World]:
    """A world in which a reply leaves ten seconds after it was sent."""
    async with made(*cluster, SELDESK_UNDO_SECONDS="10") as one:
        yield one


async def test_a_draft_stays_the_persons_own(patient: World) -> None:
    """It is not shown, its file is neither opened nor sent, and a reply leaves it as it is."""
    her = await inside(patient, scope="write")
    ann, number = await patient.acme.signed_in("ann"), her.number
    file = rpc.Upload(name="plan.txt", type="text/plain", content=b"zebra plan")
    sent = await ann(tickets.reply, number=number, body="A letter", files=[file])
    await ann(tickets.take_back, number=number, message=sent.id)
    await ann(drafts.keep, number=number, body=SECRET, to=f"{SECRET}@cleo.example")
    kept = (await ann(tickets.page, number=number)).draft
    assert kept is not None
    before = await patient.rows(patient.acme, DRAFTS)
    assert (len(before), len(kept.files)) == (2, 1)
    page = await her.call(tickets.page, number=number)
    assert page.draft is None
    assert SECRET not in repr(page)
    for refused in (her.call(drafts.keep, number=number, body="mine"), her.call(drafts.keep, number=number)):
        with pytest.raises(NotUnderAccess):
            await refused
    with pytest.raises(rpc.NotFound):
        await her.call(attachments.link, attachment=kept.files[0].id)
    for write in (tickets.reply, tickets.note):
        await her.call(write, number=number, body="We look into it.", kept=[kept.files[0].id])
    assert await patient.rows(patient.acme, DRAFTS) == before
    assert await patient.rows(patient.acme, "SELECT name FROM app.attachments") == []
    assert (await ann(tickets.page, number=number)).draft == kept


async def test_what_staff_sent_is_for_its_person_to_take_back(patient: World) -> None:
    her = await inside(patient, scope="write")
    await her.call(tickets.reply, number=her.number, body="We look into it.")
    shown = await her.call(tickets.page, number=her.number)
    assert [one.undo_until for one in shown.messages] == [None, None]


async def test_a_ticket_is_opened_for_who_is_known(world: World) -> None:
    her = await inside(world, scope="write")
    before = await world.rows(world.acme, "SELECT p::text FROM app.people p ORDER BY id")
    with pytest.raises(rpc.Invalid) as refused:
        await her.call(tickets.open, subject="New", body="Hello", requester_email="new@cleo.example")
    assert list(refused.value.fields) == ["requester_email"]
    assert await world.rows(world.acme, "SELECT p::text FROM app.people p ORDER BY id") == before
    opened = await her.call(tickets.open, subject="New", body="Hello", requester_email=CLEO.upper())
    assert (await her.call(tickets.read, number=opened.number)).requester.email == CLEO


async def test_it_ends_with_its_person_also_if_they_are_taken_back_at_once(world: World) -> None:
    her = await inside(world)
    await her.call(tickets.list)
    bo, ann = await world.acme.signed_in("bo"), await person(world, ANN)
    await bo(members.disable, person=ann)
    await bo(members.enable, person=ann)
    with pytest.raises(rpc.Unauthenticated):
        await her.call(tickets.list)
    assert (await _seen_by_the_owner(her))[1:] == ("subject", "09:00")
    assert "is not active any more" in await told(world, BO)


@pytest.mark.parametrize(("how", "ended"), [("idle", "09:22"), ("over", "10:00"), ("grant", "09:07")])
async def test_the_owner_is_told_when_it_ended_and_not_when_somebody_looked(world: World, how: str, ended: str) -> None:
    her = await inside(world)
    match how:
        case "idle":
            await kept_signed_in(her, timedelta(minutes=7), timedelta(minutes=7))
        case "over":
            await kept_signed_in(her, timedelta(minutes=55))
            world.clock.move(timedelta(minutes=4))
            await her.call(tickets.list)
        case "grant":
            world.clock.move(timedelta(minutes=7))
            await (await world.acme.signed_in("bo"))(staff_access.turn_off)
    world.clock.move(timedelta(hours=3))
    assert await _seen_by_the_owner(her) == ("09:00", how, ended)
    assert f"from 09:00 to {ended} UTC" in await told(world, BO)


async def _seen_by_the_owner(her: Inside) -> tuple[str, str, str]:
    """When it began, how and when it ended, once the sweep has looked."""
    await sweep(her.world.app.program(Kind.JOB), her.world.app.job, nothing)
    bo = await her.world.acme.signed_in("bo")
    (visit,) = (await bo(staff_access.page)).visits
    assert visit.started_at is not None
    assert visit.ended_at is not None
    return f"{visit.started_at:%H:%M}", visit.ended, f"{visit.ended_at:%H:%M}"
