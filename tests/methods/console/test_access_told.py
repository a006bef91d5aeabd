"""Who is told what staff did in a customer's account: those who read it, its owner, and the operator."""

from datetime import timedelta
from uuid import uuid4

import pytest

import rpc
from seldesk.methods.desk import audits, personal_data, profile, requests, staff_access, tickets
from seldesk.methods.under_access import NotUnderAccess
from tests.access import ANN, BO, WHY, allowed, inside, link, person, ticket, told
from tests.mailed import signed_in
from tests.staff import hired
from tests.world import CLEO, World


async def test_9_rows_and_mails_name_both(world: World) -> None:
    her = await inside(world, scope="write")
    await her.call(tickets.reply, number=her.number, body="We look into it.")
    by = (await world.control_rows("SELECT id FROM control.staff WHERE name = 'Mara'"))[0]
    ann = str(await person(world, ANN))
    written = "SELECT actor_id || ' ' || on_behalf_by FROM log.events WHERE kind = 'replied'"
    assert await world.rows(world.acme, written) == [f"{ann} {by}"]
    said = "SELECT author_id || ' ' || on_behalf_by FROM app.messages WHERE side = 'agent'"
    assert await world.rows(world.acme, said) == [f"{ann} {by}"]
    await world.deliver(world.acme)
    assert "Support staff on behalf of Ann" in await told(world, CLEO)


async def test_9_who_works_there_sees_that_staff_wrote_and_requesters_see_the_customer(world: World) -> None:
    her = await inside(world, scope="write")
    await her.call(tickets.reply, number=her.number, body="We look into it.")
    await her.call(tickets.note, number=her.number, body="@Bo, look at the logs.")
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    await ann(tickets.update, number=her.number, priority="high")
    page = await ann(tickets.page, number=her.number)
    assert [(one.author, one.by_staff) for one in page.messages] == [("cleo", False), ("Ann", True), ("Ann", True)]
    done = {one.kind: (one.actor, one.by_staff) for one in page.events}
    assert (done["opened"], done["status"], done["priority"]) == (("Ann", False), ("Ann", True), ("Ann", False))
    world.clock.move(timedelta(minutes=2))
    await world.deliver(world.acme)
    assert "Support staff on behalf of Ann mentioned you" in await told(world, BO)
    cleo = await signed_in(world)
    shown, (row,) = await cleo(requests.read, number=her.number), (await cleo(requests.list)).items
    begun = await bo(personal_data.begin, person=await person(world, CLEO))
    copy = await bo(personal_data.messages, person=begun.person.id, key=begun.key)
    for said in (shown.messages[-1], row.last[0]):
        assert (said.author, said.side, said.by_staff) == ("Acme Support", "agent", False)
    assert [one.author for one in copy] == ["cleo", "Acme Support"]


async def test_13_the_owner_sees_who_why_when_and_what_and_is_told_at_the_end(world: World) -> None:
    her = await inside(world)
    await her.call(tickets.page, number=her.number)
    with pytest.raises(NotUnderAccess):
        await her.call(profile.page)
    bo = await world.acme.signed_in("bo")
    shown = await bo(staff_access.page)
    (visit,) = shown.visits
    assert (visit.staff, visit.reason, visit.ticket, visit.running, visit.calls) == ("Mara", WHY, her.number, True, 2)
    assert shown.names[visit.subject or uuid4()] == "Ann"
    await her.call(staff_access.stop)
    with pytest.raises(rpc.Unauthenticated):
        await her.call(tickets.list)
    read = await bo(staff_access.read, access=visit.id)
    assert [(one.method, one.outcome) for one in reversed(read.calls)] == [
        ("tickets.page", "done"),
        ("profile.page", "denied"),
        ("staff_access.stop", "done"),
    ]
    mail = await told(world, BO)
    assert WHY in mail
    assert "asked for 3 pages and actions. They ended it." in mail
    lines = await bo(audits.lines, key=await bo(audits.begin))
    assert [one.method for one in lines if one.on_behalf_by][:2] == ["staff_access.request", "staff_access.begin"]
    with pytest.raises(rpc.NotFound):
        await bo(staff_access.read, access=uuid4())


async def test_13_nothing_of_it_is_left_out_however_much_it_was(world: World) -> None:
    her = await inside(world)
    bo = await world.acme.signed_in("bo")
    (visit,) = (await bo(staff_access.page)).visits
    for _ in range(203):
        await her.call(tickets.read, number=her.number)
    first = await bo(staff_access.read, access=visit.id)
    rest = await bo(staff_access.read, access=visit.id, cursor=first.next)
    assert (len(first.calls), len(rest.calls), rest.next) == (200, 3, None)
    assert {one.outcome for one in (*first.calls, *rest.calls)} == {"done"}
    assert (await bo(staff_access.read, access=visit.id, cursor=rest.previous)).calls == first.calls
    # As if she had come sixty times before.
    columns = "grant_id, customer_id, staff_id, session_id, ticket, scope, reason, requested_at, until, calls, ended"
    before = f"SELECT gen_random_uuid(), opened_at, {columns} FROM control.accesses, generate_series(1, 60)"  # noqa: S608
    await world.control_rows(f"INSERT INTO control.accesses (id, opened_at, {columns}) {before} RETURNING 1")
    newest = await bo(staff_access.page)
    older = await bo(staff_access.page, cursor=newest.next)
    assert (len(newest.visits), len(older.visits), older.next) == (50, 11, None)
    for one in (newest.visits[0], older.visits[-1]):
        assert (await bo(staff_access.read, access=one.id)).visit.id == one.id


async def test_14_many_starts_and_a_reason_that_comes_again_raise_an_alert(world: World) -> None:
    mara, number = await hired(world, "support"), await ticket(world)
    await allowed(world)
    for why in ("first", "second", "third"):
        await link(world, mara, number, why=f"The {why} mail of Tuesday is missing")
        world.clock.move(timedelta(seconds=70))
    found = "SELECT detail FROM control.alerts WHERE \"check\" = 'access' ORDER BY detail"
    assert await world.control_rows(found) == []
    await link(world, mara, number, why="the FIRST mail of Tuesday is missing!")
    often, again = sorted(await world.control_rows(found), reverse=True)
    assert again.startswith("Gave a reason that was given before")
    assert often.startswith("More than 3 accesses within an hour")
