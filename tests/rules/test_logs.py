"""Nothing secret and nothing that anybody wrote stands in a log, whatever goes wrong."""

import io
import json
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
