"""Nothing secret and nothing that anybody wrote stands in a log, whatever goes wrong."""

import io
import json
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace

import pytest

import rpc
from rpc import Credential, Kind
from rpc.testing import example_arguments
from seldesk.app.failures import observe
from seldesk.logs import configure
from seldesk.methods import PUBLIC
from seldesk.methods.desk import people, tickets
from tests.inbound.test_smtp import door, visiting
from tests.web.test_once import browser, hidden, session
from tests.web.visitor import FROM_OUR_PAGE, Visitor
from tests.world import CLEO, World, address, mail

PLANTED = "planted-0a1b2c3d4e5f"


@pytest.fixture
def logged(logs_as_before: None) -> io.StringIO:
    """What is logged, as programs read it."""
    stream = io.StringIO()
    configure("debug", console=False, stream=stream)
    return stream


def planted(value: object) -> object:
    """The same arguments with the marker in every text."""
    match value:
        case str():
            return f"{PLANTED} {value}"
        case list():
            return [planted(PLANTED)]
        case dict():
            return {key: planted(inner) for key, inner in value.items()}
        case _:
            return value


@pytest.mark.flaw("Zammad CVE-2024-55578")
@pytest.mark.asvs("V16.2.5")
async def test_what_is_put_in_anywhere_comes_out_in_no_log(world: World, logged: io.StringIO) -> None:
    """Every method, every text argument, and every kind of credential."""
    dispatcher = world.app.dispatcher
    bo = await world.acme.signed_in("bo")
    secrets = {
        Kind.PERSON: bo.credential.secret,
        Kind.TOKEN: world.acme.tokens["bo"],
        Kind.LINK: PLANTED,
        Kind.ANONYMOUS: PLANTED,
    }
    for method in PUBLIC:
        arguments = {name: planted(value) for name, value in example_arguments(method).items()}
        door = "acme" if method.realm == "desk" else None
        for kind in method.kinds:
            credential = Credential(
                kind=kind, place=door, secret=secrets.get(kind, ""), address="192.0.2.1", request_id="r1"
            )
            for given in (credential, replace(credential, secret=f"{PLANTED} not a secret")):
                with suppress(rpc.Error):
                    await dispatcher.answer(given, method.name, arguments)
    lines = logged.getvalue()
    assert len(lines.splitlines()) > len(PUBLIC)
    for secret in (PLANTED, bo.credential.secret, world.acme.tokens["bo"]):
        assert secret not in lines


async def test_a_mails_text_and_people_come_out_in_no_log(world: World, logged: io.StringIO) -> None:
    await world.acme.mail(mail(f"{PLANTED} subject", f"{PLANTED} text", files={f"{PLANTED}.txt": PLANTED.encode()}))
    await world.acme.mail(b"\x00" + PLANTED.encode())
    ann = await world.acme.signed_in("ann")
    await ann(tickets.reply, number=1, body=f"{PLANTED} reply")
    await world.deliver(world.acme)
    await world.acme.calling(Kind.ANONYMOUS, "")(people.sign_in, email=CLEO, password=PLANTED)
    lines = logged.getvalue()
    assert "tickets.reply" in lines
    for secret in (PLANTED, CLEO, address("ann", "acme"), "Cleo"):
        assert secret not in lines


async def test_what_a_browser_sends_comes_out_in_no_log(world: World, logged: io.StringIO) -> None:
    """In each part of a request in which something can stand, at every door, signed in and not."""
    app, secret_of_bo = world.app.web(), await session(world.acme, "bo")
    names = ("session", "request", "form", "staff", "access", "entry", "device", "sign_up", PLANTED)
    cookies = "; ".join(f"{name}={PLANTED}" for name in names)
    headers = dict.fromkeys(
        ("User-Agent", "Accept-Language", "X-Request-Id", "X-Forwarded-For", "Idempotency-Key", f"X-{PLANTED}"), PLANTED
    )
    headers |= {"Referer": f"http://acme.localhost/{PLANTED}", "Origin": f"http://{PLANTED}.localhost"}
    for host in ("acme.localhost:8080", "localhost:8080", "ops.localhost:8080", f"{PLANTED}.localhost:8080"):
        for cookie in (cookies, f"session={secret_of_bo}; {PLANTED}={PLANTED}"):
            async with Visitor(app, host, known=False) as visitor:
                visitor.headers.update({**headers, "Cookie": cookie})
                for path in (
                    "/",
                    "/desk/tickets",
                    "/desk/search",
                    f"/{PLANTED}",
                    f"/link/{PLANTED}",
                    f"/reset/{PLANTED}",
                ):
                    await visitor.get(f"{path}?query={PLANTED}&cursor={PLANTED}&{PLANTED}=1")
                for path in ("/desk/sign-in", "/sign-in", "/desk/tickets", "/sign-up", "/forgot", f"/{PLANTED}"):
                    fields = dict.fromkeys(
                        ("email", "password", "subject", "body", "form_token", "once", PLANTED), PLANTED
                    )
                    for sent in ({}, FROM_OUR_PAGE):
                        await visitor.post(path, data=fields, headers=sent)
                        await visitor.post(path, files={PLANTED: (PLANTED, PLANTED.encode(), PLANTED)}, headers=sent)
    lines = logged.getvalue()
    assert "tickets.queue" in lines
    for secret in (PLANTED, secret_of_bo):
        assert secret not in lines


async def test_a_form_that_is_taken_comes_out_in_no_log(world: World, logged: io.StringIO) -> None:
    async with browser(world.acme, await session(world.acme, "ann")) as ann:
        form = await hidden(ann, "/desk/tickets/new")
        given = {
            "subject": PLANTED,
            "body": PLANTED,
            "to": f"{PLANTED}@cleo.example",
            "requester_email": f"{PLANTED}@x.example",
        }
        await ann.post("/desk/tickets", data=form | given, headers=FROM_OUR_PAGE)
        await ann.get("/desk/search", params={"query": PLANTED})
    lines = logged.getvalue()
    assert "tickets.open" in lines
    assert PLANTED not in lines


async def test_what_a_program_sends_comes_out_in_no_log(world: World, logged: io.StringIO) -> None:
    token = world.acme.tokens["ann"]
    params = {
        "subject": PLANTED,
        "body": PLANTED,
        "requester_email": f"{PLANTED}@cleo.example",
        "requester_name": PLANTED,
    }
    calls = [
        {"jsonrpc": "2.0", "id": PLANTED, "method": "tickets.open", "params": params},
        {"jsonrpc": "2.0", "id": PLANTED, "method": "tickets.open", "params": {**params, PLANTED: PLANTED}},
        {"jsonrpc": "2.0", "id": PLANTED, "method": PLANTED, "params": {PLANTED: PLANTED}},
        {"jsonrpc": PLANTED, PLANTED: PLANTED},
    ]
    async with Visitor(world.app.web(), "acme.localhost:8080", known=False) as program:
        for shown in (token, PLANTED):
            headers = {"Authorization": f"Bearer {shown}", "Content-Type": "application/json"}
            for body in (*(json.dumps(call) for call in calls), json.dumps(calls), f'{{"{PLANTED}', PLANTED):
                for key in ({}, {"Idempotency-Key": f"{PLANTED}-key"}, {"Idempotency-Key": PLANTED * 20}):
                    await program.post(f"/rpc?{PLANTED}={PLANTED}", content=body, headers=headers | key)
    lines = logged.getvalue()
    assert "tickets.open" in lines
    for secret in (PLANTED, token):
        assert secret not in lines


async def test_what_is_said_at_the_door_of_mail_comes_out_in_no_log(world: World, logged: io.StringIO) -> None:
    planted, to = PLANTED.encode(), world.acme.mailbox.encode()
    said = (
        (b"EHLO " + planted, b"AUTH PLAIN " + b64encode(planted), b"AUTH LOGIN " + planted, b"VRFY " + planted),
        (b"HELO " + planted, planted, planted + b" " + planted, b"HELP " + planted, b"NOOP " + planted),
        (b"EHLO x", b"MAIL FROM:" + planted, b"MAIL FROM:<" + planted + b"@x> " + planted, b"RSET " + planted),
        (b"EHLO x", b"MAIL FROM:<" + planted + b"@x.example>", b"RCPT TO:<" + planted + b"@acme.localhost>"),
        (
            b"EHLO x",
            b"MAIL FROM:<a@x.example>",
            b"RCPT TO:<a@" + planted + b".localhost>",
            b"RCPT TO:<" + planted + b">",
        ),
        (
            b"EHLO x",
            b"MAIL FROM:<a@x.example>",
            b"RCPT TO:<" + to + b">",
            b"DATA",
            b"Subject: " + planted + b"\r\n\r\n.",
        ),
        (b"EHLO x", b"MAIL FROM:<" + "\u00e9".encode() + planted + b"@x>", b"\xff\xfe" + planted),
    )
    async with door(world.acme) as port:
        for commands in said:
            async with visiting(port) as visit:
                for command in commands:
                    await visit.say(command)
    lines = logged.getvalue()
    assert "mails.receive" in lines
    assert PLANTED not in lines
    assert b64encode(planted).decode() not in lines


async def test_each_call_is_a_line_with_its_request_and_customer(world: World, logged: io.StringIO) -> None:
    await world.acme.by_token("ann")(tickets.list)
    with pytest.raises(rpc.NotFound):
        await world.acme.by_token("ann")(tickets.read, number=99)
    done, refused = [json.loads(line) for line in logged.getvalue().splitlines()][-2:]
    assert (done["method"], done["customer"], done["request"]) == ("tickets.list", "acme", "test")
    assert (refused["event"], refused["error"]) == ("call.refused", "not_found")


@pytest.mark.asvs("V16.3.4")
def test_what_nobody_foresaw_is_an_error_that_says_where_it_happened(logged: io.StringIO) -> None:
    fault = KeyError("x")
    observe(
        rpc.Observation(
            method="tickets.open",
            kind=Kind.TOKEN,
            place="acme",
            request_id="r1",
            seconds=0.1,
            error="internal",
            exception=fault,
        )
    )
    line = json.loads(logged.getvalue())
    assert (line["event"], line["level"], line["request"]) == ("call.failed", "error", "r1")
    assert "KeyError" in str(line["exception"])


async def test_a_fault_of_ours_is_logged_without_the_values_in_it(world: World, logged: io.StringIO) -> None:
    """What the database says of a row stays there: SQLSTATE is enough to look it up."""
    refused = f"CONSTRAINT planted CHECK (subject <> '{PLANTED}') NOT VALID"
    await world.rows(world.acme, f"ALTER TABLE app.tickets ADD {refused}")
    with pytest.raises(rpc.Error):
        await world.acme.by_token("ann")(
            tickets.open, subject=PLANTED, body="b", requester_email=CLEO, requester_name="Cleo"
        )
    await world.rows(world.acme, "ALTER TABLE app.tickets DROP CONSTRAINT planted")
    assert PLANTED not in logged.getvalue()
