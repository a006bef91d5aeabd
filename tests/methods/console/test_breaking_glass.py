"""Break glass takes two people, and two accounts that one of them has in hand are not two."""

from datetime import timedelta

import pytest

import rpc
from seldesk.methods.console import ops_access, ops_staff
from seldesk.methods.console.staff import StaffRole
from tests.access import BO, told_at
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
