"""The door of mail, spoken to by real programs and by rude ones."""

import asyncio
import io
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import aiosmtplib
import pytest

import orm
from orm.testing import Server
from rpc import Kind
from seldesk.inbound.smtp import Receiver, serve
from seldesk.logs import configure
from seldesk.methods.control import endings
from seldesk.methods.desk import mailboxes, mails, tickets
from seldesk.methods.desk.shapes.tickets import Ticket
from tests.faults import another, backends, free_port, superuser, until
from tests.world import CLEO, Desk, World, mail

SUPPORT = "support@acme.localhost"
LARGEST = 100_000


@asynccontextmanager
async def door(desk: Desk, *, largest: int = LARGEST, seconds: float = 60.0) -> AsyncIterator[int]:
    """The port at which mail is received, as one process of the application does it."""
    server = await serve(Receiver(desk.app.mail), "127.0.0.1", 0, "mx.localhost", largest=largest, seconds=seconds)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        # What visitors left open is closed when their ends have gone.
        await asyncio.sleep(0.05)


@pytest.fixture
async def port(world: World) -> AsyncIterator[int]:
    async with door(world.acme) as number:
        yield number


async def send(
    port: int, raw: bytes, *, sender: str = CLEO, to: list[str] | None = None, options: list[str] | None = None
) -> dict[str, int]:
    """The recipients that were refused, with their codes."""
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
        refused, _ = await client.sendmail(sender, to or [SUPPORT], raw, mail_options=options or [])
        return {address: response.code for address, response in refused.items()}


async def refused(port: int, raw: bytes, *, to: str = SUPPORT, sender: str = CLEO) -> int:
    """The code with which the mail, or its only recipient, was refused."""
    with pytest.raises(aiosmtplib.SMTPException) as told:
        await send(port, raw, sender=sender, to=[to])
    error: Exception = told.value
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    assert isinstance(error, aiosmtplib.SMTPResponseException)
    return int(error.code)


class Visit:
    """Speaks SMTP byte for byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def hears(self) -> str:
        """A whole answer; empty when the connection was closed."""
        lines = []
        while line := await self.reader.readline():
            lines.append(line.decode())
            if line[3:4] != b"-":
                break
        return "".join(lines)

    async def say(self, *commands: bytes) -> str:
        """The answer to the last of these commands."""
        answer = ""
        for command in commands:
            self.writer.write(command + b"\r\n")
            answer = await self.hears()
        return answer

    async def hands_over(self, raw: bytes, sender: bytes = b"cleo@cleo.example") -> str:
        """The answer to a whole mail; raw ends with an end of line, if with anything."""
        await self.to_data(sender)
        self.writer.write(raw)
        return await self.say(b".")

    async def to_data(self, sender: bytes = b"cleo@cleo.example") -> str:
        rcpt = b"RCPT TO:<" + SUPPORT.encode() + b">"
        return await self.say(b"EHLO cleo.example", b"MAIL FROM:<" + sender + b">", rcpt, b"DATA")


@asynccontextmanager
async def visiting(port: int) -> AsyncIterator[Visit]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    visit = Visit(reader, writer)
    try:
        async with asyncio.timeout(60):
            assert (await visit.hears()).startswith("220 mx.localhost")
            yield visit
    finally:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


async def all_tickets(desk: Desk) -> list[Ticket]:
    call = desk.by_token("ann")
    rows = (await call(tickets.list)).items
    return [await call(tickets.read, number=row.number, messages=True) for row in reversed(rows)]


async def one_ticket(desk: Desk) -> str:
    """The text of the only message of the only ticket."""
    (ticket,) = await all_tickets(desk)
    assert ticket.messages is not None
    (message,) = ticket.messages
    return message.text


async def test_a_mail_that_was_taken_is_a_ticket(world: World, port: int) -> None:
    assert await send(port, mail()) == {}
    (ticket,) = await all_tickets(world.acme)
    assert (ticket.subject, ticket.channel, ticket.requester.email) == ("The printer smokes", "mail", CLEO)
    assert "it smokes when it prints" in await one_ticket(world.acme)


async def test_only_mailboxes_that_exist_take_mail(world: World, port: int) -> None:
    globex = await world.neighbour()
    for nobody in ("nobody@acme.localhost", "support@nowhere.example", "support@nobody.localhost", "support"):
        assert await refused(port, mail(), to=nobody) == 550, nobody
    assert await send(port, mail(), to=["SUPPORT@Globex.Localhost"]) == {}
    assert len(await all_tickets(globex)) == 1
    assert await all_tickets(world.acme) == []


async def test_each_recipient_gets_its_ticket_and_one_that_is_unknown_spoils_none(world: World, port: int) -> None:
    globex = await world.neighbour()
    await world.acme.program(Kind.COMMAND)(mailboxes.create, address="sales@acme.localhost", name="Sales")
    everybody = [SUPPORT, "nobody@acme.localhost", "sales@acme.localhost", globex.mailbox]
    assert await send(port, mail(), to=everybody) == {"nobody@acme.localhost": 550}
    assert len(await all_tickets(world.acme)) == 2
    assert len(await all_tickets(globex)) == 1


async def test_one_mail_has_at_most_fifty_recipients(port: int) -> None:
    to = [f"support+{position}@acme.localhost" for position in range(52)]
    async with visiting(port) as visit:
        await visit.say(b"EHLO cleo.example", b"MAIL FROM:<cleo@cleo.example>")
        said = [await visit.say(f"RCPT TO:<{address}>".encode()) for address in to]
    assert [one[:3] for one in said] == ["250"] * 50 + ["452"] * 2


@pytest.mark.asvs("V5.2.1")
async def test_a_mail_that_is_too_large_is_refused_for_good_announced_or_not(world: World, port: int) -> None:
    large = mail(text="fire and smoke\n" * (LARGEST // 10))
    assert await refused(port, large) == 552
    async with visiting(port) as visit:
        await visit.to_data()
        visit.writer.write(large)
        assert (await visit.say(b"\r\n.")).startswith("552")
        assert (await visit.say(b"NOOP")).startswith("250")
    assert await all_tickets(world.acme) == []


async def test_it_is_taken_only_after_the_commit(world: World, port: int) -> None:
    async with superuser(world.server, world.acme.database) as connection:
        async with connection.transaction():
            await connection.execute("LOCK TABLE app.mails IN EXCLUSIVE MODE")
            sending = asyncio.create_task(send(port, mail()))
            await until(lambda: held_up(world.server))
            done, _ = await asyncio.wait([sending], timeout=0.2)
            assert not done
        assert await sending == {}
    assert len(await all_tickets(world.acme)) == 1


async def held_up(server: Server) -> bool:
    async with superuser(server, "postgres") as connection:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%app.mails%'"
        return bool(await connection.fetchval(waiting))


async def test_without_a_database_the_sender_keeps_the_mail(world: World) -> None:
    nowhere = orm.Address("127.0.0.1", free_port(), "", "", "")
    async with another(world, nowhere) as acme, door(acme) as port:
        assert await refused(port, mail()) == 451


async def test_what_is_put_off_is_known_by_an_id_that_stands_in_the_log_too(world: World, logs_as_before: None) -> None:
    stream, nowhere = io.StringIO(), orm.Address("127.0.0.1", free_port(), "", "", "")
    configure("info", console=False, stream=stream)
    async with another(world, nowhere) as acme, door(acme) as port, visiting(port) as visit:
        await visit.say(b"EHLO cleo.example")
        await visit.say(b"MAIL FROM:<cleo@cleo.example>")
        said = await visit.say(b"RCPT TO:<support@acme.localhost>")
    known = re.fullmatch(r"451 4\.3\.0 Try again later \(request ([0-9a-f]{16})\)", said.strip())
    assert known is not None, said
    assert f'"request": "{known[1]}"' in stream.getvalue()


async def test_a_database_that_goes_away_under_a_mail_loses_and_doubles_nothing(world: World, port: int) -> None:
    raw = mail()
    async with superuser(world.server, "postgres") as connection, visiting(port) as visit:
        switch = f"ALTER DATABASE {world.acme.database} ALLOW_CONNECTIONS"
        await visit.to_data()
        await connection.execute(f"{switch} false")
        for pid in await backends(world.server, world.acme.database):
            await connection.execute("SELECT pg_terminate_backend($1, 5000)", pid)
        visit.writer.write(raw)
        assert (await visit.say(b".")).startswith("451")
        await connection.execute(f"{switch} true")
        for _ in range(2):
            assert (await visit.hands_over(raw)).startswith("250")
    assert "it smokes" in await one_ticket(world.acme)
    assert await kept(world) == ["opened"]


async def test_a_database_that_is_slow_sets_no_good_mail_aside(world: World) -> None:
    async with another(world, SELDESK_LIMITS__CALL_SECONDS="1") as acme, door(acme) as port:
        async with superuser(world.server, world.acme.database) as connection, connection.transaction():
            await connection.execute("LOCK TABLE app.tickets IN SHARE ROW EXCLUSIVE MODE")
            assert await refused(port, mail()) == 451
        assert await kept(world) == []
        assert await send(port, mail()) == {}
    assert await kept(world) == ["opened"]


async def kept(world: World) -> list[str]:
    """What was decided about each mail that is kept."""
    return await world.rows(world.acme, "SELECT state FROM app.mails")


async def test_a_sender_that_leaves_before_the_answer_and_comes_back_has_one_ticket(world: World, port: int) -> None:
    raw = mail()
    for patience in (0.0, 0.005, 0.02, 0.05):
        async with visiting(port) as visit:
            await visit.to_data()
            visit.writer.write(raw + b".\r\n")
            await asyncio.sleep(patience)
            visit.writer.transport.abort()
    assert await send(port, mail()) == {}
    assert "it smokes" in await one_ticket(world.acme)
    assert await kept(world) == ["opened"]


@pytest.mark.fault(21)
async def test_the_same_mail_from_five_connections_at_once_is_one_message(world: World, port: int) -> None:
    assert await asyncio.gather(*(send(port, mail()) for _ in range(5))) == [{}] * 5
    assert "it smokes" in await one_ticket(world.acme)
    assert await kept(world) == ["opened"]


@pytest.mark.flaw("aiosmtpd CVE-2024-27305")
async def test_only_one_end_of_data_is_known_so_nothing_is_smuggled(world: World, port: int) -> None:
    smuggled = (
        b"MAIL FROM:<ceo@acme.localhost>\r\nRCPT TO:<" + SUPPORT.encode() + b">\r\nDATA\r\n"
        b"From: ceo@acme.localhost\r\nSubject: Pay this\r\nMessage-ID: <two@x.example>\r\n\r\nAt once."
    )
    ends = [b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r.\r\n", b"\n.\r"]
    for position, end in enumerate(ends):
        raw = mail(f"Mail {position}", message_id=f"<{position}@cleo.example>").rstrip()
        async with visiting(port) as visit:
            assert (await visit.hands_over(raw + end + smuggled + b"\r\n")).startswith("250")
            assert (await visit.say(b"NOOP")).startswith("250")
    stored = await all_tickets(world.acme)
    assert [ticket.subject for ticket in stored] == [f"Mail {position}" for position in range(len(ends))]
    assert {ticket.requester.email for ticket in stored} == {CLEO}


async def test_a_dot_at_the_start_of_a_line_comes_through(world: World, port: int) -> None:
    await send(port, mail(text="Look:\n.\n..\n.hidden\nend"))
    assert "Look:\n.\n..\n.hidden\nend" in await one_ticket(world.acme)


async def test_addresses_and_headers_in_any_script_are_taken(world: World, port: int) -> None:
    raw = mail(sender="x@x.example").replace(b"From: x@x.example", "From: Jürgen <jürgen@bücher.example>".encode())
    await send(port, raw, sender="jürgen@bücher.example", options=["smtputf8"])
    (ticket,) = await all_tickets(world.acme)
    assert ticket.requester.name == "Jürgen"
    assert ticket.requester.email == "jürgen@bücher.example"


async def test_odd_mails_are_tickets_all_the_same(world: World, port: int) -> None:
    head = b"From: cleo@cleo.example\r\n"
    odd = [
        head + b"Subject: a\x00b\r\n\r\none\x00two\r\n",
        head + b"Subject: Gr\xfc\xdfe\r\n\r\nGr\xfc\xdfe \xff\xfe\r\n",
        head + b"\r\n" + b"x" * 60_000 + b"\r\n",
        head + b"Subject: no body\r\n",
        head + b"Content-Type: multipart/mixed; boundary=none\r\n\r\nnothing here\r\n",
    ]
    for raw in odd:
        async with visiting(port) as visit:
            assert (await visit.hands_over(raw)).startswith("250")
    assert len(await all_tickets(world.acme)) == len(odd)


async def test_an_empty_mail_is_refused_for_good(world: World, port: int) -> None:
    for raw in (b"", b"\r\n", b" \r\n\r\n"):
        async with visiting(port) as visit:
            assert (await visit.hands_over(raw)).startswith("554")
    assert await all_tickets(world.acme) == []


async def test_whatever_the_envelopes_sender_holds_the_mail_is_kept(world: World, port: int) -> None:
    senders = [b"", b"\xff\xfe@cleo.example", b'"cleo\x01"@cleo.example']
    for position, sender in enumerate(senders):
        raw = mail(message_id=f"<{position}@cleo.example>")
        async with visiting(port) as visit:
            assert (await visit.hands_over(raw, sender)).startswith("250")
    stored = await world.rows(world.acme, "SELECT sender FROM app.mails ORDER BY received_at, id")
    assert len(stored) == len(senders)
    assert stored[0] == ""
    assert all(one.isprintable() for one in stored)


async def test_what_is_no_command_is_refused_and_tells_nothing_of_the_inside(port: int) -> None:
    mad = [
        b"MAIL FROM:<",
        b"MAIL FROM:<@",
        b"MAIL FROM:<a@b> SIZE=x",
        b"RCPT TO:<" + b"x" * 600,
        b"\xff\xfe",
        b"X" * 60_000,
    ]
    for command in mad:
        async with visiting(port) as visit:
            await visit.say(b"EHLO cleo.example")
            said = await visit.say(command)
            assert said[0] in "45"
            assert "Error: (" not in said
            assert (await visit.say(b"NOOP")).startswith("250")


async def test_it_offers_neither_encryption_nor_sign_in_and_confirms_no_address(port: int) -> None:
    async with visiting(port) as visit:
        offered = await visit.say(b"EHLO cleo.example")
        assert {line[4:].split()[0] for line in offered.splitlines()} == {
            "mx.localhost",
            "SIZE",
            "8BITMIME",
            "SMTPUTF8",
            "HELP",
        }
        for address in (SUPPORT, "nobody@acme.localhost"):
            assert (await visit.say(f"VRFY {address}".encode())).startswith("252")
        assert (await visit.say(b"EXPN support")).startswith("502")


async def test_who_is_silent_or_slow_is_sent_away_and_has_left_nothing(world: World, port: int) -> None:
    async with door(world.acme, seconds=2.0) as impatient:
        async with visiting(impatient) as visit:
            assert await visit.hears() == ""
        async with visiting(impatient) as visit:
            assert (await visit.to_data()).startswith("354")
            await sent_away(visit, (bytes([byte]) for byte in mail()), pause=0.02)
    assert await send(port, mail()) == {}
    assert len(await all_tickets(world.acme)) == 1


async def sent_away(visit: Visit, pieces: Iterable[bytes], *, pause: float = 0.0) -> None:
    """The connection is closed before all of it was said."""
    with pytest.raises(ConnectionError):
        await slowly(visit, pieces, pause)


async def slowly(visit: Visit, pieces: Iterable[bytes], pause: float) -> None:
    for piece in pieces:
        visit.writer.write(piece)
        await visit.writer.drain()
        await asyncio.sleep(pause)


async def test_a_line_without_end_is_cut_off(world: World, port: int) -> None:
    async with visiting(port) as visit:
        await visit.to_data()
        await sent_away(visit, (b"x" * 10_000 for _ in range(1000)))
    assert await send(port, mail()) == {}
    assert len(await all_tickets(world.acme)) == 1


async def test_a_mail_that_breaks_the_intake_is_set_aside_listed_and_blocks_nothing(world: World, port: int) -> None:
    broken = mail(message_id="<broken@cleo.example>", sender="Cleo <x@x.example>").replace(b"x@x.example", b"a@b@c")
    for _ in range(2):
        assert await send(port, broken) == {}
    assert await send(port, mail()) == {}
    assert len(await all_tickets(world.acme)) == 1
    bo = await world.acme.signed_in("bo")
    (failure,) = (await bo(mails.failures)).items
    assert failure.mailbox == SUPPORT
    assert failure.error


async def test_mail_to_a_suspended_helpdesk_is_put_off_and_to_a_closed_one_refused(world: World, port: int) -> None:
    """What is put off is lost nowhere: the sender's server has it, and brings it again."""
    operator, raw = world.app.program(Kind.COMMAND), mail()
    await operator(endings.suspend, slug="acme", reason="Not paid.")
    await world.app.refresh()
    assert await refused(port, raw) == 451
    await operator(endings.reactivate, slug="acme")
    await world.app.refresh()
    assert await send(port, raw) == {}
    assert await world.rows(world.acme, "SELECT count(*) FROM app.tickets") == ["1"]
    await operator(endings.terminate, slug="acme")
    await world.app.refresh()
    assert await refused(port, raw) == 550
