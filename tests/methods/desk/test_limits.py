"""How often one may try, ask and search: for an account, for the addresses around it and for a helpdesk, over all
processes together.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

import rpc
from orm import StatementCounter
from orm.testing import Server
from rpc import Kind
from seldesk.app.build import opened
from seldesk.errors import TooManyTries
from seldesk.methods.desk import exports, people, profile, requests, tickets
from seldesk.models.desk.session import LEFT, MOST
from seldesk.models.desk.trying import PER_BLOCK, PER_CUSTOMER
from tests.faults import another
from tests.mailed import anybody, cleo_writes, mailed, signed_in
from tests.web.visitor import FORM_TOKEN, FROM_OUR_PAGE
from tests.world import CLEO, PASSWORD, Desk, World, address, mail
from tests.world import world as made

CEM = "cem@cem.example"
ANN, BO = address("ann", "acme"), address("bo", "acme")
NEW = "another horse battery"


@asynccontextmanager
async def beside(world: World) -> AsyncIterator[Desk]:
    """The same helpdesk, served by another process."""
    async with opened(world.app.settings, world.app.cluster, world.clock) as app:
        yield world.acme.of(app)


async def until_refused(call: rpc.Call, method: rpc.Method[..., Any], **given: object) -> TooManyTries:
    """Soon: at most once for each of a minute."""
    for _ in range(41):
        try:
            await call(method, **given)
        except TooManyTries as refused:
            return refused
    pytest.fail("it was never refused")


async def counted(world: World, most: int) -> None:
    """So many failed at this helpdesk, or around an address, just now."""
    await world.rows(world.acme, f"UPDATE secret.limits SET count = {most} RETURNING 1")  # noqa: S608 - a number


@pytest.mark.long
@pytest.mark.asvs("V6.3.1", "V2.4.1")
async def test_two_processes_count_together(world: World) -> None:
    await cleo_writes(world)
    world.relay.sent.clear()
    async with beside(world) as other:
        both = (world.acme, other)
        for at in range(10):
            assert (await anybody(both[at % 2])(people.sign_in, email=ANN, password="wrong horse")).wait == 0
        for desk in both:
            assert (await anybody(desk)(people.sign_in, email=ANN, password=PASSWORD)).wait > 0
        for at in range(8):
            await anybody(both[at % 2], f"198.51.{at}.7")(people.mail_link, email=CLEO, purpose="password")
        await world.deliver(world.acme)
        assert len(world.relay.sent) == 3
        cleo = await signed_in(world)
        there = other.calling(Kind.PERSON, cleo.credential.secret)
        for at in range(30):
            await (cleo, there)[at % 2](requests.create, subject=f"Matter {at}", body="Please look.")
        for call in (cleo, there):
            with pytest.raises(TooManyTries):
                await call(requests.create, subject="One more", body="Please look.")


@pytest.mark.long
@pytest.mark.asvs("V2.4.1")
async def test_searches_and_programs_have_a_rate_over_all_processes(cluster: tuple[Server, Path]) -> None:
    """And what they have in common with others around them: five times, and twenty times as many."""
    given: dict[str, Any] = {"SELDESK_LIMITS__SEARCHES_PER_MINUTE": "20", "SELDESK_LIMITS__CALLS_PER_MINUTE": "40"}
    async with made(*cluster, **given) as world, beside(world) as other:
        ann = await world.acme.signed_in("ann")
        here, there = ann, other.calling(Kind.PERSON, ann.credential.secret)
        for at in range(19):
            await (here, there)[at % 2](tickets.search, query="printer")
        for call in (here, there):
            refused = await until_refused(call, people.suggest, query="cl")
            assert 0 < refused.retry_after <= 60
        await here(tickets.queue)
        bo = await world.acme.signed_in("bo")
        await bo(tickets.search, query="printer")
        script = world.acme.by_token("bo")
        await until_refused(script, tickets.agents)
        await bo(tickets.agents)
        world.clock.move(timedelta(seconds=61))
        await here(tickets.search, query="printer")
        await script(tickets.agents)


@pytest.mark.long
@pytest.mark.asvs("V6.3.1")
async def test_nobody_shuts_the_owner_out_for_longer_than_fifteen_minutes(world: World) -> None:
    """However long they go on, from wherever; and a mailed link opens at once."""
    for _ in range(10):
        await anybody(world.acme)(people.sign_in, email=BO, password="wrong horse")
    for minute in range(14):
        world.clock.move(timedelta(minutes=1))
        answer = await anybody(world.acme, f"198.51.{minute}.7")(people.sign_in, email=BO, password="wrong horse")
        assert answer.wait <= (14 - minute) * 60, "whoever goes on trying makes it no longer"
    world.clock.move(timedelta(minutes=1, seconds=1))
    assert (await anybody(world.acme)(people.sign_in, email=BO, password=PASSWORD)).token is not None
    # Very many failures at other accounts, from very many places: those who mistype nothing come in, guesses do not.
    await world.rows(world.acme, "DELETE FROM secret.limits RETURNING 1")
    await anybody(world.acme)(people.sign_in, email=ANN, password="wrong horse")
    await counted(world, PER_CUSTOMER.most)
    assert PER_BLOCK.most < PER_CUSTOMER.most
    far = "203.0.113.7"
    assert (await anybody(world.acme, far)(people.sign_in, email=BO, password=PASSWORD)).token is not None
    for number in range(3):
        guessed = await anybody(world.acme, far)(people.sign_in, email=BO, password=f"guess {number}")
        assert guessed.wait == 0
    assert (await anybody(world.acme, far)(people.sign_in, email=BO, password=PASSWORD)).wait > 0


@pytest.mark.asvs("V2.4.1", "V6.3.1")
async def test_who_has_the_right_password_comes_in_so_often_within_an_hour_and_no_more(world: World) -> None:
    """Over all processes, however it is shown, and before it is looked at: looking costs. A new password ends it."""
    most: dict[str, Any] = {"SELDESK_LIMITS__SIGN_INS_PER_HOUR": "4"}
    async with another(world, **most) as here, another(world, **most) as there:
        bo = await here.signed_in("bo")
        for desk in (there, here, there):
            with StatementCounter() as counter:
                await desk.signed_in("bo")
            counts = [one for one in counter.statements if "secret.limits" in one]
            assert len(counts) == 3, "all counters are read, the try is counted, and then that it was right"
        for desk, password in ((here, PASSWORD), (there, "wrong horse")):
            refused = await anybody(desk, "198.51.100.7")(people.sign_in, email=BO.upper(), password=password)
            assert refused.token is None
            assert 0 < refused.wait <= 3600
        assert (await bo(exports.ask, password=PASSWORD)).wait > 0
        await there.signed_in("ann")
        link = await mailed(world, BO, "password")
        await anybody(here)(people.reset_password, token=link, password=NEW)
        assert (await anybody(here)(people.sign_in, email=BO, password=NEW)).token is not None
        for _ in range(3):
            await there.signed_in("ann")
        assert (await anybody(here)(people.sign_in, email=ANN, password=PASSWORD)).wait > 0
        world.clock.move(timedelta(hours=1, seconds=1))
        await here.signed_in("ann")


async def test_of_very_many_sessions_of_one_person_those_used_last_are_left(world: World) -> None:
    """Nobody has to sign out of the browser that they sit at."""
    oldest, used = await world.acme.signed_in("bo"), await world.acme.signed_in("bo")
    world.clock.move(timedelta(hours=1))
    ann = await world.acme.signed_in("ann")
    await used(tickets.queue)
    theirs = "FROM secret.sessions WHERE person_id = (SELECT id FROM app.people WHERE name = 'Bo')"
    (there,) = await world.rows(world.acme, f"SELECT count(*) {theirs}")
    columns = "person_id, address, browser, factor, created_at, proved_at, expires_at"
    copies = f"(SELECT * {theirs} ORDER BY seen_at LIMIT 1) one, generate_series(1, {MOST - int(there)}) n"
    await world.rows(
        world.acme,
        f"INSERT INTO secret.sessions (id, fingerprint, seen_at, {columns}) SELECT gen_random_uuid(),"  # noqa: S608 - ours
        f" decode(md5(n::text), 'hex'), seen_at + interval '1 minute', {columns} FROM {copies} RETURNING 1",
    )
    last = await world.acme.signed_in("bo")
    assert await world.rows(world.acme, f"SELECT count(*) {theirs}") == [str(LEFT + 1)]
    for call in (used, last, ann):
        await call(tickets.queue)
    with pytest.raises(rpc.Unauthenticated):
        await oldest(tickets.queue)


@pytest.mark.long
@pytest.mark.asvs("V6.3.1", "V7.5.3")
async def test_a_password_that_is_asked_for_once_more_is_counted_like_the_first(world: World) -> None:
    """In sessions that were left open as well; but who found one keeps its person out of no other place."""
    bo = await world.acme.signed_in("bo")
    for _ in range(5):
        assert not (await bo(exports.ask, password="wrong horse")).asked
        assert not (await bo(profile.change_password, current="wrong horse", password="another horse")).changed
    assert (await bo(exports.ask, password=PASSWORD)).wait > 0
    assert (await bo(profile.change_password, current=PASSWORD, password="another horse")).wait > 0
    assert (await anybody(world.acme)(people.sign_in, email=BO, password=PASSWORD)).token is not None


@pytest.mark.long
@pytest.mark.flaw("Zammad CVE-2022-35488")
@pytest.mark.asvs("V2.4.1", "V4.1.3")
async def test_two_hundred_resets_whatever_their_heads_say_are_three_mails(world: World) -> None:
    """From a few places, in every spelling, with headers that would name another place for each."""
    await cleo_writes(world)
    world.relay.sent.clear()
    spelt = [CLEO, CLEO.upper(), CLEO.title(), f" {CLEO} "]
    codes = []
    for place in range(4):
        transport = httpx2.ASGITransport(world.app.web(), client=(f"198.51.{place}.7", 50_000))
        async with httpx2.AsyncClient(transport=transport, base_url="http://acme.localhost:8080") as somebody:
            token = FORM_TOKEN.search((await somebody.get("/forgot")).text)
            assert token
            for at in range(50):
                forged = f"10.{place}.{at}.1"
                heads = {"X-Forwarded-For": forged, "X-Real-IP": forged, "Forwarded": f"for={forged}"}
                fields = {"form_token": token[1], "email": spelt[at % 4]}
                answer = await somebody.post("/forgot", data=fields, headers=FROM_OUR_PAGE | heads)
                codes.append(answer.status_code)
    assert set(codes) == {303} or set(codes) == {200}, "nobody is told that nothing is mailed any more"
    await world.deliver(world.acme)
    assert len(world.relay.sent) == 3
    # Had the headers been believed, no block of addresses would have asked fifty times.
    kept = await world.rows(world.acme, "SELECT count FROM secret.limits ORDER BY count DESC LIMIT 4")
    assert kept[1:4] == ["50"] * 3 or kept[:4] == ["50"] * 4


@pytest.mark.long
@pytest.mark.asvs("V2.4.1")
async def test_a_block_of_addresses_and_a_helpdesk_have_their_bounds(world: World) -> None:
    """Somebody who has asked for nothing yet, beside others who asked for very much."""
    await cleo_writes(world)
    await world.acme.mail(mail(sender="Cem <cem@cem.example>", message_id="<1@cem.example>"), sender=CEM)
    cleo, cem = await signed_in(world), await signed_in(world, CEM)
    far = world.app.dispatcher.calling(replace(cem.credential, address="198.51.100.9"))
    await cleo(requests.create, subject="Matter", body="Please look.")
    for most, refused in ((200, [cem]), (1000, [cem, far])):
        await counted(world, most)
        for call in refused:
            with pytest.raises(TooManyTries):
                await call(requests.create, subject="Matter", body="Please look.")
        if most == 200:
            await far(requests.create, subject="Matter", body="Please look.")
    with pytest.raises(TooManyTries):
        await anybody(world.acme, "203.0.113.9")(people.mail_link, email=ANN, purpose="password")
    world.clock.move(timedelta(minutes=61))
    await cem(requests.create, subject="Matter", body="Please look.")
    await anybody(world.acme, "203.0.113.9")(people.mail_link, email=ANN, purpose="password")
