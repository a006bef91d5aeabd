"""Signing in: who may, how often, and what ends it."""

import asyncio
import signal
from datetime import timedelta

import pytest

import rpc
from rpc import Kind
from seldesk.methods.desk import exports, people, tickets
from seldesk.models.password import program
from tests.world import DEVICE, PASSWORD, Desk, World, address

ANN, BO = address("ann", "acme"), address("bo", "acme")


def anybody(desk: Desk, at: str = "192.0.2.1") -> rpc.Call:
    return desk.app.dispatcher.calling(rpc.Credential(kind=Kind.ANONYMOUS, place=desk.slug, address=at))


async def test_a_right_password_signs_in_whatever_the_spelling_of_the_address(world: World) -> None:
    for spelt in (ANN, ANN.upper(), f" {ANN} "):
        assert (await anybody(world.acme)(people.sign_in, email=spelt, password=PASSWORD)).token is not None


@pytest.mark.parametrize("email", [ANN, "nobody@acme.example"])
async def test_a_wrong_password_and_an_unknown_address_are_refused_alike(world: World, email: str) -> None:
    answer = await anybody(world.acme)(people.sign_in, email=email, password="wrong horse")
    assert (answer.token, answer.wait) == (None, 0)


@pytest.mark.asvs("V6.3.1")
async def test_ten_failures_close_the_account_for_fifteen_minutes_and_no_longer(world: World) -> None:
    """Also for the right password, and never for longer, so that nobody can be kept out."""
    call = anybody(world.acme)
    for _ in range(10):
        await call(people.sign_in, email=ANN, password="wrong horse")
    closed = await call(people.sign_in, email=ANN.upper(), password=PASSWORD)
    assert closed.token is None
    assert 0 < closed.wait <= 15 * 60
    elsewhere = await anybody(world.acme, "198.51.100.7")(people.sign_in, email=ANN, password=PASSWORD)
    assert elsewhere.token is None
    bo = await call(people.sign_in, email=address("bo", "acme"), password=PASSWORD)
    assert bo.token is not None
    world.clock.move(timedelta(minutes=15, seconds=1))
    assert (await call(people.sign_in, email=ANN, password=PASSWORD)).token is not None


@pytest.mark.asvs("V6.3.1")
async def test_strangers_keep_nobody_out_of_a_browser_in_which_they_were_or_of_their_session(world: World) -> None:
    """However long they go on; but whoever has the browser has no more tries by it than others."""
    bo = await world.acme.signed_in("bo")
    for _ in range(3):
        for _ in range(11):
            stranger = await anybody(world.acme, "198.51.100.7")(
                people.sign_in, email=BO, password="wrong horse", device="s" * 43
            )
        assert stranger.wait > 0
        assert (await anybody(world.acme)(people.sign_in, email=BO, password=PASSWORD)).wait > 0
        await world.acme.signed_in("bo")
        assert (await bo(exports.ask, password="wrong horse")).wait == 0
        world.clock.move(timedelta(minutes=15, seconds=1))
    call = anybody(world.acme)
    tries = [await call(people.sign_in, email=BO, password="wrong horse", device=DEVICE) for _ in range(12)]
    assert [one.wait > 0 for one in tries] == [False] * 10 + [True] * 2
    assert (await call(people.sign_in, email=ANN, password=PASSWORD, device=DEVICE)).token is not None


@pytest.mark.asvs("V6.3.1")
async def test_of_many_tries_at_once_no_more_get_through(world: World) -> None:
    call = anybody(world.acme)
    tries = [call(people.sign_in, email=ANN, password="wrong horse") for _ in range(15)]
    assert sorted(answer.wait > 0 for answer in await asyncio.gather(*tries)) == [False] * 10 + [True] * 5


async def test_who_waits_for_a_hash_is_in_nobodys_way(world: World) -> None:
    call, ann = anybody(world.acme), await world.acme.signed_in("ann")
    await call(people.sign_in, email=ANN, password=PASSWORD)
    assert program.process is not None
    program.process.send_signal(signal.SIGSTOP)
    try:
        waiting = [asyncio.create_task(call(people.sign_in, email=ANN, password=PASSWORD)) for _ in range(8)]
        async with asyncio.timeout(5):
            while world.app.customers.usage.used < 3:  # noqa: ASYNC110 - a pool has no event for it
                await asyncio.sleep(0.01)
        await ann(tickets.list)
        assert world.app.customers.usage.used == 3
    finally:
        program.process.send_signal(signal.SIGCONT)
    assert all(answer.token for answer in await asyncio.gather(*waiting))


async def test_what_works_on_passwords_may_be_killed(world: World) -> None:
    call = anybody(world.acme)
    await call(people.sign_in, email=ANN, password=PASSWORD)
    killed = program.process
    assert killed is not None
    killed.kill()
    assert (await call(people.sign_in, email=ANN, password=PASSWORD)).token is not None
    assert (await call(people.sign_in, email=ANN, password="wrong horse")).token is None
    assert program.process is not killed


async def test_killed_with_several_before_it_all_are_answered_by_the_next(world: World) -> None:
    call = anybody(world.acme)
    await call(people.sign_in, email=ANN, password=PASSWORD)
    killed = program.process
    assert killed is not None
    killed.send_signal(signal.SIGSTOP)
    waiting = [asyncio.create_task(call(people.sign_in, email=ANN, password=PASSWORD)) for _ in range(6)]
    async with asyncio.timeout(5):
        while world.app.customers.usage.used < 3:  # noqa: ASYNC110 - a pool has no event for it
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    killed.kill()
    assert all(answer.token for answer in await asyncio.gather(*waiting))
    assert program.process is not None
    assert program.process.pid != killed.pid


@pytest.mark.asvs("V6.8.1")
async def test_an_address_alone_says_not_who_somebody_is(world: World) -> None:
    """Who that is, is said by the helpdesk that knows them and their id there: nobody else vouches for anybody."""
    globex = await world.neighbour()
    await globex.program(Kind.COMMAND)(people.invite, email=ANN, name="Another Ann", role="owner")
    token = (await anybody(world.acme)(people.sign_in, email=ANN, password=PASSWORD)).token
    assert token is not None
    await world.acme.calling(Kind.PERSON, token)(tickets.list)
    with pytest.raises(rpc.Unauthenticated):
        await globex.calling(Kind.PERSON, token)(tickets.list)
    assert (await anybody(globex)(people.sign_in, email=ANN, password=PASSWORD)).token is None


@pytest.mark.long
async def test_a_hundred_failures_close_a_block_of_addresses(world: World) -> None:
    for number in range(100):
        call = anybody(world.acme, f"203.0.113.{number}")
        await call(people.sign_in, email=f"guess{number}@acme.example", password="x")
    blocked = await anybody(world.acme, "203.0.113.250")(people.sign_in, email=ANN, password=PASSWORD)
    assert blocked.wait > 0
    assert (await anybody(world.acme, "203.0.114.1")(people.sign_in, email=ANN, password=PASSWORD)).token is not None


@pytest.mark.asvs("V6.2.8", "V6.2.9")
async def test_passwords_that_differ_late_are_different(world: World) -> None:
    """Nothing is cut off."""
    long = "p" * 79 + "1" + "q" * 20
    invited = await world.acme.program(Kind.COMMAND)(
        people.invite, email="iris@acme.example", name="Iris", role="agent"
    )
    call = anybody(world.acme)
    await call(people.choose_password, token=invited.secret.rpartition("/")[2], password=long)
    other = await call(people.sign_in, email="iris@acme.example", password="p" * 79 + "2" + "q" * 20)
    assert other.token is None
    assert (await call(people.sign_in, email="iris@acme.example", password=long)).token is not None


@pytest.mark.parametrize("password", ["short", "", "x" * 129])
@pytest.mark.asvs("V6.2.1")
async def test_a_password_has_8_to_128_characters(world: World, password: str) -> None:
    invited = await world.acme.program(Kind.COMMAND)(
        people.invite, email="iris@acme.example", name="Iris", role="agent"
    )
    token = invited.secret.rpartition("/")[2]
    with pytest.raises(rpc.Invalid) as refused:
        await anybody(world.acme)(people.choose_password, token=token, password=password)
    assert "password" in refused.value.fields


async def test_a_session_ends_by_12_idle_hours_by_7_days_and_by_signing_out(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    for _ in range(2):
        world.clock.move(timedelta(hours=11, minutes=59))
        await ann(tickets.queue)
    world.clock.move(timedelta(hours=12, minutes=1))
    with pytest.raises(rpc.Unauthenticated):
        await ann(tickets.queue)
    ann = await world.acme.signed_in("ann")
    for _ in range(16):
        world.clock.move(timedelta(hours=10))
        await ann(tickets.queue)
    world.clock.move(timedelta(hours=8, minutes=1))
    with pytest.raises(rpc.Unauthenticated):
        await ann(tickets.queue)
    ann = await world.acme.signed_in("ann")
    await ann(people.sign_out)
    with pytest.raises(rpc.Unauthenticated):
        await ann(tickets.queue)


@pytest.mark.parametrize("secret", ["", "x", "a" * 100_000, "sdt_" + "A" * 43, "\u00e4\u0000"])
@pytest.mark.flaw("MantisBT CVE-2017-7615")
async def test_invented_cookies_and_tokens_open_nothing(world: World, secret: str) -> None:
    for kind in (Kind.PERSON, Kind.TOKEN, Kind.LINK):
        with pytest.raises((rpc.Unauthenticated, rpc.MethodNotFound)):
            await world.acme.calling(kind, secret)(tickets.list)


async def test_a_cookie_is_no_token_and_a_token_no_cookie(world: World) -> None:
    cookie = (await anybody(world.acme)(people.sign_in, email=ANN, password=PASSWORD)).token
    assert cookie is not None
    for kind, secret in ((Kind.TOKEN, cookie), (Kind.PERSON, world.acme.tokens["ann"])):
        with pytest.raises(rpc.Unauthenticated):
            await world.acme.calling(kind, secret)(tickets.list)


@pytest.mark.flaw("Sentry CVE-2022-23485")
@pytest.mark.asvs("V6.4.1")
async def test_an_invitation_is_used_once_also_by_many_at_once(world: World) -> None:
    invited = await world.acme.program(Kind.COMMAND)(
        people.invite, email="iris@acme.example", name="Iris", role="agent"
    )
    token = invited.secret.rpartition("/")[2]
    call = anybody(world.acme)
    assert (await call(people.welcome, token=token)).email == "iris@acme.example"
    answers = await asyncio.gather(
        *(call(people.choose_password, token=token, password=f"password {number}") for number in range(5)),
        return_exceptions=True,
    )
    assert len([answer for answer in answers if not isinstance(answer, BaseException)]) == 1
    assert {type(answer) for answer in answers if isinstance(answer, BaseException)} == {rpc.NotFound}


@pytest.mark.flaw("Zulip CVE-2021-43791", "FreeScout CVE-2026-41902")
async def test_an_invitation_ends_after_72_hours_at_the_step_that_counts(world: World) -> None:
    """The form may have been opened in time."""
    invited = await world.acme.program(Kind.COMMAND)(
        people.invite, email="iris@acme.example", name="Iris", role="agent"
    )
    token, call = invited.secret.rpartition("/")[2], anybody(world.acme)
    await call(people.welcome, token=token)
    world.clock.move(timedelta(hours=72, seconds=1))
    with pytest.raises(rpc.NotFound):
        await call(people.choose_password, token=token, password=PASSWORD)


async def test_a_newer_invitation_replaces_the_older(world: World) -> None:
    command, call = world.acme.program(Kind.COMMAND), anybody(world.acme)
    links = [
        (await command(people.invite, email="iris@acme.example", name="Iris", role="agent")).secret for _ in range(2)
    ]
    with pytest.raises(rpc.NotFound):
        await call(people.welcome, token=links[0].rpartition("/")[2])
    await call(people.welcome, token=links[1].rpartition("/")[2])


@pytest.mark.flaw("Zulip CVE-2022-21706")
async def test_an_invitation_of_one_customer_is_nothing_at_another(world: World) -> None:
    globex = await world.neighbour()
    invited = await world.acme.program(Kind.COMMAND)(
        people.invite, email="iris@acme.example", name="Iris", role="agent"
    )
    token = invited.secret.rpartition("/")[2]
    with pytest.raises(rpc.NotFound):
        await anybody(globex)(people.choose_password, token=token, password=PASSWORD)


@pytest.mark.flaw("GLPI CVE-2024-50339")
@pytest.mark.asvs("V11.4.2")
async def test_what_is_kept_of_secrets_opens_nothing(world: World) -> None:
    """Rows hold hashes, a password's verifier is argon2id."""
    ann = await world.acme.signed_in("ann")
    rows = await world.rows(
        world.acme,
        "SELECT encode(fingerprint, 'hex') FROM secret.sessions UNION ALL "
        "SELECT encode(fingerprint, 'hex') FROM secret.tokens UNION ALL SELECT hash FROM secret.verifiers",
    )
    assert len(rows) >= 5
    secrets = (ann.credential.secret, world.acme.tokens["ann"], PASSWORD)
    assert not [row for row in rows for secret in secrets if secret in row]
    verifiers = await world.rows(world.acme, "SELECT hash FROM secret.verifiers")
    assert all(verifier.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for verifier in verifiers)
