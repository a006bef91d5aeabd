"""Signing in to the desk and the portal with a second factor."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

import rpc
from rpc import Kind
from seldesk.errors import EntryOver
from seldesk.methods.desk import entries, factors, members, people, privacy, profile, tickets
from seldesk.methods.desk.shapes.people import SignIn
from seldesk.models.second_factor import Party
from tests.authenticator import Authenticator
from tests.mailed import cleo_writes, mailed, words
from tests.phone import Phone, begun, enrolled, stranger
from tests.world import CLEO, DEVICE, PASSWORD, World, address

ANN = address("ann", "acme")
PARTY = Party("acme.localhost", "Acme Support", "http://acme.localhost:8080")


@pytest.mark.asvs("V6.3.3", "V6.3.4", "V7.2.1")
async def test_a_right_password_without_the_second_step_is_no_session(world: World) -> None:
    ann = await enrolled(world, "ann")
    entered = await ann.begun()
    assert (entered.token, entered.role) == (None, "agent")
    for secret in (entered.entry, "", "x"):
        for kind in (Kind.PERSON, Kind.TOKEN, Kind.LINK):
            with pytest.raises((rpc.Unauthenticated, rpc.MethodNotFound)):
                await world.acme.calling(kind, secret or "none")(tickets.list)
    assert (await begun(world, "ann", "wrong horse")).entry is None
    for secret in ("x", entered.entry or ""):
        with pytest.raises((rpc.Invalid, EntryOver)):
            await stranger(world)(entries.by_code, secret=secret, code="")
    world.clock.move(timedelta(seconds=30))
    answer = await ann.sign_in(ann.code())
    assert answer.token not in (None, entered.entry, ann.call.credential.secret)
    await ann.with_session(answer)(tickets.queue)


@pytest.mark.asvs("V6.5.1")
async def test_a_code_is_good_once_and_one_step_early_or_late(world: World) -> None:
    ann = await enrolled(world, "ann")
    assert (await ann.sign_in(ann.code())).token is None, "it enrolled the authenticator already"
    world.clock.move(timedelta(minutes=5))
    for steps in (-2, 2):
        assert (await ann.sign_in(ann.code(steps))).token is None
    assert (await ann.sign_in(ann.code(-1))).token is not None
    early = ann.code(1)
    assert (await ann.sign_in(early)).token is not None
    for code in (early, ann.code()):
        assert (await ann.sign_in(code)).token is None


@pytest.mark.asvs("V6.5.1")
async def test_of_one_code_used_twice_at_once_one_gets_in(world: World) -> None:
    ann = await enrolled(world, "ann")
    world.clock.move(timedelta(seconds=30))
    answers = await asyncio.gather(*(ann.sign_in(ann.code()) for _ in range(4)))
    assert sorted(answer.token is None for answer in answers) == [False, True, True, True]


@pytest.mark.asvs("V6.5.1")
async def test_recovery_codes_are_good_once_and_new_ones_end_the_old(world: World) -> None:
    ann = await enrolled(world, "ann")
    assert len(set(ann.codes)) == 10
    assert (await ann.sign_in(ann.codes[0].upper())).token is not None
    assert (await ann.sign_in(ann.codes[0])).token is None
    made = await ann.call(factors.renew_codes)
    assert (await ann.sign_in(ann.codes[1])).token is None
    assert (await ann.sign_in(made.codes[1])).token is not None
    assert (await ann.call(profile.page)).own.codes_left == 9


@pytest.mark.asvs("V6.5.1")
async def test_a_passkey_answers_each_challenge_once_and_opens_its_own_account(world: World) -> None:
    ann, key = await world.acme.signed_in("ann"), Authenticator(PARTY.host, PARTY.origin)
    shown = await ann(factors.new)
    assert (await ann(factors.add_passkey, answer=key.create(shown.passkey), name="Blue key")).codes
    entered = (await begun(world, "ann")).entry or ""
    step = await stranger(world)(entries.step, secret=entered)
    assert (step.authenticator, step.email) == (False, ANN)
    answer = key.get(step.passkey or "")
    assert (await stranger(world)(entries.by_passkey, secret=entered, answer=answer)).token is not None
    again = (await begun(world, "ann")).entry or ""
    for _ in range(2):
        assert (await stranger(world)(entries.by_passkey, secret=again, answer=answer)).token is None
        step = await stranger(world)(entries.step, secret=again)
    bo, other = await enrolled(world, "bo"), Authenticator(PARTY.host, PARTY.origin)
    bos = (await bo.begun()).entry or ""
    await stranger(world)(entries.step, secret=bos)
    for stolen in (key.get(step.passkey or ""), other.get(step.passkey or ""), "{}", "x"):
        assert (await stranger(world)(entries.by_passkey, secret=bos, answer=stolen)).token is None
    with pytest.raises(rpc.Invalid):
        await stranger(world)(entries.by_passkey, secret=bos, answer="x" * 16_001)


async def second(ann: Phone, device: str = "", steps: int = 0) -> SignIn:
    """The second step with the right code, in a browser that nobody knows, or with this cookie."""
    entered = (await ann.begun()).entry or ""
    return await stranger(ann.world)(entries.by_code, secret=entered, code=ann.code(steps), device=device)


async def wrong_codes(ann: Phone, device: str = "", at: str = "203.0.113.9") -> int:
    """How many of eleven were looked at."""
    entered, call = (await ann.begun()).entry or "", stranger(ann.world, at)
    answers = [await call(entries.by_code, secret=entered, code="000000", device=device) for _ in range(11)]
    return [answer.wait == 0 for answer in answers].count(True)


@pytest.mark.asvs("V6.3.1")
async def test_who_has_learned_the_password_keeps_nobody_out_of_where_they_were(world: World) -> None:
    """Neither by codes nor by signing in rightly, however long they go on; in a day they try thirty codes."""
    ann, elsewhere = await enrolled(world, "ann"), stranger(world, "203.0.113.9")
    looked_at = 0
    for _ in range(4):
        world.clock.move(timedelta(minutes=15))
        looked_at += await wrong_codes(ann)
        assert (await second(ann)).wait > 0, "in a browser that nobody knows it could be anybody"
        assert (await second(ann, DEVICE)).token is not None
        world.clock.move(timedelta(seconds=30))
        assert (await ann.call(factors.prove, password=PASSWORD, code=ann.code())).token is not None
        ann.call = ann.with_session(await second(ann, DEVICE, 1))
    assert looked_at == 30
    world.clock.move(timedelta(minutes=15))
    assert (await second(ann)).wait > 22 * 3600
    for _ in range(70):
        await elsewhere(people.sign_in, email=ANN, password=PASSWORD)
    assert (await elsewhere(people.sign_in, email=ANN, password=PASSWORD)).wait > 0
    ann.call = ann.with_session(await second(ann, DEVICE))
    await ann.call(profile.change_password, current=PASSWORD, password="another horse battery")
    entered = (await begun(world, "ann", "another horse battery")).entry or ""
    world.clock.move(timedelta(seconds=30))
    assert (await stranger(world)(entries.by_code, secret=entered, code=ann.code())).token is not None


@pytest.mark.asvs("V6.3.1")
async def test_a_known_browser_has_thirty_wrong_codes_a_day_and_all_of_them_ninety(world: World) -> None:
    """A right one between them gives no tries back."""
    ann, looked_at = await enrolled(world, "ann"), 0
    world.clock.move(timedelta(minutes=1))
    devices = [DEVICE]
    for _ in range(4):
        devices.append((await second(ann)).device)
        world.clock.move(timedelta(minutes=1))
    for device in devices:
        for _ in range(4):
            looked_at += await wrong_codes(ann, device)
            world.clock.move(timedelta(minutes=15))
    assert looked_at == 90
    assert (await second(ann, devices[-1])).wait > 0
    world.clock.move(timedelta(days=1))
    assert (await second(ann, devices[-1])).token is not None


@pytest.mark.asvs("V6.3.1")
@pytest.mark.flaw("MantisBT CVE-2025-47776")
async def test_tries_of_the_second_step_are_counted_and_end_in_time(world: World) -> None:
    ann = await enrolled(world, "ann")
    entered = (await ann.begun()).entry or ""
    tries = [stranger(world)(entries.by_code, secret=entered, code="000000") for _ in range(11)]
    assert sorted(answer.wait > 0 for answer in await asyncio.gather(*tries)) == [False] * 10 + [True]
    world.clock.move(timedelta(minutes=9))
    assert (await second(ann)).wait > 0
    # Elsewhere they are counted as well, and another account is not concerned.
    assert (await begun(world, "bo")).token is not None
    world.clock.move(timedelta(minutes=7))
    assert (await second(ann)).token is not None
    values: list[object] = [True, 0, None, [], {}, 0e123]
    for value in values:
        params = {"secret": entered, "code": value}
        with pytest.raises(rpc.Invalid):
            await world.app.dispatcher.answer(stranger(world).credential, "entries.by_code", params)


async def test_the_step_between_is_over_after_ten_minutes_and_with_its_person(world: World) -> None:
    ann = await enrolled(world, "ann")
    late = (await ann.begun()).entry or ""
    world.clock.move(timedelta(minutes=10, seconds=1))
    fresh = (await ann.begun()).entry or ""
    with pytest.raises(EntryOver):
        await stranger(world)(entries.by_code, secret=late, code=ann.code())
    bo = await world.acme.signed_in("bo")
    person = next(one.id for one in (await bo(members.list)).items if one.name == "Ann")
    await bo(members.disable, person=person)
    with pytest.raises(EntryOver):
        await stranger(world)(entries.by_code, secret=fresh, code=ann.code())


@pytest.mark.asvs("V6.3.4", "V6.4.3")
async def test_no_mailed_link_gets_around_the_second_step(world: World) -> None:
    """A reset drops no factor and signs nobody in; a link to sign in leads to the second step too."""
    ann = await enrolled(world, "ann")
    reset = await mailed(world, ANN, "password")
    await stranger(world)(people.reset_password, token=reset, password="another horse battery")
    assert (await begun(world, "ann", "another horse battery")).token is None
    world.clock.move(timedelta(seconds=30))
    entered = (await begun(world, "ann", "another horse battery")).entry or ""
    assert (await stranger(world)(entries.by_code, secret=entered, code=ann.code())).token is not None
    await cleo_writes(world)
    await stranger(world)(people.reset_password, token=await mailed(world, CLEO, "password"), password=PASSWORD)
    first = await stranger(world)(people.sign_in, email=CLEO, password=PASSWORD)
    cleo = await enrolled(world, "cleo", world.acme.calling(Kind.PERSON, first.token or ""))
    by_link = await stranger(world)(people.sign_in_by_link, token=await mailed(world, CLEO))
    assert (by_link.token, by_link.role) == (None, "requester")
    world.clock.move(timedelta(seconds=30))
    answer = await stranger(world)(entries.by_code, secret=by_link.entry or "", code=cleo.code())
    shown = await world.acme.calling(Kind.PERSON, answer.token or "")(factors.page)
    assert [(one.way, one.factor) for one in shown.own.sign_ins][:1] == [("link", "authenticator")]
    # Owners help requesters too.
    ids = await world.rows(world.acme, f"SELECT id FROM app.people WHERE email = '{CLEO}'")  # noqa: S608 - ours
    bo = await world.acme.signed_in("bo")
    assert (await bo(privacy.page, person=UUID(ids[0]))).person.enrolled
    # An invitation sets a new password, and no more than that.
    await bo(members.invite, email=CLEO, name="Cleo Camp", role="agent")
    await world.deliver(world.acme)
    token = words(world.relay.sent[-1].raw)[1].partition("/welcome/")[2].split()[0]
    answer = await stranger(world)(people.choose_password, token=token, password="yet another battery")
    assert (answer.token, answer.entry is None) == (None, False)
    await bo(members.reset_factors, person=UUID(ids[0]))
    assert (await stranger(world)(people.sign_in, email=CLEO, password="yet another battery")).token is not None
