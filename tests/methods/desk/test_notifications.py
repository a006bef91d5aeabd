"""What agents are told by mail: who, of what, once, and nobody who may not see it."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

import rpc
from seldesk.methods.desk import members, profile, requests, tickets
from tests.methods.desk.test_mailboxes import parts
from tests.methods.desk.test_requests import cleo, linked
from tests.methods.desk.test_teams import ids, limited, made
from tests.methods.desk.test_tickets import opened
from tests.world import CLEO, World, address, mail

ANN, BO, IRIS = address("ann", "acme"), address("bo", "acme"), address("iris", "acme")


async def told(world: World) -> list[tuple[str, str]]:
    """Who was told of what since it was asked last, as address and subject."""
    world.clock.move(timedelta(minutes=2))
    world.relay.sent.clear()
    await world.deliver(world.acme)
    read = [message_from_bytes(letter.raw, EmailMessage, policy=policy.default) for letter in world.relay.sent]
    return sorted((one["To"].addresses[0].addr_spec, one["Subject"]) for one in read if CLEO not in one["To"])


async def answer(world: World, text: str, position: int, sender: str = f"Cleo Camp <{CLEO}>") -> None:
    headers = {"In-Reply-To": "<first@cleo.example>"}
    await world.acme.mail(mail(text=text, sender=sender, message_id=f"<{position}@cleo.example>", headers=headers))


async def test_a_new_ticket_is_told_to_those_who_want_it(world: World) -> None:
    ann, bo, known = await world.acme.signed_in("ann"), await world.acme.signed_in("bo"), await ids(world)
    await world.acme.mail(mail())
    assert await told(world) == [], "nobody is told of every ticket who did not ask for it"
    for person in (ann, bo):
        await person(profile.choose_notices, kinds=["new"])
    await world.acme.mail(mail(message_id="<second@cleo.example>"))
    assert await told(world) == [(ANN, "New: The printer smokes [#2]"), (BO, "New: The printer smokes [#2]")]
    await opened(ann)
    assert await told(world) == [(BO, "New: The printer smokes [#3]")], "never to the one who did it"
    number = await opened(ann)
    await ann(tickets.update, number=number, assignee=known["Ann"])
    assert await told(world) == [], "it is somebody's by now"
    team = await made(world, "Printers", "Ann", "Bo")
    await bo(tickets.update, number=3, team=team)
    assert await told(world) == [(ANN, "New: The printer smokes [#3]")]


async def test_who_is_given_tickets_is_told_once(world: World) -> None:
    ann, bo, known = await world.acme.signed_in("ann"), await world.acme.signed_in("bo"), await ids(world)
    numbers = [await opened(ann, f"Matter {position}") for position in range(3)]
    await ann(tickets.update, number=numbers[0], assignee=known["Ann"])
    assert await told(world) == []
    await bo(tickets.update, number=numbers[1], assignee=known["Ann"])
    await bo(tickets.note, number=numbers[1], body="@Ann please")
    assert await told(world) == [(ANN, "Bo mentioned you: Matter 1 [#2]")], "one mail for both"
    text, _ = parts(world.relay.sent[-1].raw)
    assert "Bo gave you this ticket." in text
    await ann(tickets.update_many, numbers=numbers, assignee=known["Bo"])
    assert await told(world) == [(BO, "Ann gave you 3 tickets")]
    await bo(profile.choose_notices, kinds=[])
    await ann(tickets.update_many, numbers=numbers, assignee=None)
    await ann(tickets.update, number=numbers[0], assignee=known["Bo"])
    assert await told(world) == []


async def test_answers_reach_the_assignee_and_the_followers_in_one_mail(world: World) -> None:
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    number, token = await linked(world)
    await bo(tickets.follow, number=number)
    await bo(tickets.follow, number=number)
    assert [one.name for one in (await ann(tickets.read, number=number)).followers] == ["Bo"]
    await answer(world, "It <b>still</b> smokes", 2)
    await (await cleo(world, token))(requests.answer, number=number, body="And it smells")
    subject = "Cleo Camp answered: The printer smokes [#1]"
    assert await told(world) == [(ANN, subject), (BO, subject)]
    letter = world.relay.sent[-1]
    message = message_from_bytes(letter.raw, EmailMessage, policy=policy.default)
    assert (message["Auto-Submitted"], letter.sender) == ("auto-replied", "")
    text, html = parts(letter.raw)
    assert "> It <b>still</b> smokes" in text
    assert "> And it smells" in text
    assert "http://acme.localhost:8080/desk/tickets/1#message-" in text
    assert "-- \nAcme Support\n" in text
    assert "It &lt;b&gt;still&lt;/b&gt; smokes" in html
    await bo(tickets.unfollow, number=number)
    await answer(world, "Hello?", 3)
    assert await told(world) == [(ANN, subject)]


@pytest.mark.flaw("Odoo CVE-2021-44465")
async def test_a_requester_follows_nothing_and_adds_nobody(world: World) -> None:
    number, token = await linked(world)
    requester = await cleo(world, token)
    for method in (tickets.follow, tickets.unfollow):
        with pytest.raises(rpc.MethodNotFound):
            await requester(method, number=number)
    iris = await limited(world)
    with pytest.raises(rpc.NotFound):
        await iris(tickets.follow, number=number)
    raw = mail(message_id="<cc@x.example>", headers={"In-Reply-To": "<first@cleo.example>", "Cc": BO})
    await world.acme.mail(raw)
    assert [to for to, _ in await told(world)] == [ANN]


@pytest.mark.flaw("Zulip CVE-2024-27286")
async def test_who_lost_the_ticket_is_told_nothing(world: World) -> None:
    """Neither who lost it before it was written, nor who lost it before it was sent."""
    bo, iris, known = await world.acme.signed_in("bo"), await limited(world), await ids(world)
    await world.acme.mail(mail())
    await bo(tickets.update, number=1, assignee=known["Iris"])
    await iris(tickets.follow, number=1)
    assert [to for to, _ in await told(world)] == [IRIS]
    await answer(world, "Secret", 2)
    await bo(tickets.update, number=1, assignee=None)
    assert await told(world) == []
    await answer(world, "More of it", 3)
    await bo(tickets.note, number=1, body="@Iris look")
    assert await told(world) == []
    await bo(tickets.update, number=1, assignee=known["Iris"])
    await answer(world, "And more", 4)
    await bo(members.disable, person=known["Iris"])
    assert await told(world) == []


async def test_a_mention_is_marked_told_and_makes_a_follower(world: World) -> None:
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    await bo(profile.rename, name="Bo Lind")
    number = await opened(ann)
    body = 'Look, @"Bo Lind" <img src=x onerror=alert(1)> and `@bo`, @Ann, cleo@bo, @Nobody'
    await ann(tickets.note, number=number, body=body)
    page = await ann(tickets.page, number=number)
    shown = page.messages[-1].markdown or ""
    assert '<span class="mention">@Bo Lind</span>' in shown
    assert shown.count("mention") == 2, "Ann's own name is marked too"
    assert "<img" not in shown
    assert [one.name for one in page.ticket.followers] == ["Ann", "Bo Lind"]
    assert "mentioned" not in {event.kind for event in page.events}
    assert await world.rows(world.acme, "select count(*) from log.events where kind = 'mentioned'") == ["1"]
    assert await told(world) == [(BO, "Ann mentioned you: The printer smokes [#1]")]
    text, html = parts(world.relay.sent[-1].raw)
    assert "Ann wrote an internal note" in text
    assert "<img" not in html


@pytest.mark.flaw("FreeScout CVE-2026-47123")
async def test_an_answer_to_a_notification_stays_inside(world: World) -> None:
    """Only the address that was made for this agent speaks in the agent's name, and it writes a note."""
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    number, token = await linked(world)
    await bo(tickets.note, number=number, body="@Ann she never pays")
    await told(world)
    letter = message_from_bytes(world.relay.sent[-1].raw, EmailMessage, policy=policy.default)
    reply_to, identity = letter["Reply-To"].addresses[0].addr_spec, str(letter["Message-ID"])
    genuine = mail(
        "Re: x", "I know.\n\n> she never pays", sender=f"Ann <{ANN}>", to=reply_to, message_id="<a@a.example>"
    )
    received = await world.acme.mail(genuine, to=reply_to, sender=ANN)
    assert (received.outcome, received.ticket) == ("threaded", number)
    note = (await ann(tickets.page, number=number)).messages[-1]
    assert (note.kind, note.author, note.text, note.verified) == ("note", "Ann", "I know.", True)
    forged = {
        "another agent's address": (BO, reply_to, {}),
        "a stranger": ("eve@evil.example", reply_to, {"In-Reply-To": identity}),
        "a truncated address": (ANN, f"{reply_to.partition('@')[0][:-1]}@acme.localhost", {"References": identity}),
        "the id alone": (ANN, world.acme.mailbox, {"In-Reply-To": identity, "References": identity}),
    }
    before = len((await ann(tickets.page, number=number)).messages)
    for position, (sender, to, headers) in enumerate(forged.values()):
        raw = mail("Re: [#1] x", sender=sender, to=to, message_id=f"<{position}@evil.example>", headers=headers)
        received = await world.acme.mail(raw, to=to, sender=sender)
        assert received.outcome == "opened"
        assert received.ticket != number
    assert len((await ann(tickets.page, number=number)).messages) == before
    assert "never pays" not in repr(await (await cleo(world, token))(requests.read, number=number))


async def test_an_automatic_answer_to_a_notification_is_held_back(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    number, _ = await linked(world)
    await bo(tickets.note, number=number, body="@Ann look")
    await told(world)
    letter = message_from_bytes(world.relay.sent[-1].raw, EmailMessage, policy=policy.default)
    to = letter["Reply-To"].addresses[0].addr_spec
    away = mail(
        "Away",
        "I am away",
        sender=ANN,
        to=to,
        message_id="<away@a.example>",
        headers={"Auto-Submitted": "auto-replied"},
    )
    assert (await world.acme.mail(away, to=to, sender=ANN)).outcome == "suspended"


async def test_a_mail_that_only_claims_to_be_an_agents_is_told_to_that_agent(world: World) -> None:
    await linked(world)
    await answer(world, "Wire the money", 7, sender=f"Ann <{ANN}>")
    assert [to for to, _ in await told(world)] == [ANN]
    assert "nothing proves that this sender owns the address" in parts(world.relay.sent[-1].raw)[0]


@pytest.mark.long
async def test_nobody_is_flooded(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    await bo(profile.choose_notices, kinds=["new"])
    for position in range(65):
        await world.acme.mail(mail(message_id=f"<{position}@x.example>"))
    assert len(await told(world)) == 60


async def test_what_is_put_away_is_told_to_nobody(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    await linked(world)
    await answer(world, "Buy this", 2)
    await ann(tickets.update, number=1, removed="spam")
    assert await told(world) == []
    await answer(world, "Buy that", 3)
    assert await told(world) == []


@pytest.mark.flaw("Odoo CVE-2021-44460")
async def test_the_answer_of_who_was_disabled_meanwhile_is_no_agents(world: World) -> None:
    """The address that was made for them speaks in nobody's name any more."""
    bo, known = await world.acme.signed_in("bo"), await ids(world)
    number, _ = await linked(world)
    await bo(tickets.note, number=number, body="@Ann look")
    await told(world)
    letter = message_from_bytes(world.relay.sent[-1].raw, EmailMessage, policy=policy.default)
    to = letter["Reply-To"].addresses[0].addr_spec
    before = len((await bo(tickets.page, number=number)).messages)
    await bo(members.disable, person=known["Ann"])
    world.relay.sent.clear()
    received = await world.acme.mail(
        mail("Re: x", "Wire it.", sender=ANN, to=to, message_id="<late@a.example>"), to=to, sender=ANN
    )
    assert (received.outcome, received.ticket == number) == ("opened", False)
    assert len((await bo(tickets.page, number=number)).messages) == before
    await world.deliver(world.acme)
    assert [one for one in world.relay.sent if CLEO in one.recipients] == []
