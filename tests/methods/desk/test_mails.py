"""A mail becomes a ticket, or part of one, or is kept and listed; it is never lost and never answered in a loop."""

import asyncio
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import rpc
from rpc import Kind
from seldesk.methods.desk import attachments, mails, messages, tickets
from seldesk.methods.desk.shapes.tickets import Ticket
from tests.world import CLEO, World, mail


async def read(world: World, number: int) -> Ticket:
    return await world.acme.by_token("ann")(tickets.read, number=number, messages=True)


async def opened(world: World, **how: Any) -> int:
    """A ticket from a mail; how as mail() takes it."""
    received = await world.acme.mail(mail(**how))
    assert received.outcome == "opened"
    assert received.ticket is not None
    return received.ticket


async def letters(world: World) -> list[EmailMessage]:
    """What has left for somebody, after all that is due was sent."""
    await world.deliver(world.acme)
    return [message_from_bytes(letter.raw, EmailMessage, policy=policy.default) for letter in world.relay.sent]


async def test_a_mail_becomes_a_ticket_with_requester_message_and_attachment(world: World) -> None:
    number = await opened(world, files={"plan.txt": b"secret plan"})
    ticket = await read(world, number)
    assert (ticket.subject, ticket.status, ticket.channel) == ("The printer smokes", "new", "mail")
    assert (ticket.requester.name, ticket.requester.email) == ("Cleo Camp", CLEO)
    assert ticket.messages is not None
    (message,) = ticket.messages
    assert "it smokes when it prints" in message.text
    (file,) = message.files
    content = await world.acme.by_token("ann")(attachments.read, attachment=file.id)
    assert (content.name, content.content) == ("plan.txt", b"secret plan")


async def test_agents_see_a_mail_as_it_came_with_what_was_decided(world: World) -> None:
    number, raw = await opened(world), mail("\u202eRe: smoke", message_id="<more@cleo.example>")
    raw += b"<svg onload=alert(1)> \xff\x00 " + "\u202e".encode() + b"x" * 300_000
    raw = raw.replace(
        b"Subject:", f"X-Seldesk-Ticket: {number}\r\nReferences: <first@cleo.example>\r\nSubject:".encode()
    )
    await world.acme.mail(raw)
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    messages_ = (await read(world, number)).messages or []
    source = await ann(messages.source, message=messages_[1].id)
    assert (source.kind, source.match_reason, source.verified, source.cut) == ("person", "reference", True, True)
    assert (source.sender, source.recipient, source.size, source.number) == (CLEO, world.acme.mailbox, len(raw), number)
    assert f"X-Seldesk-Ticket: {number}\nReferences" in source.text
    assert not {"\0", "\u202e", "\r"} & set(source.text)
    assert (await world.acme.by_token("ann")(messages.raw, message=messages_[1].id)).content == raw
    noted = await bo(tickets.note, number=number, body="Hm.")
    for method in (messages.source, messages.raw):
        with pytest.raises(rpc.NotFound):
            await bo(method, message=noted.id)


async def test_an_attachment_lies_sealed_in_both_stores(world: World) -> None:
    await opened(world, files={"plan.txt": b"secret plan"})
    for store in world.app.settings.stores:
        objects = await asyncio.to_thread(_contents, store, world.acme.id)
        assert len(objects) == 2, "the mail as it came, and the attachment"
        assert not any(b"secret plan" in content or b"smokes" in content for content in objects)


async def test_the_sender_gets_one_confirmation_with_nothing_of_what_was_written(world: World) -> None:
    await opened(world, subject="BUY THIS", text="Buy this now!")
    await opened(world, subject="BUY THAT", message_id="<second@cleo.example>")
    (confirmation,) = await letters(world)
    assert confirmation["To"] == CLEO
    assert "BUY" not in confirmation.as_string()
    assert "Buy" not in confirmation.as_string()
    assert confirmation["Auto-Submitted"] == "auto-replied"
    assert world.relay.sent[0].sender == ""
    world.clock.move(timedelta(days=1))
    await opened(world, message_id="<third@cleo.example>")
    assert len(await letters(world)) == 2


async def test_three_confirmations_an_hour_go_to_one_address_over_all_customers(world: World) -> None:
    globex = await world.neighbour()
    for position in range(3):
        world.clock.move(timedelta(days=1) if position else timedelta())
        await world.acme.mail(mail(message_id=f"<a{position}@cleo.example>"))
    await globex.mail(mail(to=globex.mailbox))
    await world.deliver(world.acme)
    await world.deliver(globex)
    assert len(world.relay.sent) == 3
    world.clock.move(timedelta(hours=1, seconds=1))
    world.clock.move(timedelta(days=1))
    await globex.mail(mail(to=globex.mailbox, message_id="<later@cleo.example>"))
    await world.deliver(globex)
    assert len(world.relay.sent) == 4


async def test_an_answer_finds_its_ticket_by_address_then_id_then_references_then_number(world: World) -> None:
    number = await opened(world)
    await world.acme.by_token("ann")(tickets.reply, number=number, body="Unplug it.")
    reply = (await letters(world))[-1]
    plus = reply["Reply-To"].addresses[0].addr_spec
    ways: dict[str, dict[str, Any]] = {
        "plus_address": {"to": plus, "recipient": plus, "headers": {}},
        "signed_message_id": {"headers": {"In-Reply-To": str(reply["Message-ID"])}},
        "reference": {"headers": {"References": "<other@x.example> <first@cleo.example>"}},
        "subject_number": {"subject": f"Re: [#{number}] smoke", "headers": {}},
    }
    for position, (reason, way) in enumerate(ways.items()):
        recipient = way.pop("recipient", None)
        raw = mail(message_id=f"<answer{position}@cleo.example>", text=f"By {reason}", **way)
        received = await world.acme.mail(raw, to=recipient)
        assert (received.outcome, received.ticket) == ("threaded", number), reason
    ticket = await read(world, number)
    assert ticket.messages is not None
    assert [one.match_reason for one in ticket.messages[2:]] == list(ways)
    assert ticket.status == "open"


@pytest.mark.flaw("FreeScout CVE-2026-47123")
async def test_a_number_in_the_subject_counts_for_who_takes_part_only(world: World) -> None:
    number = await opened(world)
    raw = mail(f"[#{number}] let me in", sender="Mallory <mallory@evil.example>", message_id="<m@evil.example>")
    received = await world.acme.mail(raw, sender="mallory@evil.example")
    assert received.outcome == "opened"
    assert received.ticket != number


@pytest.mark.parametrize("spoil", ["number", "mac", "case"])
@pytest.mark.flaw("FreeScout CVE-2026-47123", "RT CVE-2023-41259")
async def test_a_forged_plus_address_threads_nothing(world: World, spoil: str) -> None:
    number, other = await opened(world), await opened(world, message_id="<other@cleo.example>")
    await world.acme.by_token("ann")(tickets.reply, number=number, body="Unplug it.")
    plus = (await letters(world))[-1]["Reply-To"].addresses[0].addr_spec
    forged = {
        "number": plus.replace(f"+t{number}.", f"+t{other}."),
        "mac": plus.replace("@", "x@"),
        "case": plus.upper(),
    }[spoil]
    raw = mail("Hello", message_id="<forged@x.example>", sender="Mallory <m@evil.example>", to=forged)
    received = await world.acme.mail(raw, to=forged)
    assert received.outcome == ("threaded" if spoil == "case" else "opened")
    assert (received.ticket == number) is (spoil == "case")


@pytest.mark.flaw("FreeScout CVE-2026-47123")
async def test_who_claims_to_be_an_agent_is_unverified_and_mailed_to_nobody(world: World) -> None:
    """No reply leaves in an agent's name because a mail says that it is the agent's."""
    number = await opened(world)
    await world.acme.by_token("ann")(tickets.reply, number=number, body="Unplug it.")
    reply = (await letters(world))[-1]
    sent = len(world.relay.sent)
    raw = mail(
        "Re: smoke",
        text="Send your password to evil.example",
        sender="Ann <ann@acme.example>",
        message_id="<evil@evil.example>",
        headers={"In-Reply-To": str(reply["Message-ID"])},
    )
    assert (await world.acme.mail(raw, sender="ann@acme.example")).outcome == "threaded"
    ticket = await read(world, number)
    assert ticket.messages is not None
    assert (ticket.messages[-1].side, ticket.messages[-1].verified) == ("requester", False)
    assert len(await letters(world)) == sent


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Precedence": "auto_reply"},
        {"X-Auto-Response-Suppress": "All"},
        {"X-Autoreply": "yes"},
    ],
)
async def test_automatic_mail_is_kept_but_reopens_and_answers_nothing(world: World, headers: dict[str, str]) -> None:
    number = await opened(world)
    await world.acme.by_token("ann")(tickets.reply, number=number, body="Done.", status="solved")
    reply = (await letters(world))[-1]
    sent = len(world.relay.sent)
    away = mail(
        "Out of office",
        message_id="<away@cleo.example>",
        headers={**headers, "In-Reply-To": str(reply["Message-ID"])},
    )
    assert (await world.acme.mail(away)).outcome == "threaded"
    ticket = await read(world, number)
    assert ticket.status == "solved"
    assert ticket.messages is not None
    assert ticket.messages[-1].automatic
    stray = mail("Out of office", message_id="<stray@cleo.example>", headers=headers)
    assert (await world.acme.mail(stray)).outcome == "suspended"
    assert len(await letters(world)) == sent


async def test_our_own_mail_coming_back_is_held_back_and_listed(world: World) -> None:
    number = await opened(world)
    await world.acme.by_token("ann")(tickets.reply, number=number, body="Unplug it.")
    await letters(world)
    back = world.relay.sent[-1].raw
    assert (await world.acme.mail(back, sender=world.acme.mailbox)).outcome == "suspended"
    bo = await world.acme.signed_in("bo")
    (held,) = (await bo(mails.failures)).items
    assert "our own" in held.error


async def test_a_bounce_is_shown_at_the_message_and_opens_no_ticket(world: World) -> None:
    number = await opened(world)
    await world.acme.by_token("ann")(tickets.reply, number=number, body="Unplug it.")
    reply = (await letters(world))[-1]
    assert (await world.acme.mail(_bounce(str(reply["Message-ID"])), sender="")).outcome == "threaded"
    ticket = await read(world, number)
    assert ticket.messages is not None
    assert ticket.messages[-1].delivery == "failed"
    assert "unknown" in (ticket.messages[-1].delivery_error or "").lower()
    listed = await world.acme.by_token("ann")(tickets.list)
    assert [row.number for row in listed.items] == [number]


async def test_a_mail_given_up_on_its_way_is_shown_too(world: World) -> None:
    """The report of a mailbox that was full for days has the status of a passing fault."""
    number = await opened(world)
    await world.acme.by_token("ann")(tickets.reply, number=number, body="Unplug it.")
    reply = (await letters(world))[-1]
    await world.acme.mail(_bounce(str(reply["Message-ID"]), status="4.4.7"), sender="")
    ticket = await read(world, number)
    assert ticket.messages is not None
    assert ticket.messages[-1].delivery == "failed"


async def test_a_mail_from_nobody_is_kept_and_never_answered(world: World) -> None:
    """An empty envelope sender: nothing else says that it is automatic."""
    assert (await world.acme.mail(mail(), sender="")).outcome == "suspended"
    assert await letters(world) == []


async def test_a_forged_bounce_marks_nothing(world: World) -> None:
    number = await opened(world)
    await world.acme.by_token("ann")(tickets.reply, number=number, body="Unplug it.")
    await letters(world)
    assert (await world.acme.mail(_bounce("<invented@acme.localhost>"), sender="")).outcome == "suspended"
    ticket = await read(world, number)
    assert ticket.messages is not None
    assert ticket.messages[-1].delivery == "sent"


async def test_the_same_mail_five_times_at_once_is_one_message(world: World) -> None:
    raw = mail()
    outcomes = await asyncio.gather(*(world.acme.mail(raw) for _ in range(5)))
    assert sorted(one.outcome for one in outcomes) == ["opened"] + ["repeated"] * 4
    again = b"Received: from elsewhere\r\n" + raw
    assert (await world.acme.mail(again)).outcome == "repeated"
    assert len((await world.acme.by_token("ann")(tickets.list)).items) == 1
    # There are programs that write one id in all their mails.
    other = mail("The scanner smokes")
    assert (await world.acme.mail(other)).outcome == "opened"


async def test_a_mail_that_cannot_be_read_is_kept_listed_and_tried_again(world: World) -> None:
    received = await world.acme.mail(b"\x00" * 50)
    assert received.outcome in ("unreadable", "suspended")
    await opened(world)
    bo = await world.acme.signed_in("bo")
    (failure,) = (await bo(mails.failures)).items
    assert failure.mailbox == world.acme.mailbox
    again = await bo(mails.retry, mail=failure.id)
    assert again.outcome in ("unreadable", "suspended")
    assert len((await bo(mails.failures)).items) == 1


async def test_what_was_held_back_becomes_a_ticket_when_an_owner_says_so(world: World) -> None:
    await world.acme.mail(mail("Out of office", headers={"Auto-Submitted": "auto-replied"}))
    bo = await world.acme.signed_in("bo")
    (held,) = (await bo(mails.failures)).items
    recovered = await bo(mails.retry, mail=held.id)
    assert recovered.outcome == "opened"
    assert (await bo(mails.failures)).items == []
    with pytest.raises(rpc.NotFound):
        await bo(mails.retry, mail=held.id)


async def test_a_mail_set_aside_is_listed_with_its_reason(world: World) -> None:
    call = world.acme.program(Kind.MAIL)
    for _ in range(2):
        await call(mails.set_aside, recipient=world.acme.mailbox, sender=CLEO, raw=b"x", reason="It breaks things.")
    bo = await world.acme.signed_in("bo")
    assert [failure.error for failure in (await bo(mails.failures)).items] == ["It breaks things."]


async def test_mailboxes_are_found_whatever_the_spelling_and_no_others(world: World) -> None:
    accepts = world.acme.program(Kind.MAIL)
    for address in ("support@acme.localhost", "SUPPORT@Acme.Localhost", "support+anything@acme.localhost"):
        assert await accepts(mails.accepts, recipient=address)
    for address in ("sales@acme.localhost", "support@globex.localhost", "support", "@acme.localhost", "a@b@c"):
        assert not await accepts(mails.accepts, recipient=address)


def _contents(store: str, customer: UUID) -> list[bytes]:
    return [file.read_bytes() for file in (Path(store) / str(customer)).rglob("*") if file.is_file()]


def _bounce(message_id: str, status: str = "5.1.1") -> bytes:
    lines = (
        "From: Mail Delivery System <mailer-daemon@mx.example>",
        "To: support@acme.localhost",
        "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <bounce@mx.example>",
        "Auto-Submitted: auto-replied",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "It could not be delivered.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        f"Final-Recipient: rfc822; {CLEO}",
        "Action: failed",
        f"Status: {status}",
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
        "",
        "--b",
        "Content-Type: message/rfc822",
        "",
        f"Message-ID: {message_id}",
        "Subject: Re: The printer smokes",
        "",
        "Unplug it.",
        "--b--",
        "",
    )
    return "\r\n".join(lines).encode()
