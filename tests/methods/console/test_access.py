"""How staff come into a customer's account: what a start takes, and whom it never leads to."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

import rpc
from rpc import Kind
from seldesk.errors import NoAccess, ProofNeeded
from seldesk.methods.console import ops_access
from seldesk.methods.control.access_grants import NobodyToTell
from seldesk.methods.desk import audits, members, staff_access, tickets
from tests.access import ANN, BO, WHY, acting, allowed, come_in, kept_signed_in, link, person, ticket
from tests.staff import hired
from tests.world import CLEO, World

OF_A_PERSON = ("secret.sessions", "app.seen", "app.drafts")


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
