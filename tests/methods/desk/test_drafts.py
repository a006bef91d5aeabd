"""What is begun is kept for the one who began it; what was sent a moment ago can be taken back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

import rpc
from orm.testing import Server
from seldesk.methods.desk import drafts, housekeeping, outbox, requests, tickets
from seldesk.methods.desk.shapes.tickets import TicketPage
from seldesk.models.desk.taking_back import TooLateToUndo
from tests.faults import superuser, until
from tests.world import World, mail
from tests.world import world as made

DANA = "dana@cleo.example"
SECRET = "zebra"


@pytest.fixture
async def patient(cluster: tuple[Server, Path]) -> AsyncIterator[World]:
    """A world in which a reply leaves ten seconds after it was sent."""
    async with made(*cluster, SELDESK_UNDO_SECONDS="10") as one:
        yield one


async def asked(world: World) -> int:
    received = await world.acme.mail(mail())
    assert received.ticket is not None
    await world.deliver(world.acme)
    world.relay.sent.clear()
    return received.ticket


@pytest.mark.flaw("Zammad CVE-2025-32360", "Zammad CVE-2024-33668")
async def test_a_draft_is_the_writers_alone_and_gone_once_something_is_sent(world: World) -> None:
    """Nobody else sees it, by page, by program, by search or by the requester's link."""
    ann, bo, number = await world.acme.signed_in("ann"), await world.acme.signed_in("bo"), await asked(world)
    first = (await ann(tickets.page, number=number)).ticket.last_message
    await ann(drafts.keep, number=number, body=f"{SECRET} one", kind="note", seen=first)
    await ann(drafts.keep, number=number, body=f"{SECRET} two", cc=DANA, seen=first)
    kept = (await ann(tickets.page, number=number)).draft
    assert kept is not None
    assert (kept.kind, kept.text, kept.cc) == ("message", f"{SECRET} two", DANA)
    await bo(tickets.reply, number=number, body="Bo answers.")
    await world.deliver(world.acme)
    letter = message_from_bytes(world.relay.sent[-1].raw, EmailMessage, policy=policy.default)
    part = letter.get_body(("plain",))
    assert part is not None
    link = part.get_content().partition("/link/")[2].split()[0]
    cleo = (await world.acme.calling(rpc.Kind.ANONYMOUS, "")(requests.open, token=link)).token
    theirs = [
        await bo(tickets.page, number=number),
        await bo(tickets.search, query=SECRET),
        await world.acme.by_token("ann")(tickets.read, number=number, messages=True),
        await world.acme.calling(rpc.Kind.LINK, cleo)(requests.read, number=number),
    ]
    assert not [shown for shown in theirs if SECRET in repr(shown).replace(f"query='{SECRET}'", "")]
    with pytest.raises(rpc.MethodNotFound):
        await world.acme.calling(rpc.Kind.LINK, cleo)(drafts.keep, number=number, body="Hi")
    await world.acme.by_token("ann")(tickets.note, number=number, body="A program of Ann's notes.")
    assert (await ann(tickets.page, number=number)).draft is not None
    await ann(tickets.note, number=number, body="Sent.")
    await ann(drafts.keep, number=number, body=f"{SECRET} two", seen=first)
    assert (await ann(tickets.page, number=number)).draft is None, "it was on its way while it was sent"
    with pytest.raises(rpc.NotFound):
        await ann(drafts.keep, number=number + 1, body="Hi")
    with pytest.raises(rpc.Invalid):
        await ann(drafts.keep, number=number, body="x" * 100_001)


async def test_an_empty_draft_is_forgotten(world: World) -> None:
    ann, number = await world.acme.signed_in("ann"), await asked(world)
    seen = (await ann(tickets.page, number=number)).ticket.last_message
    for body in ("Begun", "  "):
        await ann(drafts.keep, number=number, body=body, seen=seen)
    assert await world.rows(world.acme, "SELECT count(*) FROM app.drafts") == ["0"]


def state(page: TicketPage) -> tuple[object, ...]:
    ticket = page.ticket
    return ticket.status, ticket.assignee, ticket.cc, ticket.last_message, page.queue.items[0].preview, page.messages


async def test_a_reply_that_has_not_left_is_taken_back_into_the_draft(patient: World) -> None:
    world, ann, number = patient, await patient.acme.signed_in("ann"), await asked(patient)
    before = state(await ann(tickets.page, number=number))
    plan = rpc.Upload(name="plan.txt", type="text/plain", content=b"secret plan")
    sent = await ann(tickets.reply, number=number, body=f"{SECRET}!", files=[plan], cc=[DANA], status="solved")
    shown = await ann(tickets.page, number=number)
    assert shown.messages[-1].undo_until == world.clock.now() + timedelta(seconds=10)
    assert (await (await world.acme.signed_in("bo"))(tickets.page, number=number)).messages[-1].undo_until is None
    with pytest.raises(rpc.NotFound):
        await (await world.acme.signed_in("bo"))(tickets.take_back, number=number, message=sent.id)
    await ann(drafts.keep, number=number, body="And more", seen=sent.id)
    await ann(tickets.take_back, number=number, message=sent.id)
    page = await ann(tickets.page, number=number)
    assert state(page) == before
    assert [event.kind for event in page.events[-4:]] == ["taken_back", "cc", "assigned", "status"]
    assert (await ann(tickets.search, query=SECRET)).items == []
    assert [hit.number for hit in (await ann(tickets.search, query="smokes")).items] == [number]
    assert page.draft is not None
    assert (page.draft.text, page.draft.cc) == (f"{SECRET}!\n\nAnd more", DANA)
    world.clock.move(timedelta(minutes=1))
    await world.deliver(world.acme)
    assert world.relay.sent == []
    (file,) = page.draft.files
    world.clock.move(timedelta(days=2))
    assert await world.acme.program(rpc.Kind.JOB)(housekeeping.sweep) == 0, "a draft's files are not swept away"
    ann = await world.acme.signed_in("ann")
    again = await ann(tickets.reply, number=number, body="Now.", kept=[file.id])
    page = await ann(tickets.page, number=number)
    assert ([one.name for one in page.messages[-1].files], page.draft) == (["plan.txt"], None)
    world.clock.move(timedelta(seconds=11))
    assert (await ann(tickets.page, number=number)).messages[-1].undo_until is None
    await world.deliver(world.acme)
    assert b"c2VjcmV0IHBsYW4" in world.relay.sent[-1].raw
    with pytest.raises(TooLateToUndo):
        await ann(tickets.take_back, number=number, message=again.id)


async def test_what_happened_since_stays_when_a_reply_is_taken_back(patient: World) -> None:
    ann, number = await patient.acme.signed_in("ann"), await asked(patient)
    sent = await ann(tickets.reply, number=number, body="Hm.", status="solved")
    more = mail(message_id="<more@cleo.example>", headers={"References": "<first@cleo.example>"})
    assert (await patient.acme.mail(more)).ticket == number
    await ann(tickets.take_back, number=number, message=sent.id)
    page = await ann(tickets.page, number=number)
    assert (page.ticket.status, len(page.messages), page.ticket.last_message) == ("open", 2, page.messages[-1].id)


async def test_the_worker_and_the_undo_never_both_have_a_reply(patient: World) -> None:
    """The one who locks the row decides: an undo that comes second waits, and is told that it is too late."""
    world, ann, number = patient, await patient.acme.signed_in("ann"), await asked(patient)
    sent = await ann(tickets.reply, number=number, body="Hm.")
    database = world.acme.database
    async with superuser(world.server, database) as worker, superuser(world.server, database) as watcher:
        begun = worker.transaction()
        await begun.start()
        await worker.execute("SELECT 1 FROM app.outbox WHERE kind = 'reply' FOR UPDATE")
        undo = asyncio.create_task(ann(tickets.take_back, number=number, message=sent.id))
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        await until(lambda: watcher.fetchval(waiting))
        await worker.execute("UPDATE app.outbox SET state = 'running', attempts = 1 WHERE kind = 'reply'")
        await begun.commit()
        with pytest.raises(TooLateToUndo):
            await undo
    assert len((await ann(tickets.page, number=number)).messages) == 2
    assert await world.acme.program(rpc.Kind.JOB)(outbox.claim, limit=1) == []
