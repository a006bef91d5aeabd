import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message

import rpc
import rpc.http
from rpc import Kind
from tests.rpc.desk import PERSON, Desk
from tests.rpc.test_dispatcher import running

JSON = {"content-type": "application/json"}
CALL = json.dumps({"jsonrpc": "2.0", "method": "desk.reply", "params": {"number": 7, "body": "x"}, "id": 1}).encode()


@dataclass
class Exchange:
    """One request to the ASGI application: the pieces it comes in, how much was read, what came back."""

    chunks: Iterable[bytes] = (CALL,)
    headers: dict[str, str] = field(default_factory=lambda: JSON)
    verb: str = "POST"
    hangs: bool = False
    gone: bool = False
    read: int = 0
    sent: list[Message] = field(default_factory=list)

    async def with_(self, desk: Desk, credential_of: Any = lambda request: PERSON) -> "Exchange":
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        scope = {"type": "http", "method": self.verb, "path": "/rpc", "query_string": b"", "headers": headers}
        self._messages = self._stream()
        await rpc.http.Endpoint(desk.dispatcher, credential_of)(scope, self.receive, self.send)
        return self

    async def _stream(self) -> AsyncIterator[Message]:
        for chunk in self.chunks:
            self.read += len(chunk)
            yield {"type": "http.request", "body": chunk, "more_body": True}
        if self.hangs:
            await asyncio.sleep(5)
        yield ({"type": "http.disconnect"} if self.gone else {"type": "http.request", "body": b"", "more_body": False})

    async def receive(self) -> Message:
        return await anext(self._messages)

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def answered(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def content(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])

    @property
    def code(self) -> str:
        return str(json.loads(self.content)["error"]["data"]["code"])


async def test_a_call_is_answered(desk: Desk) -> None:
    exchange = await Exchange().with_(desk)
    assert (exchange.status, json.loads(exchange.content)["result"]["number"]) == (200, 7)
    assert exchange.answered["content-type"] == "application/json"
    assert exchange.answered["cache-control"] == "no-store"
    assert exchange.answered["x-content-type-options"] == "nosniff"


async def test_a_single_call_has_the_status_of_its_error(desk: Desk) -> None:
    exchange = await Exchange([CALL.replace(b"desk.reply", b"desk.sweep")]).with_(desk)
    assert (exchange.status, exchange.code) == (404, "method_not_found")


async def test_a_batch_is_200_and_a_notification_204(desk: Desk) -> None:
    batch = await Exchange([b"[" + CALL.replace(b"desk.reply", b"desk.sweep") + b"]"]).with_(desk)
    assert (batch.status, len(json.loads(batch.content))) == (200, 1)
    notification = await Exchange([CALL.replace(b', "id": 1', b"")]).with_(desk)
    assert (notification.status, notification.content) == (204, b"")
    assert "content-type" not in notification.answered


@pytest.mark.parametrize("verb", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_other_verbs_are_refused(desk: Desk, verb: str) -> None:
    exchange = await Exchange(verb=verb).with_(desk)
    assert (exchange.status, exchange.answered["allow"], exchange.read) == (405, "POST", 0)
    assert desk.seen == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": ""},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json, text/plain"},
        {"content-type": "application/jsonp"},
        JSON | {"content-encoding": "gzip"},
    ],
)
@pytest.mark.asvs("V3.5.1")
async def test_only_json_is_read(desk: Desk, headers: dict[str, str]) -> None:
    """What a foreign page can send without asking first is not JSON."""
    exchange = await Exchange(headers=headers).with_(desk)
    assert (exchange.status, exchange.code, exchange.read) == (415, "unsupported_media_type", 0)


@pytest.mark.parametrize(
    "value", ["application/json", "Application/JSON; charset=utf-8", 'application/json;charset="UTF-8"']
)
async def test_json_may_say_that_it_is_utf_8(desk: Desk, value: str) -> None:
    assert (await Exchange(headers={"content-type": value}).with_(desk)).status == 200


@pytest.mark.parametrize("length", [str(1024**2 + 1), "9" * 5000])
@pytest.mark.flaw("osTicket CVE-2023-30082")
async def test_a_length_that_is_too_large_is_refused_before_a_byte_is_read(desk: Desk, length: str) -> None:
    exchange = await Exchange(headers=JSON | {"content-length": length}).with_(desk)
    assert (exchange.status, exchange.read, exchange.answered["connection"]) == (413, 0, "close")


@pytest.mark.parametrize("length", ["-1", "1e3", "\u0663", "", "0x10", "1, 1"])
async def test_a_length_that_is_no_number_is_refused(desk: Desk, length: str) -> None:
    exchange = await Exchange(headers=JSON | {"content-length": length}).with_(desk)
    assert (exchange.status, exchange.read) == (400, 0)


@pytest.mark.parametrize("headers", [JSON, JSON | {"content-length": "10"}])
async def test_reading_ends_at_the_limit(desk: Desk, headers: dict[str, str]) -> None:
    """Whether or not the length was told, or told truly."""
    exchange = await Exchange((b" " * 100_000 for _ in range(1000)), headers).with_(desk)
    assert (exchange.status, exchange.read) == (413, 1_100_000)


async def test_a_body_of_exactly_the_limit_is_read(desk: Desk) -> None:
    body = CALL + b" " * (1024**2 - len(CALL))
    assert (await Exchange([body], JSON | {"content-length": str(1024**2)}).with_(desk)).status == 200


async def test_a_body_that_never_ends_is_given_up() -> None:
    exchange = await Exchange([b"{"], hangs=True).with_(Desk(limits=rpc.Limits(seconds=0.02)))
    assert (exchange.status, exchange.code) == (408, "too_slow")


async def test_nobody_is_answered_who_has_gone(desk: Desk) -> None:
    exchange = await Exchange([b"{"], gone=True).with_(desk)
    assert (exchange.sent, desk.seen) == ([], [])


async def test_whom_the_credential_refuses_is_not_read(desk: Desk) -> None:
    def credential_of(request: Request) -> rpc.Credential:
        raise rpc.Unauthenticated

    exchange = await Exchange().with_(desk, credential_of)
    assert (exchange.status, exchange.code, exchange.read) == (401, "unauthenticated", 0)
    assert exchange.answered["www-authenticate"] == "Bearer"


async def test_the_credential_comes_from_the_request(desk: Desk) -> None:
    def credential_of(request: Request) -> rpc.Credential:
        return rpc.Credential(kind=Kind.TOKEN, secret=request.headers["authorization"], request_id="r-2")

    await Exchange(headers=JSON | {"authorization": "Bearer x"}).with_(desk, credential_of)
    assert (desk.seen[0].kind, desk.seen[0].request_id) == (Kind.TOKEN, "r-2")


def test_it_is_mounted_as_a_route(desk: Desk) -> None:
    app = Starlette(routes=[Route("/rpc", rpc.http.Endpoint(desk.dispatcher, lambda request: PERSON))])
    client = TestClient(app)
    assert client.post("/rpc", content=CALL, headers=JSON).json()["result"]["number"] == 7
    assert client.get("/rpc").status_code == 405


async def test_retry_after_is_a_header() -> None:
    async def busy() -> None:
        raise rpc.Unavailable(retry_after=9)

    exchange = await Exchange(
        [CALL.replace(b"desk.reply", b"desk.run").replace(b'"number": 7, "body": "x"', b"")]
    ).with_(Desk([running(busy)]))
    assert (exchange.status, exchange.answered["retry-after"]) == (503, "9")
