"""The door of mail, when one sender brings more than anybody writes."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from rpc import Kind
from seldesk.errors import TooManyMails
from seldesk.methods.desk import mails
from tests.faults import another
from tests.inbound.test_smtp import SUPPORT, door, refused, send, visiting
from tests.world import CLEO, Desk, World, mail

MOST = 3
OMAR = "omar@omar.example"
KEPT = "SELECT count(*) FROM app.mails"


@pytest.fixture
async def acme(world: World) -> AsyncIterator[Desk]:
    await world.neighbour()
    async with another(world, SELDESK_LIMITS__MAILS_PER_HOUR=str(MOST)) as desk:
        yield desk


def letter(number: int, sender: str = CLEO) -> bytes:
    return mail(f"Matter {number}", sender=sender, message_id=f"<{number}@cleo.example>")


@pytest.mark.asvs("V2.4.1")
async def test_who_brings_too_many_is_put_off_by_every_process_and_nobody_else_is(world: World, acme: Desk) -> None:
    """And nothing is lost: what is brought again within the next hour is taken."""
    beside = another(world, SELDESK_LIMITS__MAILS_PER_HOUR=str(MOST))
    async with beside as elsewhere, door(acme) as port, door(elsewhere) as other:
        for number in range(MOST):
            assert await send((port, other)[number % 2], letter(number)) == {}
        for each in (port, other):
            assert await refused(each, letter(MOST)) == 450
        async with visiting(port) as visit:
            to = b"RCPT TO:<" + SUPPORT.encode() + b">"
            said = await visit.say(b"EHLO cleo.example", b"MAIL FROM:<CLEO@cleo.example>", to)
            assert said.startswith("450 4.7.1 Too many mails came from this sender within an hour, try again later (")
        assert await send(port, letter(MOST, OMAR), sender=OMAR) == {}
        assert await send(port, letter(MOST), to=["support@globex.localhost"]) == {}
        assert await world.rows(acme, KEPT) == [str(MOST + 1)]
        world.clock.move(timedelta(hours=1, seconds=1))
        assert await send(other, letter(MOST)) == {}
    assert await world.rows(acme, f"{KEPT} WHERE state = 'opened'") == [str(MOST + 2)]


@pytest.mark.asvs("V2.4.1")
async def test_an_author_is_known_whatever_envelopes_they_take(world: World, acme: Desk) -> None:
    """Programs write each mail under another one, and what was broken or came before counts as well."""
    async with door(acme) as port:
        assert await send(port, letter(0), sender="bounce-0@cleo.example") == {}
        assert await send(port, letter(0), sender="bounce-1@cleo.example") == {}
        assert await send(port, letter(1), sender="bounce-2@cleo.example") == {}
        assert await refused(port, letter(2), sender="bounce-3@cleo.example") == 450
        assert await world.rows(acme, KEPT) == ["2"], "what is put off is neither kept nor set aside"
        broken = [letter(number, "Omar <x@x.example>").replace(b"x@x.example", b"a@b@c") for number in range(MOST)]
        for one in broken:
            assert await send(port, one, sender=OMAR) == {}
        assert await refused(port, letter(9, OMAR), sender=OMAR) == 450


async def test_one_that_forwards_for_many_and_reports_without_a_sender_have_ten_times_as_many(
    world: World, acme: Desk
) -> None:
    async with door(acme) as port:
        for sender in ("forward@acme.example", ""):
            for number in range(MOST + 1):
                assert await send(port, letter(number, f"person{number}@people.example"), sender=sender) == {}
        await world.rows(acme, "UPDATE secret.limits SET count = count * 10 WHERE count > 1 RETURNING 1")
        for sender in ("forward@acme.example", ""):
            assert await refused(port, letter(9, "another@people.example"), sender=sender) == 450


async def test_a_mail_to_more_mailboxes_than_are_left_is_taken_for_those(world: World, acme: Desk) -> None:
    to = [f"support+{number}@acme.localhost" for number in range(MOST + 2)]
    async with door(acme) as port:
        assert await send(port, letter(0), to=[*to, "support@globex.localhost"]) == dict.fromkeys(to[MOST:], 450)
        world.clock.move(timedelta(hours=1, seconds=1))
        assert await send(port, letter(0), to=to[MOST:]) == {}
    assert await world.rows(acme, KEPT) == ["1"]


async def test_what_was_taken_in_once_comes_again_after_a_restore_however_much_it_is(world: World, acme: Desk) -> None:
    receive = acme.program(Kind.MAIL)
    for number in range(MOST + 1):
        await receive(mails.receive, recipient=SUPPORT, sender=CLEO, raw=letter(number), again=True)
    for number in range(MOST):
        await acme.mail(letter(10 + number))
    with pytest.raises(TooManyMails) as slowed:
        await acme.mail(letter(20))
    assert 0 < slowed.value.retry_after <= 3600
    async with another(world, SELDESK_LIMITS__MAILS_PER_HOUR="0") as unbounded, door(unbounded) as port:
        assert await send(port, letter(20)) == {}
