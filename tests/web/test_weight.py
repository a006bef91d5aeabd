"""What a page weighs on the line, fonts aside: counted in the bytes of a real server."""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio
import uvicorn

from seldesk.app.http import http_server
from tests.web import panel
from tests.web.crowd import full
from tests.web.stage import LINK, SESSION, Stage, edge

pytestmark = pytest.mark.asyncio(loop_scope="module")
FIRST, LATER = 100_000, 30_000
GZIP = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"}
PAGES = [
    "/desk/tickets?view=all",
    "/desk/tickets/4821",
    "/desk/tickets/new",
    "/desk/search?query=invoice",
    "/desk/profile",
    "/tickets/4821",
    "/sign-in",
    *panel.PAGES.values(),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[httpx2.AsyncClient]:
    """Asks a server that is set up as deployed, on which everything is full."""
    server = uvicorn.Server(http_server(edge(Stage(answers=full())), "127.0.0.1", 0))
    server.config.lifespan = "off"
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    cookies = {"session": SESSION, "request": LINK}
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", cookies=cookies) as client:
        client.headers["Host"] = f"acme.localhost:{port}"
        yield client
    server.should_exit = True
    await serving


async def sent(
    browser: httpx2.AsyncClient, path: str, headers: dict[str, str] = GZIP
) -> tuple[int, httpx2.Headers, bytes]:
    """The bytes of an answer, as they travel, and what they mean."""
    async with browser.stream("GET", path, headers=headers) as answer:
        assert answer.status_code in (200, 206)
        raw = b"".join([part async for part in answer.aiter_raw()])
        packed = answer.headers.get("content-encoding") == "gzip"
        return len(raw), answer.headers, zlib.decompress(raw, wbits=31) if packed else raw


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_light_on_the_line(browser: httpx2.AsyncClient, path: str) -> None:
    size, headers, page = await sent(browser, path)
    assert headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in headers["vary"]
    assert b"</html>" in page
    assert size < LATER, size
    brought = {file.partition("#")[0] for file in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.decode())}
    assert brought
    first = size
    for file in brought:
        if not file.endswith(".woff2"):
            first += (await sent(browser, file))[0]
    assert first < FIRST


async def test_packed_is_what_would_have_come_otherwise(browser: httpx2.AsyncClient) -> None:
    for file in ("desk.js", "css/pages.css", "vendor/icons.svg"):
        small, headers, content = await sent(browser, f"/static/v/{file}")
        size, plain, same = await sent(browser, f"/static/v/{file}", {"Accept-Encoding": "identity"})
        assert (content, headers["content-type"]) == (same, plain["content-type"])
        assert small < size / 2
        assert "content-encoding" not in plain


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_what_another_site_asks_for_has_its_true_size(browser: httpx2.AsyncClient, site: str) -> None:
    """Packed pages with words of the asker in them would tell of the rest by their sizes."""
    _, headers, _ = await sent(browser, "/desk/search?query=guess", GZIP | {"Sec-Fetch-Site": site})
    assert "content-encoding" not in headers


async def test_the_same_text_has_many_sizes(browser: httpx2.AsyncClient) -> None:
    sizes = {(await sent(browser, "/static/v/css/base.css"))[0] for _ in range(12)}
    assert len(sizes) > 4


async def test_files_fonts_and_calls_are_not_packed(browser: httpx2.AsyncClient) -> None:
    _, font, _ = await sent(browser, "/static/v/vendor/inter/files/inter-latin-wght-normal.woff2")
    _, part, _ = await sent(browser, "/static/v/desk.js", GZIP | {"Range": "bytes=0-1999"})
    host = {"Host": browser.headers["Host"].replace("acme.", "acme.files.")}
    _, file, _ = await sent(browser, "/a-token", GZIP | host)
    for headers in (font, part, file):
        assert "content-encoding" not in headers
    assert part["content-range"].startswith("bytes 0-1999/")
