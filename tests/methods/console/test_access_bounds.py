"""What an access does not reach: what the person keeps for themselves, and who the customer's people are."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import orm
import rpc
from orm.testing import Server
from seldesk.methods.desk import attachments, audits, backups, drafts, people, profile, staff_access, tickets
from seldesk.methods.under_access import NotUnderAccess
from tests.access import BO, acting, inside, without_acting
from tests.faults import superuser
from tests.world import CLEO, PASSWORD, World
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


async def test_1_staff_have_no_row_and_read_no_password_of_the_customer(world: World) -> None:
    people_before = await world.rows(world.acme, "SELECT p::text FROM app.people p ORDER BY id")
    with orm.StatementCounter() as counter:
        mara = await inside(world)
        seen = len(counter.statements)
        await mara.call(tickets.queue)
    assert not any("verifiers" in one for one in counter.statements[seen:])
    after = await world.rows(world.acme, "SELECT p::text FROM app.people p WHERE role <> 'requester' ORDER BY id")
    assert after == people_before
    with pytest.raises(rpc.Unauthenticated):
        await world.app.dispatcher.calling(without_acting(mara.call))(tickets.queue)
    with pytest.raises(rpc.Unauthenticated):
        await acting(world, mara.mara.token)(tickets.queue)


async def test_7_what_is_the_persons_own_is_refused_before_it_is_begun(world: World) -> None:
    her = await inside(world, subject=BO, scope="write")
    before = await world.control_rows("SELECT count(*) FROM control.leases")
    for method, arguments in (
        (backups.ask, {}),
        (backups.download, {"password": PASSWORD}),
        (profile.change_password, {"current": PASSWORD, "password": "another long one"}),
        (audits.page, {}),
        (staff_access.turn_on, {"span": "week"}),
        (people.sessions, {}),
    ):
        with pytest.raises(NotUnderAccess):
            await her.call(method, **arguments)
    with pytest.raises(rpc.MethodNotFound):
        await world.app.dispatcher.answer(her.call.credential, "restores.ask", {})
    assert await world.control_rows("SELECT count(*) FROM control.leases") == before
    bo = await world.acme.signed_in("bo")
    refused = [one for one in (await bo(audits.page, kind="access")).items if one.outcome == "denied"]
    assert {one.method for one in refused} >= {"backups.ask", "profile.change_password", "audits.page"}


@pytest.mark.asvs("V13.2.2")
async def test_8_reading_only_is_a_role_of_the_database(world: World) -> None:
    her = await inside(world)
    with pytest.raises(NotUnderAccess):
        await her.call(tickets.reply, number=her.number, body="Hello")
    with orm.StatementCounter() as counter:
        await her.call(tickets.page, number=her.number)
    assert not any("seen" in one and "insert" in one.lower() for one in counter.statements)
    async with superuser(world.server, world.acme.database) as connection:
        using = f"SELECT usename FROM pg_stat_activity WHERE datname = '{world.acme.database}'"  # noqa: S608 - ours
        roles = {row[0] for row in await connection.fetch(using)}
    assert f"ro_{world.acme.database}" in roles
