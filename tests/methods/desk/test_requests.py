"""A requester follows a ticket by its mailed link, and sees that ticket and nothing else."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

import rpc
from rpc import Kind
from seldesk.methods.desk import attachments, messages, requests, tickets
from tests.world import World, mail


async def linked(world: World) -> tuple[int, str]:
    """Cleo's ticket with an answer and a note, and the link that was mailed to her."""
    received = await world.acme.mail(mail(files={"plan.txt": b"plan"}))
    assert received.ticket is not None
    ann = world.acme.by_token("ann")
    upload = rpc.Upload(name="toner.txt", type="text/plain", content=b"internal toner list")
    await ann(tickets.note, number=received.ticket, body="internal: she never pays", files=[upload])
    await ann(tickets.reply, number=received.ticket, body="Unplug it.")
    await world.deliver(world.acme)
    letter = message_from_bytes(world.relay.sent[-1].raw, EmailMessage, policy=policy.default)
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(r"http://acme\.localhost:8080/link/(\S+)", body.get_content())
    assert found is not None
    return received.ticket, found[1]


async def cleo(world: World, token: str) -> rpc.Call:
    opened = await world.acme.calling(Kind.ANONYMOUS, "")(requests.open, token=token)
    return world.acme.calling(Kind.LINK, opened.token)


@pytest.mark.flaw("Zammad CVE-2025-32360")
async def test_a_link_opens_the_ticket_without_its_notes(world: World) -> None:
    """What agents say among themselves is absent in bytes."""
    number, token = await linked(world)
    call = await cleo(world, token)
    request = await call(requests.read, number=number)
    assert [(message.side, message.kind) for message in request.messages] == [
        ("requester", "message"),
        ("agent", "message"),
    ]
    assert "she never pays" not in repr(request)
    assert "ann@acme.example" not in repr(request)


async def test_a_requester_answers_attaches_and_closes(world: World) -> None:
    number, token = await linked(world)
    call = await cleo(world, token)
    upload = rpc.Upload(name="photo.txt", type="text/plain", content=b"smoke")
    written = await call(requests.answer, number=number, body="Still smokes.", files=[upload])
    assert written.status == "open"
    read = await world.acme.by_token("ann")(tickets.read, number=number, messages=True)
    assert read.messages is not None
    assert (read.messages[-1].origin, read.messages[-1].files[0].name) == ("portal", "photo.txt")
    assert (await call(requests.close, number=number)).status == "solved"
    assert (await call(requests.answer, number=number, body="No, it does.")).status == "open"


@pytest.mark.flaw("MantisBT CVE-2020-25781")
@pytest.mark.asvs("V8.2.2")
async def test_a_link_opens_no_other_ticket_message_or_file(world: World) -> None:
    """Also of a note in one's own ticket, and of another ticket of one's own."""
    number, token = await linked(world)
    other = (await world.acme.mail(mail(message_id="<other@cleo.example>", html="<p>hi</p>"))).ticket
    assert other is not None
    call, ann = await cleo(world, token), world.acme.by_token("ann")
    theirs = await ann(tickets.read, number=number, messages=True)
    foreign = await ann(tickets.read, number=other, messages=True)
    assert theirs.messages is not None
    assert foreign.messages is not None
    for attempt in (
        call(requests.read, number=other),
        call(requests.answer, number=other, body="x"),
        call(requests.close, number=other),
        call(messages.body, message=foreign.messages[0].id),
        call(attachments.link, attachment=theirs.messages[1].files[0].id),
    ):
        with pytest.raises(rpc.NotFound):
            await attempt
    assert (await call(attachments.link, attachment=theirs.messages[0].files[0].id)).startswith(
        "http://acme.files.localhost:8080/"
    )


async def test_an_attachments_link_opens_it_for_ten_minutes(world: World) -> None:
    number, token = await linked(world)
    call, anybody = await cleo(world, token), world.acme.calling(Kind.ANONYMOUS, "")
    request = await call(requests.read, number=number)
    link = await call(attachments.link, attachment=request.messages[0].files[0].id)
    file = await anybody(attachments.download, token=link.rpartition("/")[2])
    assert (file.name, file.content) == ("plan.txt", b"plan")
    globex = await world.neighbour()
    with pytest.raises(rpc.NotFound):
        await globex.calling(Kind.ANONYMOUS, "")(attachments.download, token=link.rpartition("/")[2])
    world.clock.move(timedelta(minutes=10, seconds=1))
    with pytest.raises(rpc.NotFound):
        await anybody(attachments.download, token=link.rpartition("/")[2])


@pytest.mark.parametrize("spoil", ["", "x", "cut", "changed", "\u0000", "a" * 10_000])
@pytest.mark.flaw("MantisBT CVE-2017-7615")
async def test_a_forged_link_opens_nothing(world: World, spoil: str) -> None:
    _, token = await linked(world)
    forged = {"cut": token[:-2], "changed": token[:5] + ("A" if token[5] != "A" else "B") + token[6:]}.get(spoil, spoil)
    with pytest.raises((rpc.NotFound, rpc.Invalid)):
        await world.acme.calling(Kind.ANONYMOUS, "")(requests.open, token=forged)


@pytest.mark.asvs("V8.4.1")
async def test_a_link_ends_after_thirty_days_and_is_nothing_at_the_neighbour(world: World) -> None:
    _, token = await linked(world)
    globex = await world.neighbour()
    with pytest.raises(rpc.NotFound):
        await globex.calling(Kind.ANONYMOUS, "")(requests.open, token=token)
    world.clock.move(timedelta(days=30, seconds=1))
    with pytest.raises(rpc.NotFound):
        await world.acme.calling(Kind.ANONYMOUS, "")(requests.open, token=token)


async def test_a_links_session_ends_by_signing_out_and_after_a_day(world: World) -> None:
    number, token = await linked(world)
    call = await cleo(world, token)
    await call(requests.sign_out)
    with pytest.raises(rpc.Unauthenticated):
        await call(requests.read, number=number)
    call = await cleo(world, token)
    world.clock.move(timedelta(days=1, seconds=1))
    with pytest.raises(rpc.Unauthenticated):
        await call(requests.read, number=number)
