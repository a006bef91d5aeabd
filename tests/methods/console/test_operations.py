"""What the operator does with a customer as a whole stands in its own events and in the customer's own audit."""

from datetime import timedelta
from pathlib import Path

import pytest

import rpc
from rpc import Kind
from seldesk.app.disclosing import disclose
from seldesk.app.exporting import export_to
from seldesk.errors import ProofNeeded
from seldesk.jobs.schedule import Jobs
from seldesk.jobs.telling import tell
from seldesk.methods.console import ops_customers, ops_disclosures, ops_moves, ops_operations, staff_self
from seldesk.methods.control import clusters, endings, jobs, moves, rotations
from seldesk.methods.control.moves import SameCluster
from seldesk.methods.desk import audits
from tests.app.copied import copied, work
from tests.staff import hired
from tests.world import World


async def told(world: World) -> None:
    """What a worker does with the job that each act asks for."""
    app = world.app
    await app.refresh()
    control = app.program(Kind.JOB)

    async def telling(still_at_it: object) -> None:
        await tell(control, app.job, still_at_it)  # type: ignore[arg-type]  # as Jobs calls it

    await Jobs(control, {"acts": telling}).do_all()


async def in_the_audit(world: World) -> list[tuple[str, str, str, str]]:
    """The operator's entries as an owner reads them, the oldest first."""
    bo = await world.acme.signed_in("bo")
    shown = [one for one in (await bo(audits.page, kind="account")).items if one.method.startswith("operator.")]
    facts = [(one, one.facts or {}) for one in shown]
    return [(one.method, one.actor_kind, known.get("by", ""), known.get("detail", "")) for one, known in facts][::-1]


async def test_what_commands_did_stands_in_the_customers_own_audit_once(world: World) -> None:
    command = world.app.program(Kind.COMMAND)
    await command(endings.suspend, slug="acme", reason="unpaid since May")
    await told(world)
    await command(endings.reactivate, slug="acme")
    await command(rotations.ask, slug="acme")
    await told(world)
    assert await in_the_audit(world) == [
        ("operator.suspend", "command", "", "unpaid since May"),
        ("operator.reactivate", "command", "", ""),
        ("operator.rotate", "command", "", "passwords"),
    ]
    # Whoever dies between the two databases says it again.
    await world.control_rows("UPDATE control.acts SET told_at = NULL RETURNING 1")
    await again(world)
    assert len(await in_the_audit(world)) == 3
    assert await world.control_rows("SELECT count(*) FROM control.acts WHERE told_at IS NULL") == ["0"]
    bo = await world.acme.signed_in("bo")
    assert (await bo(audits.verify)).wrong == ""


async def test_a_move_a_new_key_and_an_export_are_told_and_one_that_a_law_hides_is_not(
    world: World, tmp_path: Path
) -> None:
    command, mara = world.app.program(Kind.COMMAND), await hired(world, "security")
    await command(clusters.add, name="fra-2", host="db.example", data_centre="fra")
    await command(moves.ask, slug="acme", cluster="fra-2")
    await told(world)
    await world.control_rows("DELETE FROM control.leases RETURNING 1")
    await command(rotations.ask, slug="acme", what="content-key")
    await export_to(world.app, "acme", tmp_path / "acme.zip")
    disclosure = await mara.call(
        ops_disclosures.open, slug="acme", authority="Court", reference="7 Gs 12/26", wanted="All mails of January."
    )
    await mara.call(ops_disclosures.bar, disclosure=disclosure, basis="Section 113 of the act forbids telling.")
    await disclose(world.app, disclosure, tmp_path / "hidden.zip")
    await told(world)
    assert await in_the_audit(world) == [
        ("operator.move", "command", "", "main to fra-2"),
        ("operator.rotate", "command", "", "content-key"),
        ("operator.export", "command", "", ""),
    ]


async def again(world: World) -> None:
    """As the schedule asks for it."""
    world.clock.move(timedelta(minutes=10))
    job = world.app.program(Kind.JOB)
    await job(jobs.ask_for, kind="acts", slot=f"{world.clock.now():%H:%M}")
    await told(world)


@pytest.mark.asvs("V16.3.3")
async def test_what_staff_did_stands_in_their_events_and_in_the_customers_audit(world: World) -> None:
    mara = await hired(world, "operations", "billing")
    await mara.call(ops_operations.suspend, slug="acme", reason="unpaid since May")
    await told(world)
    await mara.call(ops_operations.reactivate, slug="acme")
    with pytest.raises(rpc.Conflict):
        await mara.call(ops_operations.reactivate, slug="acme")
    await mara.call(ops_operations.copy, slug="acme")
    await told(world)
    assert [one[:3] for one in await in_the_audit(world)] == [
        ("operator.suspend", "staff", "Mara"),
        ("operator.reactivate", "staff", "Mara"),
        ("operator.copy", "staff", "Mara"),
    ]
    shown = await mara.call(ops_customers.read, slug="acme")
    assert [(one.what, one.by, one.told_at is None) for one in shown.dossier.acts] == [
        ("copy", "Mara", False),
        ("reactivate", "Mara", False),
        ("suspend", "Mara", False),
    ]
    deeds = [(one.what, one.detail) for one in (await mara.call(staff_self.page)).deeds]
    assert ("customer operated", f"suspend, customer {world.acme.id}") in deeds
    # What was not done is not told: the refused act has left nothing.
    assert await world.control_rows("SELECT count(*) FROM control.acts") == ["3"]
    world.clock.move(timedelta(minutes=6))
    for act in (ops_operations.copy, ops_operations.reactivate):
        with pytest.raises(ProofNeeded):
            await mara.call(act, slug="acme")


async def test_closing_asks_for_the_name_and_then_once_more(world: World) -> None:
    mara = await hired(world, "operations")
    with pytest.raises(rpc.Invalid) as refused:
        await mara.call(ops_operations.erase, slug="acme", name="Acme", confirmed=True)
    assert set(refused.value.fields) == {"name"}
    with pytest.raises(rpc.Invalid) as refused:
        await mara.call(ops_operations.erase, slug="acme", name="Acme Support")
    assert set(refused.value.fields) == {"confirmed"}
    await mara.call(ops_operations.erase, slug="acme", name="Acme Support", erasing="asked", confirmed=True)
    shown = await mara.call(ops_customers.read, slug="acme")
    assert (shown.customer.state, shown.customer.erase_at) == ("terminated", world.clock.now() + timedelta(days=29))
    await told(world)
    await mara.call(ops_operations.reactivate, slug="acme")
    await told(world)
    assert [one[0] for one in await in_the_audit(world)] == ["operator.terminate", "operator.reactivate"]


@pytest.mark.long
async def test_a_restore_in_place_keeps_what_was_told_since_its_copy(world: World) -> None:
    mara, acme = await hired(world, "operations"), world.acme
    copy = await copied(world, acme)
    world.clock.move(timedelta(minutes=1))
    await mara.call(ops_operations.suspend, slug="acme", reason="unpaid since May")
    await told(world)
    await mara.call(ops_operations.reactivate, slug="acme")
    with pytest.raises(rpc.Invalid):
        await mara.call(ops_operations.restore, slug="acme", kind="live", copy=copy)
    await mara.call(ops_operations.restore, slug="acme", kind="live", copy=copy, confirmed=True)
    # Not while it is under way: what is written there now is lost.
    await again(world)
    assert await world.control_rows("SELECT count(*) FROM control.acts WHERE told_at IS NULL") == ["3"]
    await work(world)
    await again(world)
    assert sorted(one[0] for one in await in_the_audit(world)) == [
        "operator.reactivate",
        "operator.restore",
        "operator.suspend",
    ]


async def test_a_move_is_offered_where_nothing_speaks_against_it(world: World) -> None:
    command, mara = world.app.program(Kind.COMMAND), await hired(world, "operations")
    for name, centre in (("fra-2", "fra"), ("iad-1", "iad"), ("ams-1", "ams")):
        await command(clusters.add, name=name, host="db.example", data_centre=centre)
    await command(clusters.update, name="ams-1", state="closed")
    shown = await mara.call(ops_moves.page, slug="acme")
    assert {one.cluster.name: one.against for one in shown.targets} == {
        "ams-1": ["It is closed: nobody moves there."],
        "fra-2": [],
        "iad-1": ["It lies in another region."],
        "main": ["It is there."],
    }
    with pytest.raises(SameCluster):
        await mara.call(ops_operations.move, slug="acme", cluster="main")
    await mara.call(ops_operations.move, slug="acme", cluster="fra-2", notice=0)
    shown = await mara.call(ops_moves.page, slug="acme")
    assert shown.operation is not None
    assert (shown.operation.kind, shown.operation.target) == ("move", "fra-2")
    await told(world)
    assert [one[0] for one in await in_the_audit(world)] == ["operator.move"]
