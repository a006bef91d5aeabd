"""To whom letters go: the first one, the requester's answer, those with a copy, and nobody who was not chosen."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

import rpc
from seldesk.jobs.relay import Refusal
from seldesk.methods.desk import people, requests, teams, tickets
from seldesk.methods.desk.shapes.tickets import Message, Ticket
from tests.world import CLEO, World, mail

DANA, EVE = "dana@cleo.example", "eve@evil.example"
REFUSED = "The relay said 550 Nobody here"


async def read(world: World, number: int) -> Ticket:
    return await world.acme.by_token("ann")(tickets.read, number=number, messages=True)


async def messages(world: World, number: int) -> list[Message]:
    return (await read(world, number)).messages or []


async def letters(world: World) -> list[EmailMessage]:
    await world.deliver(world.acme)
    return [message_from_bytes(letter.raw, EmailMessage, policy=policy.default) for letter in world.relay.sent]


def plain(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


async def asked(world: World, **headers: str) -> int:
    """A ticket by Cleo's mail, its confirmation sent and forgotten."""
    received = await world.acme.mail(mail(headers=headers))
    await world.deliver(world.acme)
    world.relay.sent.clear()
    assert received.ticket is not None
    return received.ticket


async def test_an_agent_opens_a_ticket_by_a_mail_and_the_answer_comes_back_to_it(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    bo = {agent.name: agent.id for agent in await ann(tickets.agents)}["Bo"]
    team = await (await world.acme.signed_in("bo"))(teams.create, name="Machines")
    opened = await ann(
        tickets.open,
        subject="Your order",
        body="It is **late**.",
        requester_email=CLEO,
        written_by="agent",
        cc=[DANA],
        assignee=bo,
        team=team,
    )
    (letter,) = await letters(world)
    assert (letter["Subject"], letter["To"], letter["Cc"]) == (f"Your order [#{opened.number}]", f"cleo <{CLEO}>", DANA)
    assert letter["In-Reply-To"] is None
    assert world.relay.sent[0].recipients == [CLEO, DANA]
    ticket = await read(world, opened.number)
    assert ticket.assignee is not None
    assert ticket.team is not None
    assert (ticket.status, ticket.assignee.name, ticket.team.name) == ("waiting", "Bo", "Machines")
    assert [(one.side, one.author, one.delivery) for one in ticket.messages or []] == [("agent", "Ann", "sent")]
    plus = letter["Reply-To"].addresses[0].addr_spec
    assert (await world.acme.mail(mail(message_id="<a@cleo.example>", to=plus), to=plus)).ticket == opened.number
    assert (await read(world, opened.number)).status == "open"


async def test_nothing_is_mailed_to_ourselves_or_to_nonsense(world: World) -> None:
    ann, number = world.acme.by_token("ann"), await asked(world)
    for wrong in (world.acme.mailbox, "nobody", "a,b@c.example", "\u00e9@x.example"):
        with pytest.raises(rpc.Invalid) as refused:
            await ann(tickets.reply, number=number, body="Hi", to=[wrong])
        assert list(refused.value.fields) == ["to"]
        with pytest.raises(rpc.Invalid) as refused:
            await ann(tickets.reply, number=number, body="Hi", cc=[wrong])
        assert list(refused.value.fields) == ["cc"]
        with pytest.raises(rpc.Invalid) as refused:
            await ann(tickets.open, subject="S", body="B", requester_email=wrong, written_by="agent")
        assert list(refused.value.fields) == ["requester_email"]
    with pytest.raises(rpc.Invalid):
        await ann(tickets.reply, number=number, body="Hi", cc=[f"a{at}@x.example" for at in range(21)])
    assert await letters(world) == []


async def test_who_else_took_part_is_suggested_and_only_an_agents_reply_adds_them(world: World) -> None:
    ann, number = await world.acme.signed_in("ann"), await asked(world, Cc=f"Dana <{DANA}>, support@acme.localhost")
    page = await ann(tickets.page, number=number)
    assert (page.suggested, page.ticket.cc) == ([DANA], [])
    await ann(tickets.reply, number=number, body="Alone.")
    (alone,) = await letters(world)
    assert (alone["To"], alone["Cc"]) == ("Cleo Camp <cleo@cleo.example>", None)
    assert "/link/" in plain(alone)
    await ann(tickets.reply, number=number, body="Both.", cc=[DANA, DANA.upper(), CLEO])
    await ann(tickets.reply, number=number, body="Again.")
    _, both, again = await letters(world)
    assert [(one["To"].addresses[0].addr_spec, one["Cc"]) for one in (both, again)] == [(CLEO, DANA)] * 2
    assert [letter.recipients for letter in world.relay.sent] == [[CLEO], [CLEO, DANA], [CLEO, DANA]]
    assert "/link/" not in both.as_string(), "the link speaks for the requester and goes to nobody else"
    page = await ann(tickets.page, number=number)
    assert (page.suggested, page.ticket.cc) == ([], [DANA, CLEO])
    assert [event.after for event in page.events if event.kind == "cc"] == [{"cc": [DANA, CLEO]}]
    await ann(tickets.reply, number=number, body="To Dana.", to=[DANA], cc=[])
    last = (await letters(world))[-1]
    assert (last["To"], last["Cc"]) == (DANA, None)


async def test_who_has_a_copy_answers_into_the_ticket_as_themselves(world: World) -> None:
    number = await asked(world)
    await world.acme.by_token("ann")(tickets.reply, number=number, body="Unplug it.", cc=[DANA])
    (letter,) = await letters(world)
    ways: dict[str, dict[str, str]] = {"plus": {}, "id": {"In-Reply-To": str(letter["Message-ID"])}, "number": {}}
    for way, headers in ways.items():
        subject = f"Re: [#{number}]" if way == "number" else "Re: smoke"
        to = letter["Reply-To"].addresses[0].addr_spec if way == "plus" else world.acme.mailbox
        raw = mail(subject, sender=f"Dana <{DANA}>", to=to, headers=headers, message_id=f"<{way}@cleo.example>")
        assert (await world.acme.mail(raw, to=to, sender=DANA)).ticket == number, way
    assert [(one.author, one.side, one.verified) for one in (await messages(world, number))[2:]] == [
        ("Dana", "requester", True)
    ] * 3
    assert (await read(world, number)).status == "open"


@pytest.mark.flaw("Odoo CVE-2021-44465")
async def test_nobody_adds_themselves(world: World) -> None:
    """By Cc, by References, and by the portal; the stranger gets no mail and is not even suggested."""
    number, ann = await asked(world), await world.acme.signed_in("ann")
    await ann(tickets.reply, number=number, body="Unplug it.")
    (letter,) = await letters(world)
    tries = [{"In-Reply-To": str(letter["Message-ID"]), "Cc": EVE}, {"References": "<first@cleo.example>"}]
    for at, headers in enumerate(tries):
        raw = mail(sender=EVE, headers=headers, message_id=f"<{at}@evil.example>")
        assert (await world.acme.mail(raw, sender=EVE)).ticket == number
    raw = mail(f"[#{number}]", sender=EVE, message_id="<n@evil.example>")
    assert (await world.acme.mail(raw, sender=EVE)).ticket != number
    page = await ann(tickets.page, number=number)
    assert (page.suggested, page.ticket.cc) == ([], [])
    assert [one.verified for one in page.messages if one.author == "eve"] == [False, False]
    world.relay.sent.clear()
    await ann(tickets.reply, number=number, body="Well?")
    await world.deliver(world.acme)
    assert [letter.recipients for letter in world.relay.sent if letter.sender] == [[CLEO]]
    link = plain(letter).partition("/link/")[2].split()[0]
    token = (await world.acme.calling(rpc.Kind.ANONYMOUS, "")(requests.open, token=link)).token
    with pytest.raises(rpc.MethodNotFound):
        await world.acme.calling(rpc.Kind.LINK, token)(tickets.reply, number=number, body="Hi", cc=[EVE])


async def test_one_refused_recipient_keeps_the_letter_from_nobody_else(world: World) -> None:
    number = await asked(world)
    world.relay.failures = [
        [Refusal(DANA, "The relay said 450 Later", permanent=False), Refusal(EVE, REFUSED, permanent=True)]
    ]
    await world.acme.by_token("ann")(tickets.reply, number=number, body="Unplug it.", cc=[DANA, EVE])
    await world.deliver(world.acme)
    reply = (await messages(world, number))[-1]
    assert (reply.delivery, reply.delivery_error) == ("queued", f"{EVE}: {REFUSED}")
    world.clock.move(timedelta(minutes=5))
    await world.deliver(world.acme)
    assert [letter.recipients for letter in world.relay.sent] == [[CLEO, DANA, EVE], [DANA]]
    assert world.relay.sent[0].raw == world.relay.sent[1].raw
    reply = (await messages(world, number))[-1]
    assert (reply.delivery, reply.delivery_error) == ("failed", f"{EVE}: {REFUSED}")
    page = await (await world.acme.signed_in("ann"))(tickets.page, number=number)
    assert len([event for event in page.events if event.kind == "undelivered"]) == 1


async def test_people_are_suggested_by_name_last_name_and_address(world: World) -> None:
    ann = world.acme.by_token("ann")
    for name in ("Cleo Camp", "Dan O_Brien", *(f"Zed {at}" for at in range(9))):
        email = f"{name.replace(' ', '.').lower()}@x.example"
        await ann(tickets.open, subject="S", body="B", requester_email=email, requester_name=name)
    typed = ("CAM", "dan.o_", "cleo c", "%%", "zed")
    found = [[one.name for one in await ann(people.suggest, query=part)] for part in typed]
    assert found == [["Cleo Camp"], ["Dan O_Brien"], ["Cleo Camp"], [], [f"Zed {at}" for at in range(8)]]
    with pytest.raises(rpc.Invalid):
        await ann(people.suggest, query="a")
