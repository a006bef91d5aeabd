"""One-time links by mail: signing in to the portal, and choosing a new password."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

import rpc
from rpc import Kind
from seldesk.errors import TooManyTries
from seldesk.methods.desk import people, requests, tickets
from seldesk.models.desk import Purpose
from seldesk.models.desk.mailed_link import LinkOver
from tests.mailed import anybody, cleo_writes, mailed, signed_in, words
from tests.world import CLEO, PASSWORD, World, address, mail

ANN = address("ann", "acme")
NEW = "another horse battery"
PURPOSES: tuple[Purpose, ...] = ("sign_in", "password")
purposes = pytest.mark.parametrize("purpose", PURPOSES)


async def test_a_requester_signs_in_by_a_mailed_link_and_sees_their_own_tickets(world: World) -> None:
    number = await cleo_writes(world)
    await world.acme.mail(mail(sender="Cem <cem@cem.example>", message_id="<1@cem.example>"), sender="cem@cem.example")
    call = await signed_in(world)
    listed = await call(requests.list)
    assert [row.number for row in listed.items] == [number]
    assert (listed.me.role, listed.items[0].last[0].author) == ("requester", "Cleo Camp")
    assert (await call(requests.read, number=number)).number == number


@pytest.mark.flaw("Zammad CVE-2023-31597")
async def test_asking_alone_opens_nothing_however_the_address_is_spelt(world: World) -> None:
    """Not before the link that went to the address is opened."""
    await cleo_writes(world)
    world.relay.sent.clear()
    for spelt in (CLEO.upper(), f" {CLEO} ", "cleo+x@cleo.example", "c.leo@cleo.example", "cleo@CLEO.example."):
        await anybody(world.acme)(people.mail_link, email=spelt, purpose="sign_in")
    await world.deliver(world.acme)
    assert {tuple(letter.recipients) for letter in world.relay.sent} == {(CLEO,)}
    assert len(world.relay.sent) == 2, "other mailboxes than hers are not hers"


@pytest.mark.flaw("Sentry CVE-2022-23485")
@pytest.mark.asvs("V6.4.1", "V6.5.1")
async def test_a_link_signs_in_once_also_by_many_at_once(world: World) -> None:
    """Looking at the page first, as a mail scanner does, does not use it up."""
    await cleo_writes(world)
    token, call = await mailed(world, CLEO), anybody(world.acme)
    for _ in range(2):
        assert (await call(people.link, token=token, purpose="sign_in")).email == CLEO
    answers = await asyncio.gather(
        *(call(people.sign_in_by_link, token=token) for _ in range(5)), return_exceptions=True
    )
    assert len([answer for answer in answers if not isinstance(answer, BaseException)]) == 1
    assert {type(answer) for answer in answers if isinstance(answer, BaseException)} == {LinkOver}


@pytest.mark.parametrize(("purpose", "minutes"), [("sign_in", 10), ("password", 60)])
@pytest.mark.flaw("Zulip CVE-2021-43791", "FreeScout CVE-2026-41902")
@pytest.mark.asvs("V6.4.1", "V6.5.5")
async def test_a_link_ends_at_the_step_that_counts(world: World, purpose: Purpose, minutes: int) -> None:
    """The page may have been opened in time."""
    await cleo_writes(world)
    token, call = await mailed(world, CLEO, purpose), anybody(world.acme)
    world.clock.move(timedelta(minutes=minutes))
    with pytest.raises(LinkOver):
        await use(call, purpose, token)
    token = await mailed(world, CLEO, purpose)
    world.clock.move(timedelta(minutes=minutes, seconds=-1))
    await use(call, purpose, token)


async def use(call: rpc.Call, purpose: str, token: str) -> object:
    if purpose == "sign_in":
        return await call(people.sign_in_by_link, token=token)
    return await call(people.reset_password, token=token, password=NEW)


@pytest.mark.parametrize("token", ["", "0", "null", "[]", "\0", "%00", "x" * 255, "0e123", "x" * 1_000_000])
@pytest.mark.flaw("MantisBT CVE-2017-7615", "MantisBT CVE-2025-47776")
async def test_invented_links_are_not_found(world: World, token: str) -> None:
    for purpose in PURPOSES:
        with pytest.raises((LinkOver, rpc.Invalid)):
            await use(anybody(world.acme), purpose, token)


@pytest.mark.parametrize("token", [None, [], 0, False, {}, 0e123])
@pytest.mark.flaw("MantisBT CVE-2025-47776")
@pytest.mark.asvs("V15.3.5")
async def test_a_link_is_a_string(world: World, token: object) -> None:
    for name in ("people.sign_in_by_link", "people.link", "people.reset_password"):
        arguments = {"token": token, "purpose": "password", "password": NEW}
        with pytest.raises(rpc.Invalid):
            await world.app.dispatcher.answer(anybody(world.acme).credential, name, arguments)


@pytest.mark.flaw("Zulip CVE-2022-21706")
@pytest.mark.asvs("V8.4.1")
async def test_a_link_does_only_what_it_was_mailed_for_and_only_here(world: World) -> None:
    await cleo_writes(world)
    tokens = {purpose: await mailed(world, CLEO, purpose) for purpose in PURPOSES}
    globex = await world.neighbour()
    for purpose, token in tokens.items():
        with pytest.raises(LinkOver):
            await use(anybody(globex), purpose, token)
        with pytest.raises(LinkOver):
            await use(anybody(world.acme), "password" if purpose == "sign_in" else "sign_in", token)


@purposes
@pytest.mark.flaw("Zammad CVE-2022-35488")
@pytest.mark.asvs("V2.4.1")
async def test_an_address_gets_three_mails_an_hour(world: World, purpose: Purpose) -> None:
    """Whatever the spelling, wherever from, however many at once."""
    await cleo_writes(world)
    world.relay.sent.clear()
    spelt = [CLEO, CLEO.upper(), f" {CLEO}", f"{CLEO}  ", CLEO.title()]
    asked = [(spelt[number % 5], f"198.51.{number}.7") for number in range(60)]
    await asyncio.gather(
        *(anybody(world.acme, at)(people.mail_link, email=email, purpose=purpose) for email, at in asked[:20])
    )
    for number in range(4):
        world.clock.move(timedelta(minutes=14))
        for email, at in asked[20 + 10 * number :][:10]:
            await anybody(world.acme, at)(people.mail_link, email=email, purpose=purpose)
    await world.deliver(world.acme)
    assert len(world.relay.sent) == 3
    world.clock.move(timedelta(minutes=60))
    await mailed(world, CLEO, purpose)
    assert len(world.relay.sent) == 4


@pytest.mark.long
@pytest.mark.flaw("Zammad CVE-2022-35488")
async def test_no_hour_sees_more_than_three_mails_however_they_are_spread(world: World) -> None:
    """Also not the hour in the middle of two counted ones."""
    await cleo_writes(world)
    times = []
    for minute in range(0, 240, 5):
        world.relay.sent.clear()
        await anybody(world.acme, f"198.51.{minute}.7")(people.mail_link, email=CLEO, purpose="sign_in")
        await world.deliver(world.acme)
        times += [minute] * len(world.relay.sent)
        world.clock.move(timedelta(minutes=5))
    assert len(times) >= 9
    assert all(len([time for time in times if start <= time < start + 60]) <= 3 for start in times)


@pytest.mark.asvs("V2.4.1")
async def test_a_block_of_addresses_is_stopped_when_it_asks_for_many(world: World) -> None:
    for number in range(100):
        await anybody(world.acme)(people.mail_link, email=f"guess{number}@x.example", purpose="sign_in")
    with pytest.raises(TooManyTries):
        await anybody(world.acme, "192.0.2.99")(people.mail_link, email="one@x.example", purpose="sign_in")
    await anybody(world.acme, "192.0.3.1")(people.mail_link, email="one@x.example", purpose="sign_in")


@purposes
async def test_an_unknown_address_is_answered_alike_and_forgotten(world: World, purpose: Purpose) -> None:
    """What is written while the question is answered is the same; only the worker finds nobody."""
    await cleo_writes(world)
    world.relay.sent.clear()
    await anybody(world.acme)(people.mail_link, email="nobody@x.example", purpose=purpose)
    assert await world.rows(world.acme, "SELECT payload->>'email' FROM app.outbox WHERE state = 'new'") == [
        "nobody@x.example"
    ]
    await world.deliver(world.acme)
    assert world.relay.sent == []
    assert await world.rows(world.acme, "SELECT id FROM app.outbox WHERE payload->>'email' like 'nobody%'") == []
    assert await world.rows(world.acme, "SELECT id FROM app.people WHERE email like 'nobody%'") == []


@pytest.mark.parametrize(
    "email",
    [
        "{0},evil@x.example",
        "evil@x.example,{0}",
        "{0};evil@x.example",
        "{0} evil@x.example",
        "{0}\r\nBcc: evil@x.example",
        "{0}%0aBcc:evil@x.example",
        "<{0}>",
        "{0}\0",
        ["{0}", "evil@x.example"],
        {"email": "{0}"},
        True,
        0,
        None,
    ],
)
@purposes
@pytest.mark.flaw("GitLab CVE-2023-7028")
async def test_a_mail_goes_to_one_stored_address_or_to_nobody(world: World, purpose: Purpose, email: object) -> None:
    given = (
        email.format(ANN) if isinstance(email, str) else [ANN, "evil@x.example"] if isinstance(email, list) else email
    )
    arguments = {"email": given, "purpose": purpose}
    with suppress(rpc.Invalid):
        await world.app.dispatcher.answer(anybody(world.acme).credential, "people.mail_link", arguments)
    await world.deliver(world.acme)
    assert world.relay.sent == []


@purposes
@pytest.mark.flaw("GitLab CVE-2023-7028", "MantisBT CVE-2024-23830", "RT CVE-2012-4730", "Zendesk e-mail bombs 2025")
async def test_the_mail_goes_to_the_address_on_record_and_says_nothing_that_was_typed(
    world: World, purpose: Purpose
) -> None:
    await cleo_writes(world)
    await mailed(world, f" {CLEO.upper()} ", purpose)
    sent = world.relay.sent[-1]
    letter, text = words(sent.raw)
    assert (sent.recipients, sent.sender) == ([CLEO], "")
    assert (letter["To"], letter["Auto-Submitted"]) == (CLEO, "auto-replied")
    assert CLEO.upper() not in sent.raw.decode()
    assert "Camp" not in sent.raw.decode(), "the name came with a mail that anybody can have written"
    assert text.count("http://") == 1


@pytest.mark.asvs("V6.3.4")
async def test_an_agent_is_told_to_use_the_password(world: World) -> None:
    """A mailbox alone does not open the desk."""
    await anybody(world.acme)(people.mail_link, email=ANN, purpose="sign_in")
    await world.deliver(world.acme)
    _, text = words(world.relay.sent[-1].raw)
    assert "http://acme.localhost:8080/desk/sign-in" in text
    assert await world.rows(world.acme, "SELECT id FROM secret.mailed_links") == []


async def test_who_became_an_agent_meanwhile_needs_a_password(world: World) -> None:
    await cleo_writes(world)
    token = await mailed(world, CLEO)
    await world.acme.program(Kind.COMMAND)(people.invite, email=CLEO, name="Cleo", role="owner")
    with pytest.raises(LinkOver):
        await anybody(world.acme)(people.sign_in_by_link, token=token)


@purposes
@pytest.mark.flaw("Odoo CVE-2021-44460")
async def test_a_disabled_person_gets_no_mail_and_their_link_is_over(world: World, purpose: Purpose) -> None:
    await cleo_writes(world)
    token = await mailed(world, CLEO, purpose)
    await world.rows(world.acme, "UPDATE app.people SET disabled_at = now() WHERE name = 'Cleo Camp' RETURNING id")
    with pytest.raises(LinkOver):
        await use(anybody(world.acme), purpose, token)
    world.relay.sent.clear()
    await anybody(world.acme)(people.mail_link, email=CLEO, purpose=purpose)
    await world.deliver(world.acme)
    assert world.relay.sent == []


@pytest.mark.asvs("V6.4.3", "V7.4.1", "V7.4.2", "V7.4.3", "V7.4.4", "V7.4.5")
async def test_a_reset_sets_the_password_ends_all_sessions_and_signs_nobody_in(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    token, call = await mailed(world, ANN, "password"), anybody(world.acme)
    assert repr(await call(people.reset_password, token=token, password=NEW)) == "PasswordSet(role='agent')"
    with pytest.raises(rpc.Unauthenticated):
        await ann(tickets.queue)
    assert (await call(people.sign_in, email=ANN, password=PASSWORD)).token is None
    assert (await call(people.sign_in, email=ANN, password=NEW)).token is not None
    with pytest.raises(LinkOver):
        await call(people.reset_password, token=token, password=NEW)


@pytest.mark.flaw("MantisBT CVE-2024-34077")
async def test_a_reset_changes_only_the_owner_of_the_link(world: World) -> None:
    """Whoever else the request names."""
    token, call = await mailed(world, ANN, "password"), anybody(world.acme)
    bo = {"person_id": str(world.acme.people.get("bo")), "user_id": 1, "email": address("bo", "acme")}
    arguments = {"token": token, "password": NEW, **bo}
    with pytest.raises(rpc.Invalid):
        await world.app.dispatcher.answer(call.credential, "people.reset_password", arguments)
    await call(people.reset_password, token=token, password=NEW)
    assert (await call(people.sign_in, email=address("bo", "acme"), password=PASSWORD)).token is not None


async def test_a_reset_leaves_no_older_link_and_opens_a_closed_account(world: World) -> None:
    call = anybody(world.acme)
    older, token = await mailed(world, ANN, "password"), await mailed(world, ANN, "password")
    for _ in range(10):
        await call(people.sign_in, email=ANN, password="wrong horse")
    await call(people.reset_password, token=token, password=NEW)
    with pytest.raises(LinkOver):
        await call(people.reset_password, token=older, password="x" * 20)
    assert (await call(people.sign_in, email=ANN, password=NEW)).token is not None


@pytest.mark.parametrize("password", ["short", "x" * 129, ""])
@pytest.mark.asvs("V6.2.1")
async def test_a_password_that_will_not_do_leaves_the_link(world: World, password: str) -> None:
    token, call = await mailed(world, ANN, "password"), anybody(world.acme)
    with pytest.raises(rpc.Invalid) as refused:
        await call(people.reset_password, token=token, password=password)
    assert "password" in refused.value.fields
    await call(people.reset_password, token=token, password=NEW)


async def test_a_requester_sets_a_password_and_signs_in_with_it(world: World) -> None:
    number, call = await cleo_writes(world), anybody(world.acme)
    await call(people.reset_password, token=await mailed(world, CLEO, "password"), password=NEW)
    answer = await call(people.sign_in, email=CLEO, password=NEW)
    assert (answer.role, answer.token is not None) == ("requester", True)
    cleo = world.acme.calling(Kind.PERSON, answer.token or "")
    assert [row.number for row in (await cleo(requests.list)).items] == [number]
    with pytest.raises(rpc.MethodNotFound):
        await cleo(tickets.queue)
    with pytest.raises(rpc.MethodNotFound):
        await cleo(tickets.list)


@pytest.mark.flaw("FreeScout CVE-2026-27637")
@pytest.mark.asvs("V6.4.1", "V11.5.1")
async def test_what_is_kept_of_a_link_opens_nothing(world: World) -> None:
    """Random, kept as a hash, and not in the outbox either."""
    await cleo_writes(world)
    tokens = [await mailed(world, CLEO, purpose) for purpose in PURPOSES]
    assert all(len(token) == 43 for token in tokens)
    rows = await world.rows(
        world.acme,
        "SELECT row_to_json(l)::text FROM secret.mailed_links l "
        "UNION ALL SELECT row_to_json(o)::text FROM app.outbox o",
    )
    assert len(rows) >= 4
    assert not [row for row in rows if any(token in row for token in tokens)]


async def test_what_could_not_be_sent_for_an_hour_is_not_sent_any_more(world: World) -> None:
    await cleo_writes(world)
    world.relay.sent.clear()
    for kind in PURPOSES:
        await anybody(world.acme)(people.mail_link, email=CLEO, purpose=kind)
    world.clock.move(timedelta(minutes=61))
    await world.deliver(world.acme)
    assert world.relay.sent == []
