"""How staff access to a customer's account ends."""

from datetime import timedelta

import pytest

import rpc
from seldesk.methods.console import ops_staff, staff_self
from seldesk.methods.desk import audits, members, staff_access, tickets
from tests.access import ANN, BO, Inside, allowed, come_in, inside, kept_signed_in, link, person, swept, ticket, told
from tests.staff import hired
from tests.world import World

OVER = "SELECT ended FROM control.accesses ORDER BY id"


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
    await swept(her.world)
    bo = await her.world.acme.signed_in("bo")
    (visit,) = (await bo(staff_access.page)).visits
    assert visit.started_at is not None
    assert visit.ended_at is not None
    return f"{visit.started_at:%H:%M}", visit.ended, f"{visit.ended_at:%H:%M}"
