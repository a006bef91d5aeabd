"""What is told to addresses outside: signed, bounded, and to nobody inside a network."""

import asyncio
import hmac
import json
from collections.abc import Sequence
from hashlib import sha256

import pytest

from rpc import Kind
from seldesk.app.serve import telling
from seldesk.jobs.incidents import SomeAreAway, Telling
from seldesk.jobs.webhook import NotTold, Posting, Webhook, is_public
from seldesk.methods.console import ops_incidents
from tests.acceptance.fleet import nobody_else
from tests.incidents import crowd, published
from tests.jobs.sink import Receiver, speaking
from tests.staff import hired
from tests.world import World

SECRET = "s" * 32
INSIDE = [
    "127.0.0.1",
    "::1",
    "169.254.169.254",
    "10.1.2.3",
    "192.168.0.1",
    "172.16.0.1",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "fd00::1",
    "fe80::1%eth0",
    "::ffff:127.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "2001::1",
]


@pytest.mark.asvs("V1.3.6")
@pytest.mark.parametrize("address", INSIDE)
async def test_an_address_inside_a_network_is_not_told_whatever_name_leads_there(address: str) -> None:
    assert not is_public(address)

    async def rebound(host: str, port: int) -> Sequence[str]:
        return ["93.184.215.14", address]

    with pytest.raises(NotTold, match="public internet"):
        await Posting(SECRET, resolve=rebound).post(Webhook("https://hooks.example/x"), b"{}", at=1)


@pytest.mark.asvs("V1.3.6")
@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://2130706433/",
        "http://hooks.example/",
        "https://user:secret@hooks.example/",
        "file:///etc/passwd",
        "https:///nowhere",
    ],
)
async def test_an_address_in_any_spelling_is_looked_at_before_anything_is_sent(url: str) -> None:
    with pytest.raises(NotTold) as refused:
        await Posting(SECRET).post(Webhook(url), b"{}", at=1)
    assert "secret" not in str(refused.value)


def test_the_public_internet_is_public() -> None:
    assert all(map(is_public, ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]))


async def test_what_is_told_is_signed_with_its_time() -> None:
    receiver = Receiver(b"HTTP/1.1 204 No Content\r\n\r\n")
    async with speaking(receiver.talk) as port:
        await Posting(SECRET, private=True).post(Webhook(f"http://127.0.0.1:{port}/a?b=c"), b'{"x":1}', at=77)
    ((headers, body),) = receiver.heard
    right = hmac.digest(SECRET.encode(), b"77." + body, sha256).hex()
    assert headers["Seldesk-Signature"] == f"t=77,v1={right}"


@pytest.mark.asvs("V1.3.6")
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", "It answered 302."),
        (b"HTTP/1.1 500 Oh\r\n\r\n", "It answered 500."),
        (b"220 mx.example\r\n", "It does not speak HTTP."),
        (b"x" * 100_000, "It could not be reached"),
        (b"", "It does not speak HTTP."),
    ],
)
async def test_what_is_no_plain_yes_is_a_no(answer: bytes, said: str) -> None:
    receiver = Receiver(answer)
    async with speaking(receiver.talk) as port:
        with pytest.raises(NotTold, match=said):
            await Posting(SECRET, private=True).post(Webhook(f"http://127.0.0.1:{port}/"), b"{}", at=1)
    assert len(receiver.heard) == 1


async def test_who_does_not_answer_is_given_up() -> None:
    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with speaking(stall) as port:
        hook, posting = Webhook(f"http://127.0.0.1:{port}/"), Posting(SECRET, private=True, seconds=0.1)
        with pytest.raises(NotTold, match="did not answer within"):
            await posting.post(hook, b"{}", at=1)


async def test_a_webhook_is_told_of_what_everybody_may_know_and_once(world: World) -> None:
    mara = await hired(world, "operations")
    await crowd(world, 1)
    await published(mara, "customers", customers="c0001", title="Not for everybody")
    incident = await published(mara)
    receiver = Receiver(b"HTTP/1.1 200 OK\r\n\r\n")
    async with speaking(receiver.talk) as port:
        job = world.app.program(Kind.JOB)
        hook = Webhook(f"http://127.0.0.1:{port}/T000/secret")
        told = Telling(job, world.app.job, [hook], Posting(SECRET, private=True), world.clock.now)
        await told.tell(nobody_else)
        await told.tell(nobody_else)
        await mara.call(ops_incidents.resolve, incident=incident, text="It is over.")
        await told.tell(nobody_else)
    bodies = [json.loads(body)["incident"] for _, body in receiver.heard]
    assert [(one["title"], one["updates"][0]["state"]) for one in bodies] == [
        ("Mail arrives late", "investigating"),
        ("Mail arrives late", "resolved"),
    ]
    assert "acme" not in str(bodies)
    shown = await mara.call(ops_incidents.read, incident=incident)
    assert {(one.kind, one.name, one.state) for one in shown.deliveries} == {("webhook", "127.0.0.1", "sent")}
    kept = str(await world.control_rows("SELECT t::text FROM control.incident_deliveries t"))
    assert "T000" not in kept


async def test_a_webhook_that_is_away_is_told_later(world: World) -> None:
    mara = await hired(world, "operations")
    incident = await published(mara)
    hook = Webhook("https://127.0.0.1:1/")
    job = world.app.program(Kind.JOB)
    told = Telling(job, world.app.job, [hook], Posting(SECRET), world.clock.now)
    with pytest.raises(SomeAreAway):
        await told.tell(nobody_else)
    (one,) = (await mara.call(ops_incidents.read, incident=incident)).deliveries
    assert (one.state, one.error) == ("waiting", "Its host is none of the public internet.")
    assert telling(world.app).webhooks == {}
