"""Mailboxes as owners manage them."""

import asyncio
import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from uuid import uuid4

import pytest

import rpc
from seldesk.errors import AddressTaken
from seldesk.methods.desk import audits, mailboxes, messages, tickets
from tests.world import World, address, mail

HARMFUL = "Your {{7*7}}\n{x.__class__} {} {0} %s ${7*7} <b onclick=x>&amp;</b> {{body}} <!-- body -->"


def parts(raw: bytes) -> tuple[str, str]:
    """Text and HTML of a mail that left."""
    message = message_from_bytes(raw, EmailMessage, policy=policy.default)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    return lines(plain), lines(html)


def message_id(raw: bytes) -> str:
    return str(message_from_bytes(raw, EmailMessage, policy=policy.default)["Message-ID"])


def lines(part: MIMEPart) -> str:
    return str(part.get_content()).replace("\r\n", "\n")


async def test_a_mailbox_is_added_renamed_and_receives(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    added = await bo(mailboxes.add, address="Billing", name="Billing")
    await bo(mailboxes.update, mailbox=added, name="Money")
    found = {one.address: one for one in await bo(mailboxes.list)}
    assert list(found) == ["billing@acme.localhost", "support@acme.localhost"]
    assert (found["billing@acme.localhost"].name, found["billing@acme.localhost"].received_at) == ("Money", None)
    world.clock.move(timedelta(minutes=5))
    await world.acme.mail(mail(to="billing@acme.localhost"), to="billing@acme.localhost")
    assert (await bo(mailboxes.read, mailbox=added)).mailbox.received_at == world.clock.now()
    with pytest.raises(AddressTaken):
        await bo(mailboxes.add, address="billing@acme.localhost", name="Again")


@pytest.mark.parametrize("foreign", ["a@globex.localhost", "a@acme.localhost.evil.example", "a+b@acme.localhost", " "])
async def test_a_mailbox_lies_in_the_customers_own_domain(world: World, foreign: str) -> None:
    with pytest.raises(rpc.Invalid):
        await (await world.acme.signed_in("bo"))(mailboxes.add, address=foreign, name="Foreign")


async def test_a_mailbox_whose_addresses_for_answers_would_be_none_is_refused(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    with pytest.raises(rpc.Invalid) as refused:
        await bo(mailboxes.add, address=f"{'a' * 60}@acme.localhost", name="Long")
    assert "too long" in refused.value.fields["address"]


async def test_a_signature_stands_under_replies_letter_by_letter(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    mailbox = (await bo(mailboxes.page)).mailboxes[0].id
    await bo(mailboxes.update, mailbox=mailbox, signature=HARMFUL)
    await world.acme.mail(mail())
    await bo(tickets.reply, number=1, body="Unplug it.")
    await world.deliver(world.acme)
    text, html = parts(world.relay.sent[-1].raw)
    assert f"Unplug it.\n\n-- \n{HARMFUL}\n" in text
    assert "Unplug it." in html
    assert "{{7*7}}<br>{x.__class__} {} {0} %s ${7*7} &lt;b onclick=x&gt;&amp;amp;&lt;/b&gt;" in html
    assert "<b onclick" not in html
    assert "49" not in re.sub(r"http\S+", "", text)
    await bo(mailboxes.update, mailbox=mailbox, signature="")
    await bo(tickets.reply, number=1, body="And plug it in.")
    await world.deliver(world.acme)
    assert "-- \nAcme Support\n" in parts(world.relay.sent[-1].raw)[0]


async def test_a_mail_to_a_ticket_closed_long_ago_begins_a_new_one_that_is_linked(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    mailbox = (await bo(mailboxes.page)).mailboxes[0].id
    old = (await world.acme.mail(mail())).ticket
    assert old is not None

    async def answered(position: int, **headers: str) -> tuple[str, int | None]:
        """The ticket is closed for 31 days, and then its requester writes."""
        await bo(tickets.update, number=old, status="closed")
        world.clock.move(timedelta(days=31))
        raw = mail(f"Re: [#{old}] smoke", message_id=f"<late{position}@cleo.example>", headers=headers)
        received = await world.acme.mail(raw)
        return received.outcome, received.ticket

    assert await answered(0) == ("threaded", old)
    bo = await world.acme.signed_in("bo")
    await bo(mailboxes.update, mailbox=mailbox, reopens_for=31)
    assert await answered(1) == ("threaded", old)
    bo = await world.acme.signed_in("bo")
    await bo(mailboxes.update, mailbox=mailbox, reopens_for=30)
    assert await answered(2, **{"Auto-Submitted": "auto-replied"}) == ("threaded", old)
    bo = await world.acme.signed_in("bo")
    outcome, new = await answered(3)
    assert (outcome, new == old) == ("opened", False)
    bo = await world.acme.signed_in("bo")
    for one, other in ((old, new), (new, old)):
        assert one is not None
        shown = await bo(tickets.page, number=one)
        assert [event.after for event in shown.events if event.kind == "linked"] == [{"ticket": other}]
    assert (await bo(tickets.read, number=old)).status == "closed"
    # What was solved and not closed yet is the same thing still.
    assert new is not None
    await bo(tickets.update, number=new, status="solved")
    world.clock.move(timedelta(days=31))
    raw = mail(f"Re: [#{new}] smoke", message_id="<later@cleo.example>")
    assert (await world.acme.mail(raw)).ticket == new


async def test_a_test_mail_goes_to_oneself_and_shows_the_signature(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    mailbox = (await bo(mailboxes.page)).mailboxes[0]
    await bo(mailboxes.update, mailbox=mailbox.id, signature=HARMFUL)
    await bo(mailboxes.send_test, mailbox=mailbox.id)
    await world.deliver(world.acme)
    (letter,) = world.relay.sent
    assert letter.recipients == [address("bo", "acme")]
    text, html = parts(letter.raw)
    assert f"-- \n{HARMFUL}\n" in text
    assert "<b onclick" not in html
    assert mailbox.address in text


async def test_nobody_is_flooded_with_tests(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    mailbox = (await bo(mailboxes.page)).mailboxes[0].id
    for _ in range(10):
        await bo(mailboxes.send_test, mailbox=mailbox)
    with pytest.raises(rpc.TooMany):
        await bo(mailboxes.send_test, mailbox=mailbox)


async def test_a_mailbox_is_deleted_and_answers_leave_from_another(world: World) -> None:
    """Also where the same mail came to both. What is written to it from then on is refused."""
    bo, old = await world.acme.signed_in("bo"), "billing@acme.localhost"
    support = (await bo(mailboxes.page)).mailboxes[0].id
    going = await bo(mailboxes.add, address=old, name="Billing")
    both = mail(to=f"{old}, support@acme.localhost")
    number = (await world.acme.mail(both, to=old)).ticket
    assert (await world.acme.mail(both)).outcome != "repeated"
    await bo(mailboxes.send_test, mailbox=going)
    for wrong in (going, uuid4()):
        with pytest.raises(rpc.Invalid) as refused:
            await bo(mailboxes.delete, mailbox=going, instead=wrong)
        assert "instead" in refused.value.fields
    await bo(mailboxes.delete, mailbox=going, instead=support)
    assert [one.id for one in await bo(mailboxes.list)] == [support]
    with pytest.raises(rpc.NotFound):
        await world.acme.mail(mail(to=old, message_id="<late@cleo.example>"), to=old)
    assert number is not None
    await bo(tickets.reply, number=number, body="Unplug it.")
    await world.deliver(world.acme)
    [letter] = [one.raw for one in world.relay.sent if b"Unplug it" in one.raw]
    assert b"<support@acme.localhost>" in letter.partition(b"\r\n\r\n")[0]
    read = await bo(tickets.read, number=number, messages=True)
    assert read.messages is not None
    assert b"it smokes" in (await bo(messages.raw, message=read.messages[0].id)).content
    raw = mail("Re: smoke", message_id="<answer@cleo.example>", headers={"In-Reply-To": message_id(letter)})
    assert (await world.acme.mail(raw)).ticket == number
    (entry,) = [one for one in (await bo(audits.page)).items if one.method == "mailboxes.delete"]
    assert (entry.facts or {})["mailbox"] == old
    with pytest.raises(rpc.NotFound):
        await bo(mailboxes.delete, mailbox=going, instead=support)


async def test_the_last_mailbox_stays_also_when_two_go_at_once(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    first = (await bo(mailboxes.page)).mailboxes[0].id
    with pytest.raises(rpc.Conflict):
        await bo(mailboxes.delete, mailbox=first, instead=uuid4())
    other = await bo(mailboxes.add, address="billing", name="Billing")
    done = await asyncio.gather(
        bo(mailboxes.delete, mailbox=first, instead=other),
        bo(mailboxes.delete, mailbox=other, instead=first),
        return_exceptions=True,
    )
    assert [type(one) for one in done if one is not None] != []
    assert len(await bo(mailboxes.list)) == 1
