"""How the operator's people come in, and what keeps others out."""

from datetime import timedelta

import pytest

import rpc
from rpc import Credential, Kind
from seldesk.methods.console import staff, staff_entry, staff_self
from seldesk.models.second_factor import Party
from tests.authenticator import Authenticator
from tests.staff import HER_ADDRESS, MARA, begun, calling, enrolled, hired, invited, stranger
from tests.world import PASSWORD, World

PARTY = Party("ops.localhost", "Seldesk console", "http://ops.localhost:8080")


@pytest.mark.asvs("V6.2.4", "V6.3.2", "V6.3.3", "V6.4.1")
async def test_a_link_leads_to_a_password_and_a_factor_and_only_both_to_a_session(world: World) -> None:
    anybody, link = stranger(world), await invited(world, "support")
    assert (await anybody(staff_entry.welcome, token=link)).email == MARA
    for known in ("qwertyuiop", "Mara-2026!"):
        with pytest.raises(rpc.Invalid):
            await anybody(staff_entry.choose_password, token=link, password=known)
    entered = await anybody(staff_entry.choose_password, token=link, password=PASSWORD)
    assert entered.token is not None
    for secret in (entered.token, link, ""):
        with pytest.raises(rpc.Unauthenticated):
            await calling(world, secret)(staff_self.page)
    with pytest.raises(rpc.NotFound):
        await anybody(staff_entry.choose_password, token=link, password="another password")
    # The password is right, and still opens nothing: whoever has it alone enrols no factor of their own.
    assert (await begun(world)).unenrolled
    with pytest.raises(rpc.NotFound):
        await anybody(staff_entry.by_code, secret=entered.token, code="000000")
    shown = await anybody(staff_entry.enrolment, secret=entered.token)
    assert shown.secret in shown.address
    wrong = await anybody(staff_entry.enrol_code, secret=entered.token, code="000000")
    assert wrong.token is None


@pytest.mark.asvs("V6.4.1")
async def test_a_link_ends_after_72_hours_and_with_the_next_one(world: World) -> None:
    old, command = await invited(world, "support"), world.app.program(Kind.COMMAND)
    new = (await command(staff.reset_factors, email=MARA)).rpartition("/")[2]
    with pytest.raises(rpc.NotFound):
        await stranger(world)(staff_entry.welcome, token=old)
    world.clock.move(timedelta(hours=73))
    for token in (new, old, "", "x" * 101, "%00"):
        with pytest.raises((rpc.NotFound, rpc.Invalid)):
            await stranger(world)(staff_entry.choose_password, token=token, password=PASSWORD)


@pytest.mark.asvs("V6.5.1", "V7.2.1")
async def test_each_step_has_a_secret_of_its_own_and_a_code_is_good_once(world: World) -> None:
    mara = await hired(world, "support")
    # The code that enrolled the authenticator is used up.
    assert (await mara.sign_in(mara.code())).token is None
    world.clock.move(timedelta(seconds=30))
    entered, code = await begun(world), mara.code()
    assert entered.token is not None
    signed_in = await stranger(world)(staff_entry.by_code, secret=entered.token, code=code)
    assert signed_in.token not in (None, entered.token, mara.token)
    with pytest.raises(rpc.NotFound):
        await stranger(world)(staff_entry.by_code, secret=entered.token, code=mara.code(1))
    assert (await mara.sign_in(code)).token is None
    assert (await mara.sign_in(mara.code(1))).token is not None


@pytest.mark.asvs("V6.5.1")
async def test_a_recovery_code_is_good_once_and_new_ones_end_the_old(world: World) -> None:
    mara = await hired(world, "support")
    assert (await mara.sign_in(mara.codes[0].upper())).token is not None
    assert (await mara.sign_in(mara.codes[0])).token is None
    made = await mara.call(staff_self.renew_codes)
    assert (await mara.sign_in(mara.codes[1])).token is None
    assert (await mara.sign_in(made.codes[1])).token is not None
    assert (await mara.call(staff_self.page)).codes_left == 9


@pytest.mark.asvs("V6.5.1")
async def test_a_passkey_signs_in_once_for_each_challenge_and_only_its_owner(world: World) -> None:
    mara, otto = await hired(world, "support"), await hired(world, "support", email="otto@operator.example")
    key, anybody = Authenticator(PARTY.host, PARTY.origin), stranger(world)
    shown = await mara.call(staff_self.new_factor)
    assert await mara.call(staff_self.add_passkey, answer=key.create(shown.enrolment.passkey), name="Key")
    entered = await begun(world)
    step = await anybody(staff_entry.step, secret=entered.token or "")
    answer = key.get(step.passkey or "")
    assert (await anybody(staff_entry.by_passkey, secret=entered.token or "", answer=answer)).token is not None
    # Taken down and sent again, for the next challenge and without one.
    again = await begun(world)
    for _ in range(2):
        assert (await anybody(staff_entry.by_passkey, secret=again.token or "", answer=answer)).token is None
        await anybody(staff_entry.step, secret=again.token or "")
    # A challenge that was answered wrong is used up as well.
    step = await anybody(staff_entry.step, secret=again.token or "")
    assert (await anybody(staff_entry.by_passkey, secret=again.token or "", answer="{}")).token is None
    late = key.get(step.passkey or "")
    assert (await anybody(staff_entry.by_passkey, secret=again.token or "", answer=late)).token is None
    proof = await otto.call(staff_self.prove_by_passkey, answer=key.get(step.passkey or ""))
    assert proof.token is None


@pytest.mark.asvs("V6.3.1")
@pytest.mark.flaw("MantisBT CVE-2025-47776")
async def test_tries_are_counted_for_each_account_and_each_block_and_end_in_time(world: World) -> None:
    mara = await hired(world, "support")
    for _ in range(10):
        assert (await begun(world, password="wrong", address="203.0.113.9")).token is None
    for address in ("203.0.113.9", "192.0.2.77"):
        assert (await begun(world, address=address)).wait > 14 * 60
    world.clock.move(timedelta(minutes=15))
    entered = await begun(world)
    for _ in range(10):
        assert (await stranger(world)(staff_entry.by_code, secret=entered.token or "", code="000000")).token is None
    refused = await stranger(world)(staff_entry.by_code, secret=entered.token or "", code=mara.code(1))
    assert refused.token is None
    assert refused.wait > 14 * 60
    deeds = [deed.what for deed in (await mara.call(staff_self.page)).deeds]
    assert (deeds.count("password refused"), deeds.count("factor refused")) == (10, 10)
    # A whole block of addresses is shut out for all accounts, and no other block.
    await world.control_rows("UPDATE control.limits SET count = 100 RETURNING 1")
    assert (await begun(world, "nobody@operator.example", address=HER_ADDRESS.replace(".7", ".99"))).wait > 0
    assert (await begun(world, "nobody@operator.example", address="192.0.2.77")).wait == 0
    values: list[object] = [True, 0, None, [], {}]
    for value in values:
        credential = Credential(kind=Kind.ANONYMOUS, address=HER_ADDRESS)
        params = {"email": MARA, "password": value}
        with pytest.raises(rpc.Invalid):
            await world.app.dispatcher.answer(credential, "staff_entry.begin", params)


@pytest.mark.asvs("V6.3.1")
async def test_strangers_keep_nobody_out_of_where_they_come_from_or_of_their_session(world: World) -> None:
    mara = await hired(world, "support")
    for _ in range(3):
        stranger = [await begun(world, password="wrong", address="203.0.113.9") for _ in range(11)]
        assert stranger[-1].wait > 0
        assert (await begun(world, address="192.0.2.77")).wait > 0, "from elsewhere it could be anybody"
        world.clock.move(timedelta(minutes=1))
        await mara.prove()
        assert (await begun(world)).token
        world.clock.move(timedelta(minutes=15))
    assert [(await begun(world, password="wrong")).wait > 0 for _ in range(12)] == [False] * 10 + [True] * 2


@pytest.mark.asvs("V6.3.1")
async def test_who_has_learned_a_password_keeps_nobody_out_of_where_they_work(world: World) -> None:
    """By second factors; in a day strangers try thirty."""
    mara, looked_at = await hired(world, "support"), 0
    elsewhere = stranger(world, "203.0.113.9")
    for _ in range(4):
        entered = (await begun(world, address="203.0.113.9")).token or ""
        tries = [await elsewhere(staff_entry.by_code, secret=entered, code="000000") for _ in range(10)]
        looked_at += [answer.wait == 0 for answer in tries].count(True)
        assert (await elsewhere(staff_entry.by_code, secret=entered, code=mara.code())).wait > 0
        assert (await mara.sign_in(mara.code(1))).token
        world.clock.move(timedelta(minutes=15))
    assert looked_at == 30


@pytest.mark.asvs("V6.3.1")
async def test_who_is_reset_or_has_a_new_password_begins_with_no_tries(world: World) -> None:
    mara = await hired(world, "support")

    async def tried() -> None:
        for address in (HER_ADDRESS, "203.0.113.9"):
            assert [(await begun(world, password="x", address=address)).wait > 0 for _ in range(11)][-1]

    async def let_in() -> bool:
        return all([(await begun(world, address=one)).token for one in (HER_ADDRESS, "203.0.113.9")])

    await tried()
    await mara.call(staff_self.change_password, password=PASSWORD)
    assert await let_in()
    await tried()
    link = await world.app.program(Kind.COMMAND)(staff.reset_factors, email=mara.email)
    await enrolled(world, mara.email, link.rpartition("/")[2])
    assert await let_in()


@pytest.mark.asvs("V7.3.1", "V7.3.2")
async def test_a_session_ends_after_30_idle_minutes_and_after_8_hours(world: World) -> None:
    mara = await hired(world, "support")
    for _ in range(23):
        world.clock.move(timedelta(minutes=20))
        await mara.call(staff_self.page)
    world.clock.move(timedelta(minutes=20, seconds=1))
    with pytest.raises(rpc.Unauthenticated):
        await mara.call(staff_self.page)
    again = await mara.sign_in(mara.code())
    world.clock.move(timedelta(minutes=30, seconds=1))
    with pytest.raises(rpc.Unauthenticated):
        await calling(world, again.token or "")(staff_self.page)


@pytest.mark.asvs("V7.4.1")
@pytest.mark.flaw("Odoo CVE-2021-44460")
async def test_who_is_disabled_is_out_at_the_next_call_on_every_way(world: World) -> None:
    mara, link = await hired(world, "security"), await invited(world, "support", email="otto@operator.example")
    command, entered = world.app.program(Kind.COMMAND), await begun(world)
    for email in (MARA, "otto@operator.example"):
        await command(staff.disable, email=email)
    with pytest.raises(rpc.Unauthenticated):
        await mara.call(staff_self.page)
    with pytest.raises(rpc.NotFound):
        await stranger(world)(staff_entry.by_code, secret=entered.token or "", code=mara.code(1))
    with pytest.raises(rpc.NotFound):
        await stranger(world)(staff_entry.welcome, token=link)
    assert (await begun(world)).token is None


@pytest.mark.flaw("Zammad CVE-2024-55578", "GLPI CVE-2024-50339")
async def test_nothing_that_lies_in_the_tables_lets_anybody_in(world: World) -> None:
    mara, link = await hired(world, "support"), await invited(world, "support", email="otto@operator.example")
    entered, shown = await begun(world), await mara.call(staff_self.new_factor)
    kept = ""
    for table in await world.control_rows("SELECT tablename FROM pg_tables WHERE schemaname = 'control'"):
        kept += "\n".join(await world.control_rows(f"SELECT t::text FROM control.{table} t"))  # noqa: S608
    assert MARA in kept
    secrets = [mara.secret, mara.token, link, entered.token or "", shown.enrolment.secret, PASSWORD, *mara.codes]
    for secret in secrets:
        for form in (secret, secret.replace("-", ""), secret.encode().hex()):
            assert form not in kept
