"""Cookies and cursors that no program of ours has made, over HTTP, at the whole application."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from seldesk.app.http import Server, http_server, listening
from seldesk.methods.desk import tickets
from seldesk.web.application import ACCOUNT, DESK, OWN, PORTAL, SETTINGS, SITE
from seldesk.web.console.routes import CONSOLE
from seldesk.web.settings.panel import PANEL
from tests.staff import hired
from tests.web.test_once import session
from tests.web.visitor import FROM_OUR_PAGE, method_of
from tests.world import CLEO, World

pytestmark = pytest.mark.asyncio(loop_scope="module")

ACME, CONSOLE_HOST, SITE_HOST = "acme.localhost:8080", "ops.localhost:8080", "localhost:8080"
COOKIES = ("session", "request", "form", "staff", "access", "entry", "device", "sign_up", "proof", "language")
NOT_OURS = {
    "letters of another alphabet": "séance-漢字".encode(),
    "no UTF-8": b"\xff\xfe\xed\xa0\x80",
    "huge": b"x" * 50_000,
    "huge and signed": b"." * 20_000 + b":" * 20_000,
    "an open quote": b'"abc',
    "quoted octals": b'"\\000\\377\\"',
    "nothing": b"",
    "spaces and signs": b"= , / <script> %00 %ff",
}


@dataclass
class Doors:
    world: World
    port: int
    ann: str
    mara: str

    def at(self, host: str) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", headers={"Host": host, **FROM_OUR_PAGE})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def doors(world: World) -> AsyncIterator[Doors]:
    """Acme has two tickets, so that a list has a next page."""
    for subject in ("Smoke", "Fire"):
        await world.acme.by_token("ann")(tickets.open, subject=subject, body="It smokes.", requester_email=CLEO)
    mara = (await hired(world, "support", "security", "operations")).token
    socket = listening("127.0.0.1", 0)
    server = Server(http_server(world.app.web(), "127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[socket]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield Doors(world, socket.getsockname()[1], await session(world.acme, "bo"), mara)
    server.should_exit = True
    await serving


def is_clear(answer: httpx2.Response) -> bool:
    return answer.status_code < 500


@pytest.mark.long
@pytest.mark.parametrize("value", NOT_OURS.values(), ids=NOT_OURS)
@pytest.mark.parametrize("host", [ACME, SITE_HOST, CONSOLE_HOST])
async def test_a_cookie_that_is_not_ours_is_passed_over(doors: Doors, host: str, value: bytes) -> None:
    pages = {ACME: ("/", "/desk/tickets", "/desk/sign-in"), SITE_HOST: ("/", "/sign-up/progress")}
    async with doors.at(host) as client:
        for name in COOKIES:
            headers = [(b"X-Seldesk", b"1"), (b"Cookie", b"other=a; %s=%s; =;;" % (name.encode(), value))]
            for page in pages.get(host, ("/", "/sign-in")):
                assert is_clear(await client.get(page, headers=headers)), (name, page)
            assert is_clear(await client.post("/rpc", json={}, headers=headers)), name


@pytest.mark.parametrize("length", [1, 20, -1])
async def test_a_torn_session_is_nobodys(doors: Doors, length: int) -> None:
    for host, name, whole, page in (
        (ACME, "session", doors.ann, "/desk/tickets"),
        (CONSOLE_HOST, "staff", doors.mara, "/customers"),
    ):
        async with doors.at(host) as client:
            assert (await client.get(page, headers={"Cookie": f"{name}={whole}"})).status_code == 200
            torn = await client.get(page, headers={"Cookie": f"{name}={whole[:length]}"})
            assert torn.status_code == 303
            assert "/sign-in" in torn.headers["location"]


async def cursors(doors: Doors) -> dict[str, str]:
    """What may stand in an address; of one that is ours, and of what is made of it."""
    ours = (await doors.world.acme.by_token("ann")(tickets.list, size=1)).next
    assert ours is not None
    return {
        "torn": ours[: len(ours) // 2],
        "another letter": ours[:-2] + ("A" if ours[-2] != "A" else "B") + ours[-1],
        "twice": ours + ours,
        "letters of another alphabet": "%E6%BC%A2%C3%A9",
        "NUL": "%00",
        "no UTF-8": "%FF%FE",
        "half a letter": "%ED%A0%80",
        "signs": "%27%22%3C%3E%3B--%5C",
        "huge": "A" * 30_000,
    }


def listed(*routes: Any) -> list[str]:
    pages = [route.path for route in routes if method_of(route) == "GET" and not re.search("[{]", route.path)]
    # One never ends, the other is a file that a worker writes.
    return [page for page in dict.fromkeys(pages) if page not in ("/live", "/status", "/status.atom")]


@pytest.mark.long
async def test_a_cursor_that_is_not_ours_is_refused_on_every_page(doors: Doors) -> None:
    refused = set()
    for host, cookie, pages in (
        (ACME, f"session={doors.ann}", listed(*PORTAL, *ACCOUNT, *OWN, *DESK, *SETTINGS, *PANEL)),
        (CONSOLE_HOST, f"staff={doors.mara}", listed(*CONSOLE)),
        (SITE_HOST, "", listed(*SITE)),
    ):
        async with doors.at(host) as client:
            for kind, cursor in (await cursors(doors)).items():
                for page in pages:
                    answer = await client.get(f"{page}?cursor={cursor}", headers={"Cookie": cookie})
                    assert is_clear(answer), (kind, host, page)
                    if 400 <= answer.status_code < 500:
                        refused.add(page)
    assert {"/desk/tickets", "/disclosures"} <= refused


async def test_a_program_is_told_which_argument_it_was(doors: Doors) -> None:
    token = doors.world.acme.tokens["ann"]
    async with doors.at(ACME) as client:
        for kind, cursor in {**await cursors(doors), "a lone surrogate": "\\ud800", "a NUL": "\\u0000"}.items():
            body = f'{{"jsonrpc": "2.0", "id": 1, "method": "tickets.list", "params": {{"cursor": "{cursor}"}}}}'
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            answer = await client.post("/rpc", content=body, headers=headers)
            assert is_clear(answer), kind
            told = json.loads(answer.content)["error"]
            assert told["code"] in (-32602, -32600, -32700), kind
