"""What authorities want and what is weak: written down, due, and handed over only when it may be."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

import rpc
from rpc import Kind
from seldesk.app.disclosing import disclose
from seldesk.methods.console import ops_audit, ops_disclosures, ops_findings, staff_self
from seldesk.methods.control import alerts, disclosures
from seldesk.methods.desk import exports
from seldesk.models.control.disclosure import NoticeNeeded
from tests.staff import Member, hired
from tests.world import World

WANTED = "All tickets of the requester who is named in the order, from March to May."
HOW = "By registered letter to the owner, on 2 March, number RR 12 345."
LAW = "Section 113 of the act, which forbids telling for six months."


@pytest.fixture
async def mara(world: World) -> Member:
    return await hired(world, "security")


async def asked(mara: Member) -> UUID:
    return await mara.call(
        ops_disclosures.open, slug="acme", authority="District Court", reference="7 Gs 12/26", wanted=WANTED
    )


async def deeds(mara: Member) -> list[str]:
    return [one.what for one in (await mara.call(staff_self.page)).deeds]


async def test_nothing_leaves_before_the_customer_was_told(world: World, mara: Member, tmp_path: Path) -> None:
    disclosure, file = await asked(mara), tmp_path / "acme.zip"
    with pytest.raises(NoticeNeeded):
        await disclose(world.app, disclosure, file)
    assert not file.exists()
    await mara.call(ops_disclosures.notice, disclosure=disclosure, how=HOW)
    made = await disclose(world.app, disclosure, file)
    assert made.made > 0
    shown = (await mara.call(ops_disclosures.read, disclosure=disclosure)).disclosure
    assert (shown.exported_at, len(shown.sha256)) == (world.clock.now(), 64)
    assert {
        "disclosure opened",
        "customer told of disclosure",
        "disclosure export begun",
        "disclosure exported",
    } <= {*await deeds(mara)}
    bo = await world.acme.signed_in("bo")
    assert len((await bo(exports.page)).exports) == 1
    await mara.call(ops_disclosures.close, disclosure=disclosure, outcome="Handed over to the court, in person.")
    with pytest.raises(rpc.NotFound):
        await disclose(world.app, disclosure, tmp_path / "again.zip")


async def test_all_that_was_done_for_an_authority_is_found_by_its_customer(
    world: World, mara: Member, tmp_path: Path
) -> None:
    disclosure = await asked(mara)
    await mara.call(ops_disclosures.notice, disclosure=disclosure, how=HOW)
    await mara.call(ops_disclosures.bar, disclosure=disclosure, basis=LAW)
    await disclose(world.app, disclosure, tmp_path / "acme.zip")
    await mara.call(ops_disclosures.close, disclosure=disclosure, outcome="Handed over to the court, in person.")
    found = [one for one in (await mara.call(ops_audit.page, customer="acme")).items if "disclosure" in one.objects]
    assert {one.objects["disclosure"] for one in found} == {str(disclosure)}
    assert {one.kind for one in found} == {
        "disclosure opened",
        "customer told of disclosure",
        "bar of notice recorded",
        "disclosure export begun",
        "disclosure exported",
        "disclosure closed",
    }


async def test_while_a_law_forbids_it_owners_are_not_told_and_after_it_they_must_be(
    world: World, mara: Member, tmp_path: Path
) -> None:
    disclosure = await asked(mara)
    await mara.call(ops_disclosures.bar, disclosure=disclosure, basis=LAW, until=date(2026, 3, 4))
    _ = await disclose(world.app, disclosure, tmp_path / "acme.zip")
    bo = await world.acme.signed_in("bo")
    assert (await bo(exports.page)).exports == []
    assert await world.rows(world.acme, "SELECT kind FROM app.outbox WHERE kind = 'download'") == []
    assert "bar of notice recorded" in await deeds(mara)
    job = world.app.program(Kind.JOB)
    assert await job(disclosures.watch) == []
    world.clock.move(timedelta(days=2))
    with pytest.raises(NoticeNeeded):
        await disclose(world.app, disclosure, tmp_path / "later.zip")
    (told,) = await job(disclosures.watch)
    assert "the customer was not told" in told.detail


async def test_a_finding_has_an_owner_and_a_day_and_is_warned_of_after_it(world: World, mara: Member) -> None:
    otto = await hired(world, "operations", email="otto@operator.example")
    owners = {one.name: one.id for one in (await mara.call(ops_findings.page)).owners}
    entered = await mara.call(
        ops_findings.enter,
        title="A parser reads past the end",
        source="advisory",
        weight="critical",
        place="libfoo 1.2",
        owner=owners["Mara"],
    )
    shown = (await mara.call(ops_findings.read, finding=entered)).finding
    assert (shown.due_at.date(), shown.owner_name, shown.state) == (date(2026, 3, 9), "Mara", "open")
    await mara.call(ops_findings.hand_over, finding=entered, owner=owners["Otto"], due=date(2026, 3, 3))
    job = world.app.program(Kind.JOB)
    world.clock.move(timedelta(hours=20))  # on its day
    assert await job(disclosures.watch) == []
    world.clock.move(timedelta(hours=24))
    (told,) = await job(disclosures.watch)
    assert (told.subject, told.detail) == ("libfoo 1.2", "Not mended by 2026-03-03: A parser reads past the end")
    otto.token = (await otto.sign_in(otto.code())).token or ""
    await otto.call(ops_findings.close, finding=entered, ending="patched", patch="libfoo 1.3, in 0.2")
    assert await job(disclosures.watch) == []
    assert await world.app.program(Kind.COMMAND)(alerts.list) == []
    assert [one.patch for one in (await otto.call(ops_findings.page, state="patched")).items] == ["libfoo 1.3, in 0.2"]
    with pytest.raises(rpc.NotFound):
        await otto.call(ops_findings.close, finding=entered, ending="accepted", patch="It is fine.")
