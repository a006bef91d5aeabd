"""The doors of HTTP, spoken to byte for byte by a client that means no good."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import pytest_asyncio
import uvicorn

from seldesk.app.http import BoundedHttp, http_server
from seldesk.methods.desk.shapes.tickets import File
from tests.web.stage import SESSION, Stage, answers, edge

pytestmark = pytest.mark.asyncio(loop_scope="module")
HEAD = (
    b"POST /rpc HTTP/1.1\r\nHost: acme.localhost:8000\r\nCookie: session=" + SESSION.encode() + b"\r\nX-Seldesk: 1\r\n"
)
CALL = b'{"jsonrpc":"2.0","id":1,"method":"people.sessions","params":{}}'
SMUGGLED = (
    b"GET /desk/tickets HTTP/1.1\r\nHost: acme.localhost:8000\r\nCookie: session=" + SESSION.encode() + b"\r\n\r\n"
)


@asynccontextmanager
async def serving(stage: Stage, protocol: type[BoundedHttp] = BoundedHttp) -> AsyncIterator[int]:
    """The port of the server, with the settings with which it is deployed."""
    server = uvicorn.Server(http_server(edge(stage), "127.0.0.1", 0))
    server.config.http = protocol
    server.config.lifespan = "off"
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage(answers=answers())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def port(stage: Stage) -> AsyncIterator[int]:
    async with serving(stage) as number:
        yield number


async def heard(port: int, sent: bytes) -> tuple[bytes, bool]:
    """All that comes back within a moment, and whether the connection was closed then."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    said, closed = b"", False
    try:
        async with asyncio.timeout(0.4):
            while part := await reader.read(65536):
                said += part
            closed = True
    except TimeoutError:
        pass
    except ConnectionError:
        closed = True
    writer.close()
    return said, closed


BODY = b"Content-Type: application/json\r\n"
CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(CALL), CALL)
UNCLEAR = {
    "both": HEAD + BODY + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKED + SMUGGLED,
    "both turned": HEAD + BODY + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + CHUNKED + SMUGGLED,
    "two lengths": HEAD + BODY + b"Content-Length: %d\r\nContent-Length: 4\r\n\r\n" % len(CALL) + CALL + SMUGGLED,
    "a list of lengths": HEAD + BODY + b"Content-Length: %d, 4\r\n\r\n" % len(CALL) + CALL + SMUGGLED,
    "an unknown coding": HEAD + BODY + b"Transfer-Encoding: xchunked\r\n\r\n" + CHUNKED + SMUGGLED,
    "a coding that is hidden": HEAD + BODY + b"Transfer-Encoding : chunked\r\n\r\n" + CHUNKED + SMUGGLED,
    "chunked twice": HEAD + BODY + b"Transfer-Encoding: chunked, identity\r\n\r\n" + CHUNKED + SMUGGLED,
    "a length with a sign": HEAD + BODY + b"Content-Length: +%d\r\n\r\n" % len(CALL) + CALL + SMUGGLED,
    "bare line feeds": (HEAD + BODY + b"Content-Length: %d\r\n\r\n" % len(CALL)).replace(b"\r\n", b"\n") + CALL,
    "a folded header": HEAD + BODY + b"X-Y: a\r\n Content-Length: 4\r\nContent-Length: %d\r\n\r\n" % len(CALL) + CALL,
    "a chunk without its end": HEAD
    + BODY
    + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%sXX0\r\n\r\n" % (len(CALL), CALL),
    "a chunk's size of nonsense": HEAD
    + BODY
    + b"Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n"
    + SMUGGLED,
}


async def test_a_request_with_a_clear_end_is_answered(stage: Stage, port: int) -> None:
    for body in (b"Content-Length: %d\r\n\r\n" % len(CALL) + CALL, b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKED):
        said, closed = await heard(port, HEAD + BODY + body)
        assert said.startswith(b"HTTP/1.1 4"), "the stage has no such method"
        assert b"method_not_found" in said
        assert not closed


@pytest.mark.parametrize("how", UNCLEAR)
@pytest.mark.asvs("V4.2.1")
async def test_a_request_whose_end_is_unclear_is_refused_and_the_connection_closed(
    stage: Stage, port: int, how: str
) -> None:
    stage.calls.clear()
    said, closed = await heard(port, UNCLEAR[how])
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1
    assert closed
    assert stage.calls == []


@pytest.mark.asvs("V3.4.2", "V3.4.3", "V3.4.4", "V3.2.1")
@pytest.mark.parametrize(
    ("request_line", "host", "status"),
    [
        ("GET /nothing", "acme.localhost:8000", 404),
        ("GET /desk/tickets/0", "acme.localhost:8000", 404),
        ("PUT /desk/tickets/1", "acme.localhost:8000", 403),
        ("POST /desk/sign-in", "acme.localhost:8000", 403),
        ("OPTIONS /rpc", "acme.localhost:8000", 405),
        ("POST /rpc", "acme.localhost:8000", 403),
        ("GET /", "evil.example", 404),
        ("GET /", "two hosts", 400),
        ("GET /desk/sign-in", "soon.localhost:8000", 503),
        ("GET /healthz", "evil.example", 200),
        ("GET /static/v/css/base.css", "acme.localhost:8000", 200),
        ("GET /static/v/nothing.css", "acme.localhost:8000", 404),
        ("GET /attachments/x", "acme.localhost:8000", 404),
        ("GET /a-token", "acme.files.localhost:8000", 200),
        ("GET http://evil.example/desk/sign-in", "acme.localhost:8000", 200),
    ],
)
async def test_no_answer_is_without_its_headers_or_for_another_site(
    port: int, request_line: str, host: str, status: int
) -> None:
    """Also errors, files and probes; whatever the request says of where it comes from."""
    for origin in ("http://evil.example", "null"):
        sent = (
            f"{request_line} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: session={SESSION}\r\n"
            "Access-Control-Request-Method: POST\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        said, _ = await heard(port, sent.encode())
        head = said.partition(b"\r\n\r\n")[0].decode().lower()
        assert head.startswith(f"http/1.1 {status}"), head
        assert re.search(r"^content-security-policy: default-src 'none'", head, re.MULTILINE)
        assert "\r\nx-content-type-options: nosniff" in head
        assert "\r\nreferrer-policy: " in head
        assert "access-control-" not in head
        assert "evil" not in head


@pytest.mark.flaw("Starlette CVE-2025-62727")
async def test_ranges_of_a_file_cost_nothing(stage: Stage, port: int) -> None:
    stage.answers["attachments.download"] = File("a.bin", "application/pdf", b"x" * 2**20)
    ranges = ",".join(f"{at}-" for at in range(5000))
    started = asyncio.get_running_loop().time()
    said, _ = await heard(
        port,
        f"GET /a-token HTTP/1.1\r\nHost: acme.files.localhost:8000\r\nRange: bytes={ranges}\r\n"
        "Connection: close\r\n\r\n".encode(),
    )
    assert asyncio.get_running_loop().time() - started < 0.4
    assert len(said) < 2**20 + 2000
    stage.answers["attachments.download"] = answers()["attachments.download"]


@pytest.mark.flaw("osTicket CVE-2023-30082", "Starlette CVE-2024-47874")
@pytest.mark.asvs("V5.2.1", "V15.2.2")
async def test_what_says_that_it_is_too_large_is_refused_before_it_comes(stage: Stage, port: int) -> None:
    """Only the head is sent: the answer waits for no body. A browser may send on, unheard, to read what is wrong."""
    stage.calls.clear()
    for path, headers, length in (
        ("/desk/sign-in", "Content-Type: application/x-www-form-urlencoded", 10 * 2**20),
        ("/forgot", "Content-Type: application/x-www-form-urlencoded", 10 * 2**20),
        ("/desk/tickets", "Content-Type: multipart/form-data; boundary=b", 2**30),
        ("/requests", "Content-Type: multipart/form-data; boundary=b", 2**30),
        ("/rpc", "Content-Type: application/json\r\nX-Seldesk: 1", 2**30),
    ):
        sent = (
            f"POST {path} HTTP/1.1\r\nHost: acme.localhost:8000\r\nOrigin: http://acme.localhost:8000\r\n{headers}\r\n"
            f"Cookie: session={SESSION}\r\nContent-Length: {length}\r\n\r\n"
        )
        said, closed = await heard(port, sent.encode())
        assert said.startswith(b"HTTP/1.1 413 "), path
        assert closed is (path == "/rpc"), path
    assert stage.calls == []


@pytest.mark.flaw("osTicket CVE-2023-30082")
@pytest.mark.asvs("V6.3.1")
@pytest.mark.parametrize("path", ["/desk/sign-in", "/sign-in", "/forgot", "/reset/a-token", "/rpc"])
async def test_a_password_of_ten_megabytes_is_refused_within_50_ms(stage: Stage, port: int, path: str) -> None:
    """The quickest of five: what else runs on this machine is no business of the server's."""
    media = "application/json" if path == "/rpc" else "application/x-www-form-urlencoded"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: acme.localhost:8000\r\nOrigin: http://acme.localhost:8000\r\n"
        f"Authorization: Bearer sdt_x\r\nContent-Type: {media}\r\nContent-Length: {10 * 2**20}\r\n\r\npassword="
    )
    loop, took = asyncio.get_running_loop(), []
    for _ in range(5):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        began = loop.time()
        writer.write(head.encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
        took.append(loop.time() - began)
        writer.close()
    assert min(took) < 0.05


START = b"GET /desk/sign-in HTTP/1.1\r\nHost: acme.localhost:8000\r\n"
ENDLESS = {
    "one header": (START + b"X-Y: ", b"y" * 4096),
    "the name of a header": (START, b"y" * 4096),
    "headers": (START, b"X-Y: y\r\n" * 512),
    "an address": (b"GET /", b"y" * 4096),
    "trailers": (HEAD + BODY + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n", b"X-Y: y\r\n" * 512),
    "an extension of a chunk": (HEAD + BODY + b"Transfer-Encoding: chunked\r\n\r\n1;", b"y" * 4096),
}


@pytest.mark.parametrize("what", ENDLESS)
@pytest.mark.asvs("V15.2.2")
async def test_what_never_ends_is_cut_off(stage: Stage, port: int, what: str) -> None:
    """Nothing is kept of it but what a proxy would let through, and the next one is served."""
    start, part = ENDLESS[what]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(start)
    sent = 0
    with suppress(ConnectionError):
        while not reader.at_eof() and sent < 2**22:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)
            sent += len(part)
    writer.close()
    assert sent < 2**22
    said, _ = await heard(port, START + b"Connection: close\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 200 ")


@pytest.mark.asvs("V15.2.2")
async def test_a_head_that_does_not_come_is_not_waited_for(stage: Stage) -> None:
    async with serving(stage, Hasty) as number:
        for sent in (b"", START, START + b"\r\n" + START):
            said, closed = await heard(number, sent)
            assert closed
            assert said.count(b"HTTP/1.1 200 ") == sent.count(b"\r\n\r\n")


async def test_a_long_body_and_a_slow_answer_are_no_head(stage: Stage) -> None:
    async with serving(stage, Hasty) as number:
        body = b'{"jsonrpc":"2.0","id":1,"method":"' + b"x" * 500_000 + b'"}'
        reader, writer = await asyncio.open_connection("127.0.0.1", number)
        writer.write(HEAD + BODY + b"Content-Length: %d\r\n\r\n" % len(body))
        for at in range(0, len(body), 50_000):
            await asyncio.sleep(0.03)
            writer.write(body[at : at + 50_000])
        assert (await reader.readline()).startswith(b"HTTP/1.1 404 ")
        writer.close()


class Hasty(BoundedHttp):
    head_seconds = 0.2
