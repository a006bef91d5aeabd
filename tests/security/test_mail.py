"""What a stranger's mail can make of ours."""

from email import message_from_bytes, policy
from uuid import uuid4

import pytest

from seldesk.methods.desk import attachments, tickets
from tests.world import CLEO, World, mail

pytestmark = pytest.mark.asyncio(loop_scope="module")
LINES = "=?utf-8?q?Cleo=0D=0ABcc:_evil@evil.example=0D=0A=0D=0AHi?="
OURS = {
    "X-Seldesk-Ticket": "1",
    "X-Seldesk-Agent": "ann@acme.example",
    "X-Ticket-Id": "1",
    "X-Helpdesk-Role": "owner",
    "X-Original-Sender": "ann@acme.example",
}


@pytest.mark.flaw("RT CVE-2012-4730")
@pytest.mark.asvs("V1.3.11", "V1.1.1")
async def test_encoded_line_breaks_of_a_requester_add_nothing_to_our_answers(world: World) -> None:
    """From the headers of a mail through the database to the headers of what we send."""
    raw = mail().replace(b"Subject: The printer smokes", f"Subject: {LINES}".encode())
    raw = raw.replace(b"From: Cleo Camp <", f"From: {LINES} <".encode())
    number = (await world.acme.mail(raw)).ticket
    assert number is not None
    await world.acme.by_token("ann")(tickets.reply, number=number, body="Unplug it.")
    await world.deliver(world.acme)
    assert len(world.relay.sent) == 2
    for letter in world.relay.sent:
        assert letter.recipients == [CLEO]
        parsed = message_from_bytes(letter.raw, policy=policy.default)
        assert (parsed["Bcc"], parsed.get_all("To") is not None) == (None, True)
        assert len(parsed.get_all("Subject", [])) == len(parsed.get_all("From", [])) == 1


@pytest.mark.flaw("RT CVE-2023-41259", "FreeScout CVE-2026-47123")
async def test_headers_that_look_like_ours_have_no_effect(world: World) -> None:
    """Neither the ticket nor the writer is what such a header says."""
    first = (await world.acme.mail(mail(message_id="<a@x.example>", sender="a@x.example"), sender="a@x.example")).ticket
    headers = {name: value.replace("1", str(first)) for name, value in OURS.items()}
    raw = mail(message_id="<b@x.example>", sender="b@x.example", headers=headers)
    received = await world.acme.mail(raw, sender="b@x.example")
    assert received.outcome == "opened"
    assert received.ticket != first
    assert received.ticket is not None
    ticket = await world.acme.by_token("ann")(tickets.read, number=received.ticket, messages=True)
    assert ticket.messages is not None
    assert [(one.side, one.email) for one in ticket.messages] == [("requester", "b@x.example")]
    assert (ticket.status, ticket.assignee, ticket.tags) == ("new", None, [])


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("text/html; x=image/png", "a.html"),
        ("image/svg+xml", "a.svg"),
        ("text/xml", "a.xml"),
        ("application/xhtml+xml", "a.png"),
        ("application/x-httpd-php", "a.phar"),
        ("text/html", "a.png.html"),
        ("", "\u200b.htaccess"),
        ("x" * 300, "a.lnk"),
        ("image/png\r\nX-Evil: 1", "../../a\u202egnp.hta"),
    ],
)
@pytest.mark.flaw("RT CVE-2022-25802", "FreeScout CVE-2025-48471", "FreeScout CVE-2026-28289")
@pytest.mark.asvs("V5.2.2", "V5.3.2")
async def test_a_file_is_kept_under_a_harmless_name_and_an_id(world: World, kind: str, name: str) -> None:
    """By mail, as far as it is given out again; no path in the stores has anything of its name."""
    raw = mail(message_id=f"<{uuid4()}@x.example>", files={"placeholder.bin": b"<script>1</script>"})
    raw = raw.replace(b"Content-Type: application/octet-stream", f"Content-Type: {kind}".encode())
    raw = raw.replace(b'filename="placeholder.bin"', f'filename="{name}"'.encode())
    number = (await world.acme.mail(raw)).ticket
    assert number is not None
    ann = world.acme.by_token("ann")
    messages = (await ann(tickets.read, number=number, messages=True)).messages
    assert messages is not None
    for row in messages[0].files:
        file = await ann(attachments.read, attachment=row.id)
        assert file.name.isprintable()
        assert not set(file.name) & set("/\\\u200b\u202e")
        assert not file.name.startswith(".")
        assert file.type.isprintable()
        assert len(file.type) <= 100
    stores = world.app.settings.home.rglob("*")
    assert not [path for path in stores if path.name.endswith((".html", ".svg", ".htaccess", ".phar", ".hta", ".lnk"))]
