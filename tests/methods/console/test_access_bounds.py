"""What an access does not reach: what the person keeps for themselves, and who the customer's people are."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import rpc
from orm.testing import Server
from seldesk.errors import NotUnderAccess
from seldesk.methods.desk import attachments, drafts, tickets
from tests.access import inside
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
