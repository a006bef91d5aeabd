"""Staff access to a customer's account, point by point."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

import orm
import rpc
from rpc import Kind
from seldesk.errors import NoAccess, ProofNeeded, Unaudited
from seldesk.jobs.accesses import sweep
from seldesk.methods.console import ops_access, ops_staff, staff_self
from seldesk.methods.control import operator_log
from seldesk.methods.control.access_grants import NobodyToTell
from seldesk.methods.desk import (
    audits,
    backups,
    members,
    people,
    personal_data,
    profile,
    requests,
    staff_access,
    tickets,
)
from seldesk.methods.under_access import NotUnderAccess
from tests.access import (
    ANN,
    BO,
    WHY,
    acting,
    allowed,
    come_in,
    inside,
    kept_signed_in,
    link,
    person,
    ticket,
    told,
    told_at,
    without_acting,
)
from tests.faults import superuser
from tests.jobs.departing import nothing
from tests.mailed import signed_in
from tests.staff import hired
from tests.world import CLEO, PASSWORD, World


async def swept(world: World) -> None:
    await sweep(world.app.program(Kind.JOB), world.app.job, nothing)


OF_A_PERSON = ("secret.sessions", "app.seen", "app.drafts")
OVER = "SELECT ended FROM control.accesses ORDER BY id"


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


@pytest.mark.asvs("V8.4.1")
async def test_2_access_needs_an_open_grant_and_ends_with_it(world: World) -> None:
    mara, number = await hired(world, "support"), await ticket(world)
    with pytest.raises(NoAccess):
        await link(world, mara, number)
    with pytest.raises(NobodyToTell):
        await (await world.acme.signed_in("bo"))(staff_access.turn_on, span="hour")
    for never in ("year", "for ever", ""):
        with pytest.raises(rpc.Invalid):
            await allowed(world, never)
    bo = await allowed(world, "hour")
    her = await come_in(world, mara, number)
    assert (await her.call(tickets.read, number=number)).number == number
    await bo(staff_access.turn_off)
    with pytest.raises(rpc.Unauthenticated):
        await her.call(tickets.read, number=number)
    await bo(staff_access.turn_on, span="hour")
    with pytest.raises(rpc.Unauthenticated):
        await her.call(tickets.read, number=number)
    her = await come_in(world, mara, number)
    await kept_signed_in(her, timedelta(minutes=55))
    world.clock.move(timedelta(minutes=6))
    with pytest.raises(rpc.Unauthenticated):
        await her.call(tickets.list)
    acts = [one.method for one in (await bo(audits.page, kind="access")).items]
    assert acts.count("staff_access.turn_on") == 2
    assert "staff_access.refused" in acts


async def test_2_two_of_the_staff_break_the_glass_and_the_primary_address_is_told(world: World) -> None:
    mara, number = await hired(world, "support"), await ticket(world)
    otto = await hired(world, "security", "support", email="otto@operator.example")
    sara = await hired(world, "security", email="sara@operator.example")
    asked = await otto.call(ops_access.ask, slug="acme", reason="The helpdesk is down since nine")
    waiting = await told(world, sara.email)
    assert "Otto asks to come into acme without its owner, in an emergency." in waiting
    assert "/customers/acme/access" in waiting
    assert "down since nine" not in waiting, "a reason may speak of the customer, and stands at the console"
    for other in (otto.email, mara.email):
        assert "waits for your approval" not in await told(world, other)
    with pytest.raises(NoAccess):
        await mara.call(ops_access.ask, slug="acme", reason="short")
    with pytest.raises(rpc.Forbidden):
        await mara.call(ops_access.approve, slug="acme", grant=asked)
    with pytest.raises(rpc.Forbidden):
        await otto.call(ops_access.approve, slug="acme", grant=asked)
    with pytest.raises(NoAccess):
        await link(world, mara, number)
    with pytest.raises(NoAccess):  # nobody could be told
        await sara.call(ops_access.approve, slug="acme", grant=asked)
    await told_at(world, BO)
    await sara.call(ops_access.approve, slug="acme", grant=asked)
    mail = await told(world, BO)
    assert "The helpdesk is down since nine" in mail
    assert "Otto of Seldesk" in mail
    for looks_after_security in (otto.email, sara.email):
        used = await told(world, looks_after_security)
        assert "without its consent: acme, in an emergency, by Otto and Sara." in used
    assert await link(world, mara, number)
    world.clock.move(timedelta(minutes=61))
    with pytest.raises(rpc.Error):
        await link(world, mara, number)
    bo = await world.acme.signed_in("bo")
    assert "staff_access.allowed" in [one.method for one in (await bo(audits.page, kind="access")).items]


@pytest.mark.asvs("V7.5.1")
async def test_3_a_start_takes_a_fresh_proof_a_reason_a_ticket_and_a_subject(world: World) -> None:
    mara, number = await hired(world, "support"), await ticket(world)
    bo = await allowed(world)
    typed: dict[str, Any] = {"slug": "acme", "reason": WHY, "ticket": str(number), "subject": ANN}
    for wrong in ({"reason": "x" * 19}, {"ticket": "999"}, {"ticket": "none"}, {"subject": ""}):
        with pytest.raises(NoAccess) as refused:
            await mara.call(ops_access.start, **{**typed, **wrong})
        assert (refused.value.status, list(refused.value.fields)) == (403, list(wrong))
    billing = await hired(world, "billing", email="billa@operator.example")
    with pytest.raises(rpc.Forbidden):
        await billing.call(ops_access.start, **typed)
    world.clock.move(timedelta(minutes=6))
    with pytest.raises(ProofNeeded):
        await mara.call(ops_access.start, **typed)
    by = "SELECT s.name FROM control.operator_log o JOIN control.staff s ON s.id = o.staff_id"
    denied = await world.control_rows(f"{by} WHERE o.kind = 'denied' ORDER BY o.number")
    assert denied[-2:] == ["Billa", "Mara"]
    assert await world.control_rows("SELECT 1 FROM control.accesses WHERE opened_at IS NOT NULL") == []
    refusals = (await bo(audits.page, kind="access")).items
    assert [one.outcome for one in refusals[:6]] == ["denied"] * 6
    tried = [one.facts or {} for one in refusals[:2]]
    assert [(facts["staff"], facts["why"]) for facts in tried] == [("Mara", "proof"), ("Billa", "role")]


@pytest.mark.asvs("V7.2.1")
async def test_4_the_link_is_good_once_and_for_a_minute_and_leaves_the_subject_as_it_was(world: World) -> None:
    number = await ticket(world)
    ann = await world.acme.signed_in("ann")
    await ann(tickets.list)
    hers = str(await person(world, ANN))

    async def as_it_is() -> list[list[str]]:
        of = [f"SELECT r::text FROM {one} r WHERE person_id = '{hers}' ORDER BY 1" for one in OF_A_PERSON]  # noqa: S608
        return [await world.rows(world.acme, statement) for statement in of]

    before = await as_it_is()
    await allowed(world)
    mara = await hired(world, "support")
    late = await link(world, mara, number)
    world.clock.move(timedelta(seconds=61))
    door = world.acme.calling(Kind.ANONYMOUS, "")
    with pytest.raises(rpc.NotFound):
        await door(staff_access.begin, token=late)
    secret = await link(world, mara, number, why="Ann has found the mails, but not all")
    shown = await door(staff_access.offered, token=secret)
    assert (shown.staff, shown.subject, shown.scope) == ("Mara", "Ann", "read")
    token = (await door(staff_access.begin, token=secret)).token
    for used in (secret, token):
        with pytest.raises(rpc.NotFound):
            await door(staff_access.begin, token=used)
    kept = "".join(await world.control_rows("SELECT a::text FROM control.accesses a"))
    assert secret not in kept
    assert token not in kept
    her = acting(world, token)
    page = await her(tickets.page, number=number)
    assert page.desk.me.name == "Ann"
    neighbour = await world.neighbour()
    with pytest.raises(rpc.Unauthenticated):
        await acting(world, token, neighbour.slug)(tickets.list)
    assert await as_it_is() == before


@pytest.mark.flaw("Odoo CVE-2021-44460")
@pytest.mark.asvs("V7.3.1", "V7.3.2", "V7.4.2")
async def test_5_it_ends_by_time_and_with_whatever_it_hangs_on(world: World) -> None:
    mara, number = await hired(world, "support"), await ticket(world)
    boss = await hired(world, "security", email="sara@operator.example")
    bo = await allowed(world)
    mara_id = next(one.id for one in (await boss.call(ops_staff.page)).staff if one.email == mara.email)

    async def over(her: rpc.Call) -> bool:
        try:
            await her(tickets.list)
        except rpc.Unauthenticated:
            return True
        return False

    her = await come_in(world, mara, number)
    await kept_signed_in(her, timedelta(minutes=14), timedelta(minutes=14))
    world.clock.move(timedelta(minutes=15))
    assert await over(her.call), "15 minutes without a call"
    await swept(world)
    for end in ("role", "person", "staff session", "account"):
        world.clock.move(timedelta(seconds=30))
        await mara.prove()
        await boss.prove()
        her = await come_in(world, mara, number, why=f"To see what happens: {end} ends")
        assert not await over(her.call)
        match end:
            case "role":
                await boss.call(ops_staff.choose_roles, staff=mara_id, roles=["billing"])
            case "person":
                await bo(members.disable, person=await person(world, ANN))
            case "staff session":
                await mara.call(staff_self.sign_out)
            case "account":
                await boss.call(ops_staff.disable, staff=mara_id)
        assert await over(her.call), end
        await swept(world)
        match end:
            case "role":
                await boss.call(ops_staff.choose_roles, staff=mara_id, roles=["support"])
            case "person":
                await bo(members.enable, person=await person(world, ANN))
            case "staff session":
                world.clock.move(timedelta(minutes=1))
                mara.token = (await mara.sign_in(mara.code())).token or ""
    assert await world.control_rows(OVER) == ["idle", "staff", "subject", "staff", "staff"]


async def test_5_an_hour_is_the_longest_and_nothing_renews_it(world: World) -> None:
    her = await inside(world)
    await kept_signed_in(her, timedelta(minutes=59))
    world.clock.move(timedelta(minutes=1, seconds=1))
    with pytest.raises(rpc.Unauthenticated):
        await her.call(tickets.list)
    await swept(world)
    assert await world.control_rows(OVER) == ["over"]


async def test_6_never_somebody_of_staff_disabled_unproved_or_elsewhere_and_never_twice(world: World) -> None:
    mara, number = await hired(world, "support"), await ticket(world)
    bo = await allowed(world)
    iris = await bo(members.invite, email="iris@acme.example", name="Iris", role="agent")
    await bo(members.invite, email=mara.email, name="Mara", role="agent")
    neighbour = await world.neighbour()
    await bo(members.disable, person=await person(world, ANN))
    elsewhere = (await world.rows(neighbour, "SELECT id FROM app.people WHERE name = 'Ann'"))[0]
    unfit = [
        CLEO,
        "iris@acme.example",
        str(iris),
        mara.email,
        ANN,
        "ann@globex.example",
        elsewhere,
        str(uuid4()),
        "' OR 1",
    ]
    for subject in unfit:
        with pytest.raises(NoAccess) as refused:
            await link(world, mara, number, subject=subject)
        assert list(refused.value.fields) == ["subject"], subject
    await come_in(world, mara, number, subject=BO)
    with pytest.raises(NoAccess, match="in an account already"):
        await link(world, mara, number, subject=BO)


@pytest.mark.flaw("Odoo CVE-2018-14885")
async def test_6_of_two_that_are_asked_for_at_once_one_is_opened(world: World) -> None:
    mara, number = await hired(world, "support"), await ticket(world)
    await allowed(world)
    both = await asyncio.gather(*(link(world, mara, number) for _ in range(2)), return_exceptions=True)
    assert [type(one) for one in both if not isinstance(one, str)] == [NoAccess]
    assert await world.control_rows("SELECT count(*) FROM control.accesses WHERE ended_at IS NULL") == ["1"]


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


@pytest.mark.asvs("V16.3.1", "V16.3.2")
async def test_10_every_call_is_an_attempt_and_an_outcome_on_both_sides(world: World) -> None:
    her = await inside(world)
    for _ in range(5):
        await her.call(tickets.read, number=her.number)
    with pytest.raises(rpc.NotFound):
        await her.call(tickets.read, number=999)
    bo = await world.acme.signed_in("bo")
    written = [one for one in (await bo(audits.page, kind="access")).items if one.method == "tickets.read"]
    outcomes = [one.outcome for one in reversed(written)]
    assert outcomes == ["attempt", "done"] * 5 + ["attempt", "failed"]
    attempt = written[-1]
    assert (attempt.actor, attempt.objects["number"]) == ("Ann", str(her.number))
    assert attempt.on_behalf_by is not None
    assert attempt.facts == {"staff": "Mara", "reason": WHY, "address": "198.51.100.7"}
    logged = "SELECT outcome FROM control.operator_log WHERE kind = 'access call' ORDER BY id"
    assert await world.control_rows(logged) == outcomes
    assert "printer" not in str(await world.control_rows("SELECT o::text FROM control.operator_log o"))
    checked = await bo(audits.verify)
    assert (checked.number, checked.left) == (None, False)


async def test_10_each_row_that_the_owner_downloads_names_both(world: World) -> None:
    her = await inside(world)
    await her.call(tickets.read, number=her.number)
    await kept_signed_in(her, timedelta(minutes=59))
    world.clock.move(timedelta(minutes=2))
    await swept(world)
    bo = await world.acme.signed_in("bo")
    key = await bo(audits.begin)
    lines = [one for one in await bo(audits.lines, key=key) if one.on_behalf_by]
    assert {one.method for one in lines} == {
        "staff_access.request",
        "staff_access.begin",
        "tickets.read",
        "tickets.list",
        "staff_access.ended",
    }
    assert {one.outcome for one in lines if one.method == "tickets.read"} == {"attempt", "done"}
    for line in lines:
        assert ((line.facts or {})["staff"], line.actor or line.person) == ("Mara", "Ann"), line.method


@pytest.mark.long
async def test_10_a_thousand_calls_make_a_thousand_attempts_and_outcomes(world: World) -> None:
    """Several at once, as browsers send them."""
    her = await inside(world)

    async def some() -> None:
        for _ in range(250):
            await her.call(tickets.read, number=her.number)

    await asyncio.gather(*(some() for _ in range(4)))
    counted = "SELECT count(*) FROM {} WHERE {} GROUP BY outcome ORDER BY outcome"
    audit = counted.format("log.audit", "method = 'tickets.read'")
    assert await world.rows(world.acme, audit) == ["1000", "1000"]
    log = counted.format("control.operator_log", "kind = 'access call'")
    assert await world.control_rows(log) == ["1000", "1000"]
    bo = await world.acme.signed_in("bo")
    assert (await bo(audits.verify)).number is None


@pytest.mark.asvs("V16.5.3")
async def test_10_no_answer_leaves_that_was_not_written_down(world: World) -> None:
    her = await inside(world, scope="write")
    async with superuser(world.server, world.acme.database) as connection:
        await connection.execute(f"REVOKE INSERT ON log.audit FROM {world.acme.database}")
        with pytest.raises(Unaudited):
            await her.call(tickets.note, number=her.number, body="unseen")
        await connection.execute(f"GRANT INSERT ON log.audit TO {world.acme.database}")
        # The attempt is written, and what became of it cannot be.
        await connection.execute(
            "ALTER TABLE log.audit ADD CONSTRAINT attempts CHECK (kind <> 'access' OR outcome = 'attempt') NOT VALID"
        )
        with pytest.raises(Unaudited) as refused:
            await her.call(tickets.read, number=her.number)
        await connection.execute("ALTER TABLE log.audit DROP CONSTRAINT attempts")
    assert refused.value.status == 503
    assert await world.rows(world.acme, "SELECT text FROM app.messages WHERE text = 'unseen'") == []


@pytest.mark.asvs("V16.5.3")
async def test_10_no_answer_leaves_that_the_operators_log_does_not_tell_of(world: World) -> None:
    """At the attempt nothing is done; at the outcome what was done stays, and the answer does not leave."""
    her = await inside(world, scope="write")
    log, notes = "control.operator_log", "SELECT text FROM app.messages WHERE kind = 'note'"
    tried = "SELECT outcome FROM log.audit WHERE method = 'tickets.note' ORDER BY number"
    async with superuser(world.server, world.app.settings.database.control) as connection:
        await connection.execute(f"REVOKE INSERT ON {log} FROM seldesk_control")
        with pytest.raises(Unaudited):
            await her.call(tickets.note, number=her.number, body="unseen")
        await connection.execute(f"GRANT INSERT ON {log} TO seldesk_control")
        assert await world.rows(world.acme, f"{notes} UNION ALL {tried.partition(' ORDER')[0]}") == []
        only = "CHECK (kind <> 'access call' OR outcome = 'attempt') NOT VALID"
        await connection.execute(f"ALTER TABLE {log} ADD CONSTRAINT attempts {only}")
        with pytest.raises(Unaudited) as refused:
            await her.call(tickets.note, number=her.number, body="half seen")
        await connection.execute(f"ALTER TABLE {log} DROP CONSTRAINT attempts")
    assert refused.value.status == 503
    assert (await world.rows(world.acme, tried), await world.rows(world.acme, notes)) == (
        ["attempt", "done"],
        ["half seen"],
    )
    logged = "SELECT outcome FROM control.operator_log WHERE kind = 'access call' ORDER BY number"
    assert await world.control_rows(logged) == ["attempt"]


async def test_10_what_the_customers_audit_could_not_be_told_of_is_no_call(world: World) -> None:
    her = await inside(world)
    await her.call(tickets.read, number=her.number)
    async with superuser(world.server, world.acme.database) as connection:
        await connection.execute(f"REVOKE INSERT ON log.audit FROM {world.acme.database}")
        with pytest.raises(Unaudited):
            await her.call(tickets.read, number=her.number)
        await connection.execute(f"GRANT INSERT ON log.audit TO {world.acme.database}")
    logged = "SELECT outcome FROM control.operator_log WHERE kind = 'access call' ORDER BY number"
    assert await world.control_rows(logged) == ["attempt", "done", "attempt", "failed"]
    assert await world.control_rows("SELECT calls FROM control.accesses") == ["1"]


async def test_10_the_operators_chain_says_which_method_on_what_for_whom_and_beside_it_why(world: World) -> None:
    her = await inside(world)
    await her.call(tickets.read, number=her.number)
    told = {"number": str(her.number), "method": "tickets.read", "subject": str(await person(world, ANN))}
    found = await world.control_rows("SELECT objects FROM control.operator_log WHERE kind = 'access call'")
    assert [json.loads(one) for one in found] == [told, told]
    why = "SELECT facts->>'reason' FROM control.operator_log JOIN control.operator_facts ON entry_id = id"
    assert await world.control_rows(f"{why} WHERE kind = 'access call' AND outcome = 'attempt'") == [WHY]
    changed = "UPDATE control.operator_log SET objects = objects || '{\"number\": \"2\"}' WHERE kind = 'access call'"
    async with superuser(world.server, world.app.settings.database.control) as connection:
        await connection.execute(changed)
    assert (await world.app.program(Kind.JOB)(operator_log.walk)).wrong == "changed"


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


async def test_15_for_an_authority_one_reads_with_its_reference_and_the_owner_is_told(world: World) -> None:
    mara, number = await hired(world, "support"), await ticket(world)
    sara = await hired(world, "security", email="sara@operator.example")
    await told_at(world, BO)
    reference = "Amtsgericht Frankfurt, 931 Gs 12/26"
    asked = await mara.call(
        ops_access.ask, slug="acme", reason="Disclosure of one ticket to the court", legal_reference=reference
    )
    await sara.call(ops_access.approve, slug="acme", grant=asked)
    with pytest.raises(NoAccess) as refused:
        await link(world, mara, number, scope="write")
    assert list(refused.value.fields) == ["scope"]
    her = await come_in(world, mara, number)
    assert (await her.call(tickets.read, number=number)).number == number
    bo = await world.acme.signed_in("bo")
    assert [one.legal_reference for one in (await bo(staff_access.page)).visits] == [reference]
    assert reference in await told(world, BO)


async def test_a_request_whose_process_died_is_closed_and_opens_nothing(world: World) -> None:
    """As if it had died between the customer's audit and the control database."""
    mara, number = await hired(world, "support"), await ticket(world)
    await allowed(world)
    await link(world, mara, number)
    await world.control_rows("UPDATE control.accesses SET opened_at = NULL, fingerprint = NULL RETURNING 1")
    world.clock.move(timedelta(minutes=2))
    await swept(world)
    assert await world.control_rows(OVER) == ["unopened"]
    bo = await world.acme.signed_in("bo")
    assert (await bo(audits.page, kind="access")).items[0].method == "staff_access.ended"
