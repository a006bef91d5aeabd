"""What matters needs a fresh proof, and that is not for pages to see to."""

from datetime import timedelta
from uuid import uuid4

import pytest

import rpc
from rpc.testing import example_arguments
from seldesk.errors import ProofNeeded
from seldesk.methods import PUBLIC
from seldesk.methods.console import ops_jobs, ops_staff, staff_self
from seldesk.methods.identify_staff import WITHOUT_PROOF
from tests.staff import hired, scheduled
from tests.world import PASSWORD, World

STAFF = [method for method in PUBLIC if rpc.Kind.STAFF in method.kinds]


def test_what_needs_no_proof_is_a_method_that_there_is() -> None:
    assert {method.name for method in STAFF if not method.reads} >= WITHOUT_PROOF


@pytest.mark.asvs("V7.5.1")
@pytest.mark.flaw("Zammad CVE-2025-32359")
async def test_whatever_writes_is_refused_without_a_fresh_proof(world: World) -> None:
    """Every method but those that are named, for somebody who may call it."""
    mara = await hired(world, "support", "operations", "security", "billing")
    world.clock.move(timedelta(minutes=5, seconds=1))
    before = await world.control_rows("SELECT t::text FROM control.staff t")
    tried = 0
    for method in STAFF:
        if method.reads or method.name in WITHOUT_PROOF:
            continue
        with pytest.raises(ProofNeeded) as refused:
            await world.app.dispatcher.answer(mara.call.credential, method.name, example_arguments(method))
        assert (refused.value.status, refused.value.code) == (403, "reauth_required")
        tried += 1
    assert tried > 10
    assert await world.control_rows("SELECT t::text FROM control.staff t") == before


@pytest.mark.asvs("V7.2.1", "V7.2.4", "V7.5.1")
async def test_a_proof_takes_both_factors_and_gives_the_session_a_new_secret(world: World) -> None:
    mara = await hired(world, "operations")
    await scheduled(world, "tidy")
    world.clock.move(timedelta(minutes=6))
    assert not (await mara.call(staff_self.page)).frame.fresh
    for password, code in ((PASSWORD, "000000"), ("wrong", mara.code())):
        assert (await mara.call(staff_self.prove_by_code, password=password, code=code)).token is None
    before = mara.token
    proof = await mara.call(staff_self.prove_by_code, password=PASSWORD, code=mara.code())
    mara.token = proof.token or ""
    await mara.call(ops_jobs.run, kind="tidy")
    with pytest.raises(rpc.NotFound):
        await mara.call(ops_jobs.run, kind="invented")
    tidy = (await mara.call(ops_jobs.page)).jobs[0]
    assert [run.state for run in tidy.ended + tidy.waiting] == ["done", "new"]
    assert (await mara.call(staff_self.page)).frame.fresh
    mara.token = before
    with pytest.raises(rpc.Unauthenticated):
        await mara.call(staff_self.page)


async def test_the_last_factor_stays_and_a_new_password_ends_other_sessions(world: World) -> None:
    mara = await hired(world, "security")
    factor = (await mara.call(staff_self.page)).factors[0]
    with pytest.raises(rpc.Conflict):
        await mara.call(staff_self.remove_factor, factor=factor.id)
    other = (await mara.sign_in(mara.codes[0])).token
    await mara.call(staff_self.change_password, password="another long password")
    assert [session.current for session in (await mara.call(staff_self.page)).sessions] == [True]
    mara.token = other or ""
    with pytest.raises(rpc.Unauthenticated):
        await mara.call(staff_self.page)


async def test_security_sees_to_all_accounts_but_its_own(world: World) -> None:
    mara, otto = await hired(world, "security"), await hired(world, "support", email="otto@operator.example")
    ids = {one.email: one.id for one in (await mara.call(ops_staff.page)).staff}
    for method in (ops_staff.disable, ops_staff.enable, ops_staff.reset):
        with pytest.raises(rpc.Conflict):
            await mara.call(method, staff=ids[mara.email])
    await mara.call(ops_staff.choose_roles, staff=ids[otto.email], roles=["operations"])
    assert "console.jobs.run" in (await otto.call(staff_self.page)).frame.may
    with pytest.raises(rpc.Invalid):
        await mara.call(ops_staff.choose_roles, staff=ids[otto.email], roles=[])
    linked = await mara.call(ops_staff.reset, staff=ids[otto.email])
    assert linked.link.startswith("http://ops.localhost:8080/welcome/")
    with pytest.raises(rpc.Unauthenticated):
        await otto.call(staff_self.page)
    shown = await mara.call(ops_staff.read, staff=ids[otto.email])
    assert shown.factors == []
    assert [deed.what for deed in shown.deeds][:2] == ["factors reset", "roles changed"]
    assert {deed.by for deed in shown.deeds[:2]} == {"Mara"}


@pytest.mark.asvs("V8.2.2")
async def test_what_is_a_colleagues_is_not_there(world: World) -> None:
    mara, otto = await hired(world, "security"), await hired(world, "support", email="otto@operator.example")
    theirs = await mara.call(staff_self.page)
    for method, id in (
        (staff_self.end_session, theirs.sessions[0].id),
        (staff_self.remove_factor, theirs.factors[0].id),
    ):
        told = list[str]()
        for one in (id, uuid4()):
            argument = method.signature.parameters[0].name
            with pytest.raises(rpc.NotFound) as missing:
                await world.app.dispatcher.answer(otto.call.credential, method.name, {argument: str(one)})
            told.append(str(missing.value))
        assert told[0] == told[1]
    assert (await mara.call(staff_self.page)).factors == theirs.factors


@pytest.mark.flaw("Frappe CVE-2020-27508")
async def test_a_secret_is_in_no_answer_but_the_one_that_offers_it(world: World) -> None:
    mara = await hired(world, "support", "operations", "security")
    member = (await mara.call(ops_staff.page)).staff[0].id
    for method in STAFF:
        if method.name in ("staff_self.new_factor", "staff_self.sign_out"):
            continue
        if not (method.reads or method.name.startswith("staff_self.")):
            continue
        arguments = example_arguments(method, staff=member, slug="acme")
        try:
            answer = await world.app.dispatcher.answer(mara.call.credential, method.name, arguments)
        except rpc.Error as error:
            answer = str(error)
        assert mara.secret not in str(answer), method.name
