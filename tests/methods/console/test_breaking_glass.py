"""Break glass takes two people, and two accounts that one of them has in hand are not two."""

from datetime import timedelta

import pytest

import rpc
from seldesk.errors import NoAccess
from seldesk.methods.console import ops_access, ops_staff
from seldesk.methods.console.staff import StaffRole
from seldesk.methods.desk import audits, staff_access, tickets
from tests.access import BO, come_in, link, ticket, told, told_at
from tests.staff import Member, enrolled, hired
from tests.world import World

WHY = "The helpdesk is down since nine"
SARA = "sara@operator.example"
ROLES: list[StaffRole] = ["security", "support"]
# Who asks and who approves; what is not Sara's own account is of her making.
PAIRS = {"she approves": ("other", "sara"), "she asks": ("sara", "other"), "both are hers": ("other", "another")}
OPEN = "SELECT 1 FROM control.access_grants WHERE until IS NOT NULL"


async def made_by(sara: Member, name: str, how: str) -> Member:
    world, email = sara.world, f"{name}@operator.example"
    if how == "added":
        link = (await sara.call(ops_staff.add, email=email, name=name, roles=ROLES)).link
        return await enrolled(world, email, link.rpartition("/")[2])
    made = await hired(world, *ROLES, email=email)
    its = next(one.id for one in (await sara.call(ops_staff.page)).staff if one.email == email)
    if how == "reset":
        link = (await sara.call(ops_staff.reset, staff=its)).link
        return await enrolled(world, email, link.rpartition("/")[2])
    await sara.call(ops_staff.choose_roles, staff=its, roles=ROLES)
    return made


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("how", ["added", "reset", "given roles"])
async def test_one_person_with_two_accounts_opens_nothing(world: World, pair: str, how: str) -> None:
    """Sara of security has the link that leads into what she adds or resets."""
    sara = await hired(world, *ROLES, email=SARA)
    tom = await hired(world, "security", email="tom@operator.example")
    await told_at(world, BO)
    known = {name: sara if name == "sara" else await made_by(sara, name, how) for name in PAIRS[pair]}
    asker, approver = (known[name] for name in PAIRS[pair])
    asked = await asker.call(ops_access.ask, slug="acme", reason=WHY)
    with pytest.raises(rpc.Forbidden, match="within the last 7 days"):
        await approver.call(ops_access.approve, slug="acme", grant=asked)
    assert await world.control_rows(OPEN) == []
    await tom.call(ops_access.approve, slug="acme", grant=asked)


async def test_a_week_later_they_are_two(world: World) -> None:
    sara = await hired(world, *ROLES, email=SARA)
    other = await made_by(sara, "other", "given roles")
    await told_at(world, BO)
    world.clock.move(timedelta(days=7, seconds=1))
    for one in (sara, other):
        one.token = (await one.sign_in(one.code())).token or ""
    asked = await other.call(ops_access.ask, slug="acme", reason=WHY)
    await sara.call(ops_access.approve, slug="acme", grant=asked)


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
