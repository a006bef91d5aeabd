"""What the operator's people are mailed about their accounts, and about broken chains."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from rpc import Kind
from seldesk.app.serve import auditing
from seldesk.jobs.outbox import Outboxes
from seldesk.methods.console import ops_staff, staff, staff_entry, staff_self
from seldesk.surroundings import OPERATOR
from tests.faults import superuser
from tests.staff import begun, hired, stranger
from tests.world import World


async def mailed(world: World) -> list[tuple[str, str]]:
    """To whom, and the subject, of what is due; each is told once."""
    await Outboxes(world.app.program(Kind.JOB), world.app.job, world.relay).drain(OPERATOR.id)
    sent, world.relay.sent = world.relay.sent, []
    return [(letter.recipients[0].partition("@")[0], _subject(letter.raw)) for letter in sent]


def _subject(raw: bytes) -> str:
    return str(message_from_bytes(raw, policy=default)["Subject"])


@pytest.mark.asvs("V16.3.3")
async def test_who_comes_from_a_new_place_or_changes_a_factor_is_told(world: World) -> None:
    mara = await hired(world, "security")
    assert await mailed(world) == [("mara", "A second factor was added"), ("mara", "Signed in from a new place")]
    world.clock.move(timedelta(minutes=1))
    await mara.sign_in(mara.code())
    assert await mailed(world) == []
    world.clock.move(timedelta(minutes=1))
    entered = await begun(world, address="203.0.113.9")
    away = stranger(world, "203.0.113.9")
    assert (await away(staff_entry.by_code, secret=entered.token or "", code=mara.code())).token
    await mara.call(staff_self.renew_codes)
    await mara.call(staff_self.change_password, password="another long one")
    assert await mailed(world) == [
        ("mara", "Signed in from a new place"),
        ("mara", "New recovery codes were made"),
        ("mara", "Your password was changed"),
    ]


async def test_who_is_disabled_or_reset_is_told_and_by_whom_it_was_stands_in_the_log(world: World) -> None:
    mara = await hired(world, "security")
    await hired(world, "support", email="otto@operator.example")
    await mailed(world)
    otto = (await mara.call(ops_staff.page)).staff[1].id
    await mara.call(ops_staff.disable, staff=otto)
    await mara.call(ops_staff.enable, staff=otto)
    await world.app.program(Kind.COMMAND)(staff.reset_factors, email="otto@operator.example")
    told = [("otto", "Your account was disabled"), ("otto", "Your account was enabled")]
    anew = [("otto", "Your account begins anew"), ("mara", "An account of the staff begins anew")]
    assert await mailed(world) == [*told, *anew]
    assert [one.by for one in (await mara.call(ops_staff.read, staff=otto)).deeds[:2]] == ["A command", "Mara"]


@pytest.mark.asvs("V16.3.3")
async def test_all_who_look_after_security_hear_of_accounts_that_are_made_or_made_anew(world: World) -> None:
    mara = await hired(world, "security")
    ida = await hired(world, "security", email="ida@operator.example")
    await hired(world, "operations", email="otto@operator.example")
    await mailed(world)
    added, reset, given = (
        "Somebody was added to the staff",
        "An account of the staff begins anew",
        "Roles of the staff were changed",
    )

    async def heard() -> set[tuple[str, str]]:
        return {one for one in await mailed(world) if one[0] in ("mara", "ida")}

    await mara.call(ops_staff.add, email="xaver@operator.example", name="Xaver", roles=["support"])
    assert await heard() == {("mara", added), ("ida", added)}
    xaver = next(one.id for one in (await ida.call(ops_staff.page)).staff if one.name == "Xaver")
    await ida.call(ops_staff.choose_roles, staff=xaver, roles=["support", "billing"])
    assert await heard() == {("mara", given), ("ida", given)}
    await world.app.program(Kind.COMMAND)(staff.reset_factors, email="xaver@operator.example")
    assert await heard() == {("mara", reset), ("ida", reset)}


async def test_all_who_look_after_security_hear_of_a_broken_chain_once(world: World) -> None:
    for name, role in (("mara", "security"), ("otto", "operations"), ("ida", "security")):
        await hired(world, role, email=f"{name}@operator.example")  # type: ignore[arg-type]
    await mailed(world)
    async with superuser(world.server, world.acme.database) as connection:
        await connection.execute("DELETE FROM log.audit WHERE number = 2")

    async def still_at_it() -> None:
        pass

    for _ in range(2):
        await auditing(world.app).check(still_at_it)
    broken = "A chain of the audit is broken"
    assert sorted(await mailed(world)) == [("ida", broken), ("mara", broken)]
