"""A requester who has signed in: their own tickets, and new ones."""

from datetime import timedelta

import pytest

import rpc
from orm import StatementCounter
from rpc import Kind
from seldesk.errors import TicketClosed, TooManyTries
from seldesk.methods.desk import attachments, mailboxes, messages, people, profile, requests, tickets
from seldesk.methods.desk.shapes.requests import Linked
from tests.mailed import anybody, cleo_writes, mailed, signed_in, words
from tests.world import CLEO, DEVICE, World, mail

CEM = "cem@cem.example"


async def test_own_tickets_come_in_pages_and_in_few_statements(world: World) -> None:
    number = await cleo_writes(world)
    cleo = await signed_in(world)
    for count in range(24):
        world.clock.move(timedelta(minutes=3))
        await cleo(requests.create, subject=f"Matter {count}", body="Please look.")
    with StatementCounter() as counter:
        first = await cleo(requests.list)
    assert counter.count <= 3
    second = await cleo(requests.list, cursor=first.next)
    found = [row.number for row in (*first.items, *second.items)]
    assert (len(first.items), len(second.items), found[-1]) == (20, 5, number)
    assert first.items[0].subject == "Matter 23"
    assert found == sorted(found, reverse=True)
    assert (await cleo(requests.list, cursor=second.previous)).items == first.items


async def test_what_is_put_away_does_not_exist_for_its_requester(world: World) -> None:
    number = await cleo_writes(world)
    cleo = await signed_in(world)
    await world.acme.by_token("ann")(tickets.update, number=number, removed="deleted")
    assert (await cleo(requests.list)).items == []
    for method, arguments in ((requests.read, {}), (requests.answer, {"body": "Hi"}), (requests.close, {})):
        with pytest.raises(rpc.NotFound):
            await cleo(method, number=number, **arguments)


@pytest.mark.flaw("Odoo CVE-2024-36259", "Zammad CVE-2025-32360")
async def test_a_list_says_who_wrote_last_and_nothing_of_notes(world: World) -> None:
    number, ann = await cleo_writes(world), world.acme.by_token("ann")
    await ann(tickets.reply, number=number, body="Unplug it.")
    world.clock.move(timedelta(minutes=1))
    await ann(tickets.note, number=number, body="internal: she never pays")
    listed = await (await signed_in(world))(requests.list)
    assert [(said.author, said.side) for said in listed.items[0].last] == [("Ann", "agent")]
    assert "never pays" not in repr(listed)
    assert "ann@acme.example" not in repr(listed)


@pytest.mark.flaw("Zendesk e-mail bombs 2025")
async def test_a_new_request_comes_by_the_portal_and_is_confirmed_once_a_day(world: World) -> None:
    """The confirmation says nothing of what was typed."""
    await cleo_writes(world)
    cleo = await signed_in(world)
    world.clock.move(timedelta(days=1))
    cleo = await signed_in(world)
    world.relay.sent.clear()
    upload = rpc.Upload(name="photo.txt", type="text/plain", content=b"smoke")
    written = [await cleo(requests.create, subject="Abuse", body="Abuse text", files=[upload]) for _ in range(2)]
    read = await world.acme.by_token("ann")(tickets.read, number=written[0].number, messages=True)
    assert read.messages is not None
    assert (read.channel, read.requester.email, read.status) == ("portal", CLEO, "new")
    assert (read.messages[0].origin, read.messages[0].files[0].name) == ("portal", "photo.txt")
    await world.deliver(world.acme)
    assert [letter.recipients for letter in world.relay.sent] == [[CLEO]]
    assert b"Abuse" not in world.relay.sent[0].raw
    assert b"Your request has arrived" in world.relay.sent[0].raw


@pytest.mark.asvs("V2.4.1")
async def test_a_requester_opens_thirty_requests_an_hour(world: World) -> None:
    await cleo_writes(world)
    cleo = await signed_in(world)
    for count in range(30):
        await cleo(requests.create, subject=f"Matter {count}", body="Please look.")
    with pytest.raises(TooManyTries):
        await cleo(requests.create, subject="One more", body="Please look.")


async def test_a_requester_closes_and_opens_again(world: World) -> None:
    number = await cleo_writes(world)
    cleo, ann = await signed_in(world), world.acme.by_token("ann")
    assert (await cleo(requests.reopen, number=number)).status == "new", "what is not solved stays as it is"
    assert (await cleo(requests.close, number=number)).status == "solved"
    assert (await cleo(requests.reopen, number=number)).status == "open"
    assert (await cleo(requests.answer, number=number, body="Still smokes.")).status == "open"
    await ann(tickets.update, number=number, status="closed")
    with pytest.raises(TicketClosed):
        await cleo(requests.close, number=number)
    assert (await cleo(requests.reopen, number=number)).status == "open"
    await ann(tickets.update, number=number, status="closed")
    assert (await cleo(requests.answer, number=number, body="Smokes again.")).number == number


async def closed_long_ago(world: World) -> tuple[int, str]:
    """Cleo's ticket, closed for longer than its mailbox lets her reopen it, and the link that was mailed to her."""
    number, bo = await cleo_writes(world), await world.acme.signed_in("bo")
    await bo(mailboxes.update, mailbox=(await bo(mailboxes.page)).mailboxes[0].id, reopens_for=20)
    await bo(tickets.reply, number=number, body="Unplug it.")
    await world.deliver(world.acme)
    link = words(world.relay.sent[-1].raw)[1].partition("/link/")[2].split()[0]
    await bo(tickets.update, number=number, status="closed")
    world.clock.move(timedelta(days=20))
    cleo = await signed_in(world)
    assert not (await cleo(requests.read, number=number)).begins_new, "on the last day it is the same thing still"
    world.clock.move(timedelta(seconds=1))
    return number, link


async def test_what_is_written_long_after_a_ticket_was_closed_begins_a_new_one_that_is_linked(world: World) -> None:
    number, _ = await closed_long_ago(world)
    cleo, ann = await signed_in(world), world.acme.by_token("ann")
    assert (await cleo(requests.read, number=number)).begins_new
    with pytest.raises(TicketClosed):
        await cleo(requests.reopen, number=number)
    world.relay.sent.clear()
    new = (await cleo(requests.answer, number=number, body="It smokes again.")).number
    assert new != number
    read, old = await cleo(requests.read, number=new), await cleo(requests.read, number=number)
    assert (read.linked, old.linked) == ([Linked(number, True)], [Linked(new, True)])
    assert [said.text for said in read.messages] == ["It smokes again."]
    assert (read.subject, read.status, old.status) == (old.subject, "new", "closed")
    await world.deliver(world.acme)
    assert [letter.recipients for letter in world.relay.sent] == [[CLEO]], "it is confirmed like any new request"
    assert (await ann(tickets.update, number=number, status="open")).status == "open"
    assert not (await cleo(requests.read, number=number)).begins_new


async def test_who_came_by_a_mailed_link_is_told_the_number_of_the_new_one(world: World) -> None:
    number, mailed_link = await closed_long_ago(world)
    opened = await anybody(world.acme)(requests.open, token=mailed_link)
    link = world.acme.calling(Kind.LINK, opened.token)
    new = (await link(requests.answer, number=number, body="It smokes again.")).number
    assert (await link(requests.read, number=number)).linked == [Linked(new, False)]
    with pytest.raises(rpc.NotFound):
        await link(requests.read, number=new)


@pytest.mark.flaw("Roundup CVE-2008-1475", "MantisBT CVE-2020-25781")
@pytest.mark.asvs("V8.2.2")
async def test_a_requester_finds_nothing_of_anybody_else(world: World) -> None:
    await cleo_writes(world)
    other = mail(sender=f"Cem <{CEM}>", message_id="<1@cem.example>", files={"plan.txt": b"plan"}, html="<p>hi</p>")
    foreign = (await world.acme.mail(other, sender=CEM)).ticket
    assert foreign is not None
    read = await world.acme.by_token("ann")(tickets.read, number=foreign, messages=True)
    assert read.messages is not None
    cleo = await signed_in(world)
    for number in (foreign, 999_999):
        for attempt in (
            cleo(requests.read, number=number),
            cleo(requests.answer, number=number, body="x"),
            cleo(requests.close, number=number),
            cleo(requests.reopen, number=number),
        ):
            with pytest.raises(rpc.NotFound):
                await attempt
    with pytest.raises(rpc.NotFound):
        await cleo(messages.body, message=read.messages[0].id)
    with pytest.raises(rpc.NotFound):
        await cleo(attachments.link, attachment=read.messages[0].files[0].id)


@pytest.mark.flaw("FreeScout CVE-2026-40591", "Zammad CVE-2026-34722")
@pytest.mark.asvs("V15.3.3")
async def test_a_requester_chooses_neither_whose_nor_how(world: World) -> None:
    await cleo_writes(world)
    cleo = await signed_in(world)
    for extra in ("requester_email", "channel", "status", "assignee", "mailbox_id", "customer_id"):
        arguments = {"subject": "x", "body": "y", extra: "z"}
        with pytest.raises(rpc.Invalid):
            await world.app.dispatcher.answer(cleo.credential, "requests.create", arguments)


@pytest.mark.flaw("Odoo CVE-2021-44460")
@pytest.mark.asvs("V7.4.1", "V7.4.2", "V7.4.3", "V7.4.4", "V7.4.5")
async def test_signing_out_and_disabling_end_a_requesters_session(world: World) -> None:
    await cleo_writes(world)
    cleo, elsewhere = await signed_in(world), await signed_in(world)
    await cleo(requests.sign_out)
    with pytest.raises(rpc.Unauthenticated):
        await cleo(requests.list)
    await elsewhere(requests.list)
    await world.rows(world.acme, "UPDATE app.people SET disabled_at = now() WHERE name = 'Cleo Camp' RETURNING id")
    with pytest.raises(rpc.Unauthenticated):
        await elsewhere(requests.list)


@pytest.mark.asvs("V8.1.1")
async def test_agents_have_no_requests_and_a_link_no_list(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    with pytest.raises(rpc.MethodNotFound):
        await ann(requests.list)
    with pytest.raises(rpc.MethodNotFound):
        await world.acme.calling(Kind.LINK, "x")(requests.list)
    with pytest.raises(rpc.MethodNotFound):
        await world.acme.calling(Kind.LINK, "x")(people.sessions)


@pytest.mark.asvs("V6.2.12", "V6.3.1", "V7.4.3", "V7.5.1")
async def test_a_requester_changes_their_password_like_everybody_else(world: World) -> None:
    """With the old one, which is counted; to none that is known; all else ends, and a mail says so."""
    await cleo_writes(world)
    anybody, old, new = world.acme.calling(Kind.ANONYMOUS, ""), "another horse battery", "a third horse battery"
    await anybody(people.reset_password, token=await mailed(world, CLEO, "password"), password=old)

    async def enters(password: str) -> rpc.Call | None:
        token = (await anybody(people.sign_in, email=CLEO, password=password, device=DEVICE)).token
        return world.acme.calling(Kind.PERSON, token) if token else None

    await world.deliver(world.acme)
    assert words(world.relay.sent[-1].raw)[0]["Subject"] == "Your password was changed"
    cleo, elsewhere = await enters(old), await enters(old)
    assert cleo
    assert elsewhere
    with pytest.raises(rpc.Invalid):
        await cleo(profile.change_password, current=old, password="qwertyuiop")
    world.relay.sent.clear()
    changed = await cleo(profile.change_password, current=old, password=new)
    with pytest.raises(rpc.Unauthenticated):
        await cleo(requests.list)
    cleo = world.acme.calling(Kind.PERSON, changed.token or "")
    await cleo(requests.list)
    with pytest.raises(rpc.Unauthenticated):
        await elsewhere(requests.list)
    assert await enters(old) is None
    assert await enters(new)
    for _ in range(10):
        assert not (await cleo(profile.change_password, current="wrong horse", password=old)).changed
    assert (await cleo(profile.change_password, current=new, password=old)).wait > 0
    await world.deliver(world.acme)
    subjects = [words(one.raw)[0]["Subject"] for one in world.relay.sent if CLEO in one.recipients]
    assert subjects == ["Your password was changed"]
